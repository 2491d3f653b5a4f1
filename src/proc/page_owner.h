/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/debug/page_owner: the record of each block in use (probe/owner.h), by
 * frame, for page_owner_sort of the kernel's tools. There is no such file with
 * page_owner=off.
 *
 * The records are read without locks, as in the kernel: of a block that is handed out or
 * comes back meanwhile there may be none, or one that is just over. Frames that were
 * never used, and free blocks, are passed over, so that it costs what is in use.
 *
 * The names of functions are looked up when the file is read, with no lock held.
 *
 * Differs from Linux 6.1: a function whose name is not known is a bare address. Those
 * are the library's own but for its public ones, and a program's unless it exports them
 * (-rdynamic). An offset into the file counts bytes, not frames.
 */
#ifndef PROC_PAGE_OWNER_H
#define PROC_PAGE_OWNER_H

#include "owner.h"
#include "room.h"
#include "text.h"

bool page_owner_exists(const struct kalloc_machine *m);
void page_owner_show(struct text *text, struct kalloc_machine *m);

/* What the file says of one block, but for its stack. */
struct page_owner_block {
	struct owner_record record;
	unsigned long pfn;
	unsigned int block_order; /* of a pageblock */
	enum migratetype block_type;
	unsigned long flags; /* of the first frame */
};

void page_owner_format(struct text *text, const struct page_owner_block *block);

/* page->flags as "%pGp" prints them. */
void page_owner_format_flags(struct text *text, unsigned long flags);

/* The line of why a block's contents were moved there, if they were, and the last one. */
void page_owner_format_end(struct text *text, const struct owner_record *record);

#endif
