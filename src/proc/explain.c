/* SPDX-License-Identifier: MIT */
/*
 * A record of notes as text, a line each: what is on a request's way two blanks further in
 * than the request, and what an attempt met two more. What says nothing new is left out: an
 * attempt that meets just what the one before met, rounds like the one before, and what an
 * area or a cache asks for besides unless that fails.
 */
#include <kalloc/explain.h>

#include "words.h"

struct telling {
	const struct kalloc_explain *record;
	struct text text;
	unsigned int at;    /* the next note */
	unsigned int order; /* of the request for pages under way */
	unsigned int round; /* the round that was told last; 0: none */
	unsigned int step;  /* the attempt */
};

/* NULL behind the last. */
static const struct kalloc_note *note_at(const struct telling *telling, unsigned int i)
{
	return i < telling->record->nr_notes ? &telling->record->notes[i] : NULL;
}

static bool is_begin(const struct kalloc_note *note)
{
	return note->kind == KALLOC_NOTE_PAGES || note->kind == KALLOC_NOTE_OBJECT ||
	       note->kind == KALLOC_NOTE_AREA || note->kind == KALLOC_NOTE_CACHE;
}

static bool is_end(const struct kalloc_note *note)
{
	return note->kind == KALLOC_NOTE_PAGES_END || note->kind == KALLOC_NOTE_OBJECT_END ||
	       note->kind == KALLOC_NOTE_AREA_END || note->kind == KALLOC_NOTE_CACHE_END;
}

/* What an attempt meets. */
static bool is_of_step(const struct kalloc_note *note)
{
	return note->kind == KALLOC_NOTE_ZONE || note->kind == KALLOC_NOTE_STEAL ||
	       note->kind == KALLOC_NOTE_REFILL || note->kind == KALLOC_NOTE_TAKEN;
}

static void add_line(struct telling *telling, const struct kalloc_note *note, const char *end)
{
	text_add(&telling->text, "%*s", 2 * (note->level + is_of_step(note)), "");
	words_add(&telling->text, note, telling->order);
	text_add(&telling->text, "%s\n", end);
}

/* --- what says nothing new --------------------------------------------------- */

static bool notes_alike(const struct kalloc_note *a, const struct kalloc_note *b)
{
	char buf[2][512];
	struct text text[2] = { text_on(buf[0], sizeof(buf[0])), text_on(buf[1], sizeof(buf[1])) };

	if (a->kind != b->kind || a->level != b->level)
		return false;
	words_add(&text[0], a, 0);
	words_add(&text[1], b, 0);
	return strcmp(buf[0], buf[1]) == 0;
}

/* The notes in (@a, @a_end) and in (@b, @b_end). */
static bool spans_alike(const struct telling *telling, unsigned int a, unsigned int a_end,
			unsigned int b, unsigned int b_end)
{
	if (a_end - a != b_end - b)
		return false;
	while (++a < a_end) {
		if (!notes_alike(note_at(telling, a), note_at(telling, ++b)))
			return false;
	}
	return true;
}

/* The first note behind the attempt at @i. */
static unsigned int step_end(const struct telling *telling, unsigned int i)
{
	while (note_at(telling, ++i) && is_of_step(note_at(telling, i)))
		;
	return i;
}

/* The first note behind the round at @i. */
static unsigned int round_end(const struct telling *telling, unsigned int i)
{
	const struct kalloc_note *first = note_at(telling, i), *note;

	while ((note = note_at(telling, ++i))) {
		if (note->level < first->level ||
		    (note->level == first->level && note->kind == KALLOC_NOTE_ROUND))
			break;
	}
	return i;
}

/* The END of the request that begins at @i; behind the last note if that was lost. */
static unsigned int request_end(const struct telling *telling, unsigned int i)
{
	const struct kalloc_note *begin = note_at(telling, i), *note;

	while ((note = note_at(telling, ++i))) {
		if (is_end(note) && note->level == begin->level)
			break;
	}
	return i;
}

/* --- telling ----------------------------------------------------------------- */

static void tell_step(struct telling *telling)
{
	unsigned int before = telling->step, at = telling->at, end = step_end(telling, at);
	bool same = before && note_at(telling, before)->level == note_at(telling, at)->level &&
		    end > at + 1 &&
		    spans_alike(telling, before, step_end(telling, before), at, end);

	add_line(telling, note_at(telling, at), same ? ": the same" : ":");
	telling->step = at;
	telling->at = same ? end : at + 1;
}

static bool is_round_alike(const struct telling *telling, unsigned int i)
{
	const struct kalloc_note *note = note_at(telling, i);

	return note && note->kind == KALLOC_NOTE_ROUND && telling->round &&
	       note->level == note_at(telling, telling->round)->level &&
	       spans_alike(telling, telling->round, round_end(telling, telling->round), i,
			   round_end(telling, i));
}

/* Rounds that are like the one before, in a line; any other, as it begins. */
static void tell_round(struct telling *telling)
{
	const struct kalloc_note *first = note_at(telling, telling->at), *last = NULL;

	while (is_round_alike(telling, telling->at)) {
		last = note_at(telling, telling->at);
		telling->at = round_end(telling, telling->at);
	}
	if (!last) {
		add_line(telling, first, ":");
		telling->round = telling->at++;
	} else if (last == first) {
		add_line(telling, first, ": the same");
	} else {
		text_add(&telling->text, "%*sRounds %u to %u: the same\n", 2 * first->level, "",
			 first->number, last->number);
	}
}

/* Whether the request at @i is told only if it fails: one inside an area or a cache. */
static bool is_minor(const struct telling *telling, unsigned int i)
{
	const struct kalloc_note *note = note_at(telling, i), *before;
	const struct kalloc_note *end = note_at(telling, request_end(telling, i));

	if (!note->level || !end || !end->end.nr || note->kind == KALLOC_NOTE_AREA)
		return false;
	while (i-- > 0) {
		before = note_at(telling, i);
		if (is_begin(before) && before->level == note->level - 1)
			return before->kind == KALLOC_NOTE_AREA ||
			       before->kind == KALLOC_NOTE_CACHE;
	}
	return false;
}

static void tell_one(struct telling *telling)
{
	const struct kalloc_note *note = note_at(telling, telling->at);

	if (note->kind == KALLOC_NOTE_STEP) {
		tell_step(telling);
	} else if (note->kind == KALLOC_NOTE_ROUND) {
		tell_round(telling);
	} else if (is_begin(note) && is_minor(telling, telling->at)) {
		telling->at = request_end(telling, telling->at) + 1;
	} else {
		if (note->kind == KALLOC_NOTE_PAGES) {
			telling->order = note->pages.order;
			telling->step = telling->round = 0;
		}
		add_line(telling, note, "");
		telling->at++;
	}
}

size_t kalloc_explain_text(const struct kalloc_explain *record, char *buf, size_t size)
{
	struct telling telling = { .record = record, .text = text_on(buf, size) };

	while (telling.at < record->nr_notes) {
		/* What was lost stood before how it ended. */
		if (record->nr_lost && telling.at == record->nr_notes - 1)
			text_add(&telling.text, "(%u more notes had no room)\n", record->nr_lost);
		tell_one(&telling);
	}
	return telling.text.len;
}
