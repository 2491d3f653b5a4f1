/* SPDX-License-Identifier: MIT */
/*
 * What the tests of explained requests share: a record, the checks that every record must
 * pass, and which notes have been seen at all.
 */
#ifndef TEST_PROBE_EXPLAINING_H
#define TEST_PROBE_EXPLAINING_H

#include <kalloc/explain.h>

#include "page/owner.h"

static struct kalloc_explain record;
static bool seen[KALLOC_NOTE_FAULT + 1][16]; /* by kind and value_of() */

/* What tells notes of one kind apart. */
static inline unsigned int value_of(const struct kalloc_note *note)
{
	switch (note->kind) {
	case KALLOC_NOTE_PAGES_END:
	case KALLOC_NOTE_OBJECT_END:
	case KALLOC_NOTE_AREA_END:
	case KALLOC_NOTE_CACHE_END:
		return note->end.nr != 0;
	case KALLOC_NOTE_STEP:
		return note->step.step;
	case KALLOC_NOTE_ZONE:
		return note->zone.verdict;
	case KALLOC_NOTE_STEAL:
		return note->steal.claimed ? 2 + (note->steal.retyped != 0)
					   : note->steal.retyped != 0;
	case KALLOC_NOTE_TAKEN:
		return note->taken.from_cpu;
	case KALLOC_NOTE_KSWAPD:
		return note->kswapd.may_run ? 1 + note->kswapd.ran : 0;
	case KALLOC_NOTE_COMPACT:
		return note->compact.result;
	case KALLOC_NOTE_OOM:
		return note->oom.what;
	case KALLOC_NOTE_FROM:
		return note->from.where;
	case KALLOC_NOTE_SLAB:
		return note->slab.order != note->slab.wanted;
	case KALLOC_NOTE_SHARED:
		return note->shared.how;
	case KALLOC_NOTE_SECOND:
		return note->second.may;
	case KALLOC_NOTE_RESERVE:
		return note->reserve.taken;
	case KALLOC_NOTE_GIVE_UP:
	case KALLOC_NOTE_LACK:
		return note->number;
	default:
		return 0;
	}
}

/* The first note of a kind and value; NULL if there is none. */
static inline const struct kalloc_note *note_find(enum kalloc_note_kind kind, unsigned int value)
{
	for (unsigned int i = 0; i < record.nr_notes; i++) {
		if (record.notes[i].kind == kind && value_of(&record.notes[i]) == value)
			return &record.notes[i];
	}
	return NULL;
}

static inline char *record_text(void)
{
	static char text[65536];
	size_t len = kalloc_explain_text(&record, text, sizeof(text));

	assert_in_range(len, 0, sizeof(text) - 1);
	assert_int_equal(len, strlen(text));
	return text;
}

static inline void zone_note_check(const struct kalloc_note *note)
{
	bool enough = note->zone.free - note->zone.block - note->zone.kept >
		      note->zone.least + note->zone.protection;

	if (note->zone.mark == KALLOC_MARK_NONE)
		assert_int_equal(note->zone.verdict, KALLOC_ZONE_ALLOWS);
	else if (note->zone.verdict == KALLOC_ZONE_ALLOWS)
		assert_true(enough);
	else if (note->zone.verdict == KALLOC_ZONE_MARK)
		assert_false(enough);
	else if (note->zone.verdict == KALLOC_ZONE_PIECES)
		assert_true(enough && note->zone.block && note->zone.largest >= -1 &&
			    (1L << (note->zone.largest + 1)) - 1 <= note->zone.block);
}

/* Requests are nested, each note is a sound one, and all of it can be said. */
static inline void record_check(void)
{
	unsigned int level = 0, text_lines = 0;
	char *text = record_text();

	assert_int_equal(record.nr_lost, 0);
	assert_int_equal(record.level, 0);
	for (unsigned int i = 0; i < record.nr_notes; i++) {
		const struct kalloc_note *note = &record.notes[i];

		assert_in_range(note->kind, 0, KALLOC_NOTE_FAULT);
		seen[note->kind][value_of(note)] = true;
		if (note->kind == KALLOC_NOTE_ZONE)
			zone_note_check(note);
		if (note->kind <= KALLOC_NOTE_CACHE_END && note->kind % 2)
			level--;
		/* Inside of a request, or between two of which the second is added. */
		if (level || note->kind <= KALLOC_NOTE_CACHE_END)
			assert_in_range(note->level, level, level + 1);
		if (note->kind <= KALLOC_NOTE_CACHE_END && note->kind % 2 == 0)
			level++;
	}
	assert_int_equal(level, 0);
	while ((text = strchr(text, '\n'))) {
		text++;
		text_lines++;
	}
	assert_in_range(text_lines, record.nr_notes ? 2 : 0, record.nr_notes);
}

static struct rig rig;
static struct list_head taken = { &taken, &taken };

static inline void up(const char *cmdline)
{
	rig = rig_up(cmdline);
	kalloc_explain_start(&record);
}

/* All frames are taken, below all marks. */
static inline void exhaust(void)
{
	rig_exhaust(&taken, GFP_NOWAIT | __GFP_MEMALLOC, 0);
}

/* The record has such a note. */
static inline void assert_note(const char *scene, enum kalloc_note_kind kind, unsigned int value)
{
	if (!note_find(kind, value))
		fail_msg("%s: no note %d of %u in\n%s", scene, kind, value, record_text());
}

#endif
