/* SPDX-License-Identifier: MIT */
/*
 * The whole state of one zone that decides which frames it hands out next: to be
 * read from a machine, or put into one in its place. With it a machine can go on from
 * where another allocator stood, a real kernel's for instance, and be compared with
 * that at the end.
 *
 * The state is of one CPU: on the machine that it is read from, and on the one that it
 * is put into, the other CPUs hold no frames of the zone and have nothing unfolded.
 *
 * Frames that are on no list are in use. Whose they are is not part of the state.
 */
#ifndef KALLOC_STATE_H
#define KALLOC_STATE_H

#include <kalloc/page.h>

/* The number of enum zone_type. */
#define KALLOC_STATE_ZONES 6

/* The number of per-CPU lists: orders 0 to 3 by type, then a pageblock's two. */
#define KALLOC_STATE_LISTS 14

/* The first of the pageblock's two: the one for all types but movable. */
#define KALLOC_STATE_BLOCK_LIST 12

/* A free block on a list. */
struct kalloc_state_free {
	unsigned long pfn;
	unsigned char list; /* its order; on a CPU the number of the list, order * 3 + type */
	unsigned char migratetype; /* of the list; on a CPU the type noted on the block */
};

struct kalloc_state_block {
	unsigned long pfn; /* any frame of the pageblock */
	unsigned char migratetype;
	unsigned int nr_movable; /* frames in use that could be moved: LRU pages and the like */
};

struct kalloc_zone_state {
	/* Which zone. */
	int nid;
	unsigned char zone; /* enum zone_type */
	unsigned int cpu;

	unsigned long start_pfn;
	unsigned long spanned_pages;
	unsigned long managed_pages;

	/* Marks without the boost; frames kept from requests of each enum zone_type. */
	unsigned long mark_min, mark_low, mark_high;
	unsigned long watermark_boost;
	unsigned long lowmem_reserve[KALLOC_STATE_ZONES];
	unsigned long nr_reserved_highatomic;

	/* Free frames on the zone's lists: the zone's count, and what the CPU has not yet folded. */
	long nr_free_folded;
	long nr_free_unfolded;
	unsigned int stat_threshold; /* how far the latter may go */

	/* The CPU's lists. */
	unsigned int pcp_count; /* frames */
	unsigned int pcp_high;
	unsigned int pcp_batch;
	unsigned int pcp_free_factor;

	/* The zone's lists, and those of the CPU: each in its order from the head. */
	struct kalloc_state_free *free, *pcp;
	unsigned long nr_free, nr_pcp;

	struct kalloc_state_block *blocks; /* all, in ascending order */
	unsigned long nr_blocks;

	/* For kalloc_zone_export(): for how many there is room. */
	unsigned long max_free, max_pcp, max_blocks;
};

KALLOC_BEGIN_DECLS

/**
 * kalloc_zone_export() - read the state of a zone of the current machine
 * @state: with nid, zone, cpu, the three arrays and their max_ set (an array may be
 *	NULL if its max_ is 0); receives everything else
 *
 * The nr_ say how many entries there are, also where there was no room for them: call
 * once without arrays to learn the sizes. The arrays come list by list, in ascending
 * order of lists. Takes the zone's locks; any context.
 *
 * Return: 0; -ENOSPC if an array is too small, with all but the arrays filled; -EINVAL
 * if there is no such zone or CPU, or the zone is empty.
 */
KALLOC_API int kalloc_zone_export(struct kalloc_zone_state *state);

/**
 * kalloc_zone_import() - put a state in the place of a zone's own, on the current machine
 * @state: what the zone is to be like; copied
 *
 * From then on the zone is [start_pfn, start_pfn + spanned_pages), which may be a part of
 * what it was. No frame of that part may be in use, nor any up to the next multiple of
 * the largest block around it. Frames outside it leave the zone for good: the import
 * takes a reference to those in use, so that whoever has them keeps them and giving one
 * back has no effect. A machine has objects of its own on every node from the moment it
 * boots (the slab layer's records of that node), at the node's lowest frames; hence a
 * machine for a zone that starts at pfn S is booted with a node that starts a largest
 * block earlier: "kalloc.nodes=<bytes of S less one block>,<one block and the zone>".
 *
 * No other thread may use the machine meanwhile. Nothing is changed unless it returns 0.
 *
 * Return: 0; -EINVAL if the state is inconsistent or does not fit the zone; -EBUSY if
 * frames are in use; -ENOMEM. All errors print one line that says what and where,
 * through the console.
 */
KALLOC_API int kalloc_zone_import(const struct kalloc_zone_state *state);

KALLOC_END_DECLS

#endif
