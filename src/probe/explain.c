/* SPDX-License-Identifier: MIT */
#include "explain.h"

__thread struct kalloc_explain *explain_self __attribute__((tls_model("initial-exec")));

static void push(struct kalloc_explain *record, const struct kalloc_note *note)
{
	if (record->nr_notes == KALLOC_EXPLAIN_NOTES) {
		record->nr_lost++;
		return;
	}
	record->notes[record->nr_notes] = *note;
	record->notes[record->nr_notes++].level = (unsigned char)min(record->level, 255u);
}

cold_path void explain_add(const struct kalloc_note *note)
{
	if (explain_self->level)
		push(explain_self, note);
}

cold_path void explain_begin(const struct kalloc_note *note)
{
	struct kalloc_explain *record = explain_self;

	if (!record->level)
		record->nr_notes = record->nr_lost = 0;
	push(record, note);
	record->level++;
}

/* The last place is an END's, so that a record that is full shows how it ended. */
cold_path void explain_end(const struct kalloc_note *note)
{
	struct kalloc_explain *record = explain_self;

	record->level -= record->level > 0;
	if (!record->level && record->nr_notes == KALLOC_EXPLAIN_NOTES) {
		record->nr_notes--;
		record->nr_lost++;
	}
	push(record, note);
}

cold_path void explain_hold(void)
{
	explain_self->level++;
}

cold_path void explain_release(void)
{
	explain_self->level--;
}

void kalloc_explain_start(struct kalloc_explain *record)
{
	record->nr_notes = record->nr_lost = record->level = 0;
	explain_self = record;
	watch_update();
}

void kalloc_explain_stop(void)
{
	explain_self = NULL;
	watch_update();
}
