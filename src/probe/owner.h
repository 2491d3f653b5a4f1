/* SPDX-License-Identifier: MIT */
/*
 * Who has each block of pages, with page_owner=on: what was asked for, by which thread,
 * when, and from where it was called. /sys/kernel/debug/page_owner shows it.
 *
 * A table has a record for each frame, in a reservation of its own that the host
 * commits where a block's record is first written; so booting takes no longer, and a
 * machine with page_owner=off has none. What happens to a block:
 *
 *   owner_set       it is handed out: its first frame's record is filled
 *   owner_split     it becomes single frames: each gets the record, of order 0
 *   owner_copy      its contents have moved to another frame, and the record follows
 *   owner_migrated  contents have moved here by their owner's work: only the reason does
 *   owner_reset     it comes back: each frame notes the time, and is nobody's
 *
 * The page room calls these where Linux does. With page_owner=off each is one test of
 * a word that lies in the cache line of the room's own pointer.
 *
 * Invariant: a record is `allocated` only at the first frame of a block that is in use,
 * and says its order. Linux fills the records of all frames of a block; nobody sees
 * those behind the first before the block is split, and here they are filled then.
 *
 * No lock. A record is written by whoever has the frame: the thread that was just given
 * it, or that gives it back and has not yet put it on a list. Those that read the table
 * meanwhile take none either: a record's version is odd while it is being filled, and a
 * copy during which it changed counts as nothing. So a record that is read is of one
 * block, whole, and possibly of one that was just freed. After a fork the child's
 * table is the host's copy.
 *
 * Source: Linux 6.1 mm/page_owner.c.
 */
#ifndef PROBE_OWNER_H
#define PROBE_OWNER_H

#include <kalloc/gfp.h>

#include "machine.h"
#include "stack.h"

#define OWNER_NOT_MIGRATED (-1)

struct owner_record {
	u64 version;	   /* rises as it is filled; odd: it is being filled; 0: never was */
	u64 ts_ns;	   /* when the block was handed out */
	u64 free_ts_ns;	   /* when the frame last came back; 0: never */
	gfp_t gfp;	   /* as the caller's scopes narrowed it */
	int pid, tgid;	   /* the thread's number, and its process's */
	u8 order;	   /* of the block */
	u8 nr_stack;	   /* entries of stack */
	s8 migrate_reason; /* enum migrate_reason of page, or OWNER_NOT_MIGRATED */
	bool allocated;
	char comm[16];
	unsigned long stack[STACK_DEPTH];
};

/*
 * Give @m a table for frames 0 .. @nr_frames - 1 / take it away, if it has one.
 * Return: 0, or -ENOMEM if the host refuses the address space.
 */
int owner_boot(struct kalloc_machine *m, unsigned long nr_frames);
void owner_halt(struct kalloc_machine *m);

/*
 * Copy the record of the block in use that begins with frame @pfn. Return: false if
 * there is none.
 */
bool owner_read(const struct kalloc_machine *m, unsigned long pfn, struct owner_record *copy);

/* What the functions below do where there is a table. */
void owner_fill(struct owner_table *table, unsigned long pfn, unsigned int order, gfp_t gfp);
void owner_clear(struct owner_table *table, unsigned long pfn, unsigned int order);
void owner_spread(struct owner_table *table, unsigned long pfn, unsigned int order);
void owner_move(struct owner_table *table, unsigned long from, unsigned long to, int reason);
void owner_note_reason(struct owner_table *table, unsigned long pfn, int reason);

static inline void owner_set(const struct kalloc_machine *m, unsigned long pfn, unsigned int order,
			     gfp_t gfp)
{
	if (unlikely(m->owners != NULL))
		owner_fill(m->owners, pfn, order, gfp);
}

static inline void owner_reset(const struct kalloc_machine *m, unsigned long pfn,
			       unsigned int order)
{
	if (unlikely(m->owners != NULL))
		owner_clear(m->owners, pfn, order);
}

static inline void owner_split(const struct kalloc_machine *m, unsigned long pfn,
			       unsigned int order)
{
	if (unlikely(m->owners != NULL))
		owner_spread(m->owners, pfn, order);
}

static inline void owner_copy(const struct kalloc_machine *m, unsigned long from, unsigned long to,
			      int reason)
{
	if (unlikely(m->owners != NULL))
		owner_move(m->owners, from, to, reason);
}

static inline void owner_migrated(const struct kalloc_machine *m, unsigned long pfn, int reason)
{
	if (unlikely(m->owners != NULL))
		owner_note_reason(m->owners, pfn, reason);
}

#endif
