/* SPDX-License-Identifier: MIT */
/* Reading owner records, for the tests of src/probe/owner.c. */
#ifndef TEST_PROBE_RECORDS_H
#define TEST_PROBE_RECORDS_H

#include <kalloc/inspect.h>

#include "page/rig.h"
#include "probe/owner.h"

/* The record of the block at @page, which has one. */
static inline struct owner_record record_of(const struct page *page)
{
	struct owner_record record;

	if (!owner_read(machine_of(page), page_to_pfn(page), &record))
		fail_msg("no record of frame %lu", page_to_pfn(page));
	return record;
}

static inline bool has_record(const struct page *page)
{
	struct owner_record record;

	return owner_read(machine_of(page), page_to_pfn(page), &record);
}

/* Whether a return address is in the stack of a record. */
static inline bool stack_has(const struct owner_record *record, const void *address)
{
	for (unsigned int i = 0; i < record->nr_stack; i++) {
		if (record->stack[i] == (unsigned long)address)
			return true;
	}
	return false;
}

static inline void count_used(void *ctx, const struct kalloc_block *block)
{
	unsigned long *nr = ctx;

	if (block->state == KALLOC_FRAMES_USED || block->state == KALLOC_FRAMES_SLAB)
		*nr += 1UL << block->order;
}

/* Every frame in use of the current machine belongs to a block with a record. */
static inline void records_check(struct kalloc_machine *m)
{
	unsigned long nr_used = 0, nr_recorded = 0;
	struct owner_record record;

	kalloc_inspect_frames(count_used, &nr_used);
	for (unsigned long pfn = 0; pfn < m->page->layout.max_pfn; pfn++) {
		if (owner_read(m, pfn, &record))
			nr_recorded += 1UL << record.order;
	}
	assert_int_equal(nr_recorded, nr_used);
}

#endif
