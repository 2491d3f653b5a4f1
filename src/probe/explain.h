/* SPDX-License-Identifier: MIT */
/*
 * Explain: the notes that a thread's request leaves in the thread's record
 * (kalloc/explain.h), and how they are kept together.
 *
 * Requests nest: vmalloc() asks for objects and frames, a cache for the frames of a slab.
 * explain_begin() and explain_end() are called in pairs around each; `level` is how many
 * are under way. The outermost one that begins forgets the one before. What is one request
 * to its caller and two here, the second because the first failed, calls explain_hold()
 * between them, so that the second is added.
 *
 * Only the thread itself writes to its record. Where there is none, each of these is a
 * look at one word of the thread's.
 */
#ifndef PROBE_EXPLAIN_H
#define PROBE_EXPLAIN_H

#include "watch.h"

static inline bool explain_on(void)
{
	return task_is_watched() && explain_self;
}

/*
 * Add a note; these are for where there is a record. One on no request's way is nobody's, and
 * left out: the library has frames of its own to take, for fragment.h.
 */
void explain_add(const struct kalloc_note *note);
void explain_begin(const struct kalloc_note *note);
void explain_end(const struct kalloc_note *note);

/* What follows belongs to the request before / up to here. */
void explain_hold(void);
void explain_release(void);

/* The request before is over, and what follows does not begin with explain_begin(). */
static inline void explain_forget(void)
{
	if (explain_on() && !explain_self->level)
		explain_self->nr_notes = explain_self->nr_lost = 0;
}

/* A place in the record / go back to it: what was noted since is not worth it. */
struct explain_place {
	unsigned int nr_notes, nr_lost;
};

static inline struct explain_place explain_place(void)
{
	if (!explain_on())
		return (struct explain_place){ 0, 0 };
	return (struct explain_place){ explain_self->nr_notes, explain_self->nr_lost };
}

static inline void explain_return(struct explain_place place)
{
	if (explain_on()) {
		explain_self->nr_notes = place.nr_notes;
		explain_self->nr_lost = place.nr_lost;
	}
}

/* Add the note with these members, if there is a record. */
#define explain(...)                                                             \
	do {                                                                     \
		if (explain_on())                                                \
			explain_add(&(const struct kalloc_note){ __VA_ARGS__ }); \
	} while (0)

#endif
