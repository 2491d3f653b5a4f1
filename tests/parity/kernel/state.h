/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State: all of a zone that decides which frame an allocation gets.
 *
 * Recording allocates nothing, so that the record is of the zone as it was: the room is
 * made beforehand, by state_init(), on a node of the caller's choice. Printing comes
 * when nothing is recorded any more.
 */
#ifndef PARITY_STATE_H
#define PARITY_STATE_H

#include <linux/mmzone.h>
#include <linux/types.h>

/* A free block: in the buddy lists of its order, or in a per-CPU list. */
struct state_entry {
	u32 pfn;
	bool on_cpu;
	u8 list; /* the order, or the per-CPU list's index */
	u8 type;
};

struct state_block {
	u16 nr_movable; /* frames that page migration could move */
	u8 type;
};

struct state {
	struct state_entry *entries;
	struct state_block *blocks;
	unsigned long nr_entries;
	unsigned long boost;
	unsigned long nr_free;
	unsigned long nr_highatomic;
	unsigned long nr_isolate;
	unsigned long zone_flags;
	int free_factor;
	int free_diff;
	int cpu_count;
};

int state_init(struct state *state, struct zone *zone, int room_nid);
void state_fini(struct state *state);

/* The caller keeps everything else off the zone. */
void state_record(struct state *state, struct zone *zone);

/* The header and the pageblocks need both ends; the lists are of one. */
void state_print_header(struct zone *zone, const struct state *before, const struct state *after);
void state_print_blocks(struct zone *zone, const struct state *before, const struct state *after);
void state_print_lists(const struct state *state, char letter);

#endif
