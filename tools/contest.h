/* SPDX-License-Identifier: MIT */
/*
 * One play of a transcript: a machine is booted on which the zone fits, the zone's state
 * is put in place, and the calls are made through the public functions, in order.
 *
 * The machine has two nodes: the zone is node 1's, which begins a block before the zone's
 * first frame, for there its slab objects lie. (So a zone that begins where one begins on
 * every machine, at 16 MiB or 4 GiB, finds no machine.) The daemons wait to be stepped,
 * which nobody does, and the only CPU is on node 0.
 */
#ifndef TOOLS_CONTEST_H
#define TOOLS_CONTEST_H

#include "transcript.h"

/* The zone's node. */
#define CONTEST_NODE 1

struct contest {
	const struct transcript *transcript;
	struct kalloc_machine *machine;
	struct page **pages;			      /* by id, what this machine has given */
	size_t next;				      /* the call that contest_call() makes */
	unsigned long nr_frames, nr_frames_alike;     /* calls that took, and took the same */
	unsigned long nr_failures, nr_failures_alike; /* calls that failed, and here, too */
	char why[192];				      /* it is not ready */
};

/* How contest_begin() may end. */
enum contest_status {
	CONTEST_READY,
	CONTEST_UNFIT,	 /* the starting state cannot be: the transcript is bad */
	CONTEST_NO_HOST, /* the host refuses the machine */
};

/*
 * Boot the machine and make it the current one. If it is not ready, why[] has the reason,
 * and there is nothing to end.
 */
enum contest_status contest_begin(struct contest *contest, const struct transcript *transcript);

/*
 * The same, with @put_zone in the place of kalloc_zone_import(): given @ctx and the state,
 * with its node and CPU; returns 0 or a negative errno after a message on the console.
 */
typedef int (*contest_put_t)(void *ctx, const struct kalloc_zone_state *before);
enum contest_status contest_begin_with(struct contest *contest, const struct transcript *transcript,
				       contest_put_t put_zone, void *ctx);

/* Whether there can be a machine with that zone. */
bool contest_is_possible(const struct transcript *transcript);

/*
 * Make the next call. Return: the frame that it got, 0 if it failed; for one that gives
 * back, what the transcript says.
 */
unsigned long contest_call(struct contest *contest);

/* The zone as it is now, to be given to transcript_state_fini(). */
struct kalloc_zone_state contest_state(const struct contest *contest);

void contest_end(struct contest *contest);

#endif
