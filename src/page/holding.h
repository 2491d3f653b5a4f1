/* SPDX-License-Identifier: MIT */
/*
 * What a profile holds: a record of blocks, each in a slot of its own, and the way of each
 * from the free lists and back.
 *
 *	holding_add()	 a block that was taken off the lists, under whatever lock that was,
 *			 gets a slot
 *	holding_settle() with no lock but the room's: the new ones become blocks in use;
 *			 those that can move go to the LRU lists
 *	holding_drop()	 back to the allocator, and the slot is free
 *
 * page->index of a block in use is the number of its slot. A block that can move is one
 * frame; compaction moves it and reclaim takes it by telling the mapping, which is the
 * holding's own, and so the record follows.
 *
 * The record is one piece of host memory, committed as slots are used: there are slots
 * for every frame of the machine, since none can be held twice and alloc_contig_range()
 * may move a page out of the zone. Free slots are linked through
 * their `next`, and so are, meanwhile, those that are to settle.
 *
 * Lock: the room's fragment_lock protects all of it. It is held while a profile is applied
 * or sustained; so no request made meanwhile may compact or reclaim, for the mapping's
 * functions take it. They are called with no lock held.
 *
 * Invariants (holding_ok): nr_held[type] == frames in slots of that type; a slot's page, if
 * it has settled, names the slot by its index.
 */
#ifndef PAGE_HOLDING_H
#define PAGE_HOLDING_H

#include <kalloc/fragment.h>
#include <kalloc/reclaim.h>

#include "list.h"
#include "rand.h"
#include "room.h"

#define HOLDING_NO_SLOT UINT32_MAX

struct held {
	struct page *page; /* NULL: the slot is free */
	unsigned long due; /* aged.c: the request that ends its life */
	u32 next;
	u8 order;
	u8 mt;		/* enum migratetype */
	bool is_filler; /* holds nothing apart, is only missing from the free frames (aim.h) */
};

/* The index that a zone is to be kept at. */
struct level {
	enum kalloc_fragment_index of;
	unsigned int order;
	double index;
};

struct kalloc_fragmentation {
	struct list_head list; /* of room->fragmentations */
	struct kalloc_mapping mapping;
	struct zone *zone;
	struct kalloc_fragment_profile profile;
	struct rand rand;
	unsigned int movable_left, unmovable_left; /* of the run of the ratio that is dealt out */
	struct level level;
	bool is_short;		/* made by kalloc_fragment(), which has no handle */
	unsigned long nr_began; /* frames that were free when it was applied */
	unsigned long nr_failed;
	unsigned long nr_held[MIGRATE_PCPTYPES];
	u32 free_slot, fresh_slot; /* the first of each, or HOLDING_NO_SLOT */
	u32 nr_slots;		   /* that were ever used */
	size_t bytes;		   /* of the piece */
	unsigned long chosen[(1UL << BUDDY_MAX_ORDER) / 64]; /* sweep.c: frames of a block */
	struct held slots[];
};

/* Flags of a request for a block that is held as @mt. */
gfp_t holding_gfp(enum migratetype mt);

/* A record that holds nothing. Return: NULL if the host has no memory. */
struct kalloc_fragmentation *holding_create(struct zone *zone,
					    const struct kalloc_fragment_profile *profile);

/* Forget the record, whatever it holds. */
void holding_destroy(struct kalloc_fragmentation *frag);

/* What the next frame is to be, by the profile's ratio. */
enum migratetype holding_deal(struct kalloc_fragmentation *frag);

u32 holding_add(struct kalloc_fragmentation *frag, struct page *page, unsigned int order,
		enum migratetype mt, bool is_filler);

/* Settle what was added since the last time. Blocks of higher orders have to be in use. */
void holding_settle(struct kalloc_fragmentation *frag);

/* Return: false if another thread is just moving the page, or taking it back. */
bool holding_drop(struct kalloc_fragmentation *frag, u32 slot);

/* Drop everything, or all fillers. Return: how many blocks could not be. */
unsigned long holding_drop_all(struct kalloc_fragmentation *frag, bool fillers_only);

/* A hash of what is held. */
unsigned long long holding_fingerprint(const struct kalloc_fragmentation *frag);

bool holding_ok(const struct kalloc_fragmentation *frag);

#endif
