/* SPDX-License-Identifier: MIT */
/*
 * Fragmentation on demand: a named, seeded profile is applied to a zone, and what it
 * holds there keeps memory apart until it is released.
 *
 * The measures are Linux's (mm/vmstat.c), of one zone at an order:
 *
 *	unusable_index	the share of free memory in blocks too small for the order,
 *			(free frames - free frames in blocks of at least that order) /
 *			free frames; 1 if nothing is free
 *	extfrag_index	-1 while a block of the order is free; else near 0 a request
 *			would fail for lack of memory, near 1 for fragmentation:
 *			1 - (1 + free frames / 2^order) / free blocks; 0 if nothing is free
 *
 * A *profile* is data: by name and words, "target order=9 index=0.8 seed=7", or as a
 * struct. It holds frames of one zone among those that were free:
 *
 *	checkerboard	 every second block of 2^order frames (order=0)
 *	random		 a share of the frames, anywhere (fraction=0.5)
 *	unmovable-scatter one frame that cannot move in a share of the pageblocks, whose
 *			 types stay as they are (fraction=1)
 *	movable-only	 as random; all of it can move
 *	aged		 what is left after a number of requests, each freed again when its
 *			 life is over (steps=100000, mix=, fraction=0.8: the most that it
 *			 holds)
 *	target		 what brings an index at an order to a value (order=, index=,
 *			 of=unusable, or of=extfrag)
 *
 * Words for all: seed=N (0); node=N and zone=NAME, which zone, by default the largest;
 * for checkerboard, random and target, and for sizes of aged that name no type, ratio=M:U,
 * the frames that can move to those that cannot (0:1). M and U are dealt out exactly, in
 * runs of M + U in random order.
 *
 * A target holds single frames in blocks of the order, and where that is too coarse, or the
 * index is to fall, whole small blocks. Every unusable index can be had as long as a block
 * of the order is left; what lies between the last block and none cannot. The extfrag_index
 * can be had from 0 up to 1 - 2^-order; below 0.5 it means that next to nothing is free.
 *
 * mix= is a list of sizes, ORDER[TYPE]:WEIGHT[:LIFE], separated by commas. TYPE is u, m
 * or r (unmovable, movable, reclaimable), without it ratio= decides. Of all requests
 * WEIGHT in the sum of weights are of that size, and each lives for LIFE requests on
 * average; without LIFE until the profile holds all it may. Where it does, the next to
 * end its life ends it early.
 *
 * Frames that can move are anonymous pages on the LRU lists: compaction moves them, and
 * with swap space (kalloc.swap=) reclaim takes them. Each frame is taken as a request
 * takes one, with the zone's counts and its owner record; but for aged, which makes
 * ordinary requests, the profile says which.
 *
 * Equal profiles on equal machines hold equal frames. Any thread may use a machine's
 * memory meanwhile. Profiles are applied, sustained and released one at a time a machine.
 */
#ifndef KALLOC_FRAGMENT_H
#define KALLOC_FRAGMENT_H

#include <kalloc/page.h>
#include <kalloc/state.h>

enum kalloc_fragment_kind {
	KALLOC_FRAGMENT_CHECKERBOARD,
	KALLOC_FRAGMENT_RANDOM,
	KALLOC_FRAGMENT_UNMOVABLE_SCATTER,
	KALLOC_FRAGMENT_MOVABLE_ONLY,
	KALLOC_FRAGMENT_AGED,
	KALLOC_FRAGMENT_TARGET,
	KALLOC_FRAGMENT_KINDS
};

enum kalloc_fragment_index {
	KALLOC_FRAGMENT_UNUSABLE,
	KALLOC_FRAGMENT_EXTFRAG,
};

/* In the place of a node or a zone: any. */
#define KALLOC_FRAGMENT_LARGEST (-1)

/* In the place of a migratetype: by the profile's ratio. */
#define KALLOC_FRAGMENT_BY_RATIO MIGRATE_PCPTYPES

/* One size of a mix. */
struct kalloc_fragment_size {
	unsigned char order;
	unsigned char migratetype; /* below MIGRATE_PCPTYPES, or KALLOC_FRAGMENT_BY_RATIO */
	unsigned int weight;	   /* its share of the requests; 1 .. 1000000 */
	unsigned int life;	   /* requests, on average; 0: until there is no more room */
};

/* The most sizes of a mix. */
#define KALLOC_FRAGMENT_SIZES 128

struct kalloc_fragment_profile {
	enum kalloc_fragment_kind kind;
	unsigned long seed;
	int nid;  /* or KALLOC_FRAGMENT_LARGEST: of the zones that are left, the largest */
	int zone; /* enum zone_type, or KALLOC_FRAGMENT_LARGEST */
	unsigned int order;		 /* checkerboard, target */
	double index;			 /* target */
	enum kalloc_fragment_index of;	 /* target */
	double fraction;		 /* random, unmovable-scatter, movable-only, aged; 0 .. 1 */
	unsigned int movable, unmovable; /* ratio; 0 .. 1000, not both 0 */
	unsigned long steps;		 /* aged: requests */
	unsigned int nr_sizes; /* aged; 0: the mix of a Linux 6.1 that boots and works on files */
	struct kalloc_fragment_size sizes[KALLOC_FRAGMENT_SIZES];
};

/* One more than the largest order that any machine has. */
#define KALLOC_FRAGMENT_ORDERS 19

/* In the place of an index: the profile does not say. */
#define KALLOC_FRAGMENT_NO_TARGET (-100000)

/* Indices are in thousandths, cut off as the kernel cuts them. */
struct kalloc_fragment_order {
	unsigned long nr_free; /* blocks of just this order */
	int unusable, unusable_target;
	int extfrag, extfrag_target;
};

/* What a profile has made of its zone. */
struct kalloc_fragment_report {
	int nid;
	unsigned char zone;			 /* enum zone_type */
	unsigned int max_order;			 /* what is beyond is 0 */
	unsigned long nr_managed, nr_free;	 /* frames */
	unsigned long nr_held[MIGRATE_PCPTYPES]; /* frames, by what they are */
	unsigned long nr_failed;		 /* aged: requests that found no block */
	unsigned long long fingerprint;		 /* a hash of which frames are held, and as what */
	enum kalloc_fragment_index level_of;	 /* the level: of which index, */
	unsigned int level_order;		 /* at which order, */
	int level;				 /* and how much, in thousandths */
	struct kalloc_fragment_order orders[KALLOC_FRAGMENT_ORDERS];
};

/* A block that is held. */
struct kalloc_fragment_block {
	unsigned long pfn;
	unsigned char order;
	unsigned char migratetype; /* MIGRATE_MOVABLE: of order 0, and it can move */
};

/* A profile that was applied to a machine, and what it holds. Belongs to the machine. */
struct kalloc_fragmentation;

KALLOC_BEGIN_DECLS

/**
 * kalloc_fragment_parse() - read a profile
 * @profile: receives it, with the defaults for what is not said
 * @text: a name and words, separated by spaces: "random fraction=0.3 ratio=3:1"
 *
 * Any context; no machine is needed.
 *
 * Return: 0; -EINVAL after one line on the console that names the word.
 */
KALLOC_API int kalloc_fragment_parse(struct kalloc_fragment_profile *profile, const char *text);

/**
 * kalloc_fragment_show() - write a profile as kalloc_fragment_parse() reads it
 * @profile: a valid one
 * @buf: receives the text, terminated if @size > 0; may be NULL if @size is 0
 * @size: bytes in @buf
 *
 * Return: length of the whole text, as snprintf does.
 */
KALLOC_API size_t kalloc_fragment_show(const struct kalloc_fragment_profile *profile, char *buf,
				       size_t size);

/**
 * kalloc_fragment_apply() - fragment a zone of the current machine
 * @profile: how; copied
 * @fragmentation: receives what kalloc_fragment_release() takes
 *
 * Gives the CPUs' page lists back first. What is free then may be held, reserves and all:
 * little may be left for others. May sleep.
 *
 * Return: 0, and the profile holds its frames: of a target, the index is within 0.02.
 * Else nothing is held, after one line on the console: -EINVAL (the profile is not valid,
 * or not for this machine), -ERANGE (no choice of free frames brings the index there; the
 * line says how near it can be brought), -ENOMEM (the host has no memory for the record).
 */
KALLOC_API int kalloc_fragment_apply(const struct kalloc_fragment_profile *profile,
				     struct kalloc_fragmentation **fragmentation);

/**
 * kalloc_fragment_sustain() - bring a zone back to the level it was left at
 * @fragmentation: a profile that was applied
 *
 * The level of a target is its index; that of other profiles is the unusable index that
 * applying them left at the order where that is neither near 0 nor near 1. To be called
 * now and then while others allocate and free: takes further frames where they made blocks
 * whole, and lets go of frames where they used blocks up. Gives the CPUs' page lists back.
 * May sleep.
 *
 * Return: 0, and the index is within 0.02 of the level; -ERANGE if it cannot be brought
 * there now (it is as near as it can be), -ENOMEM. No message.
 */
KALLOC_API int kalloc_fragment_sustain(struct kalloc_fragmentation *fragmentation);

/**
 * kalloc_fragment_release() - free all that a profile holds, and forget it
 * @fragmentation: a profile that was applied, or NULL (no-op); of a machine that is not
 *	halted: halting it releases all
 *
 * Waits for pages that another thread is just moving, at most a second: in a child of fork
 * that thread may not exist. Then it warns, and keeps the record for them. May sleep.
 */
KALLOC_API void kalloc_fragment_release(struct kalloc_fragmentation *fragmentation);

/**
 * kalloc_fragment_measure() - what a profile has made of its zone, as it is now
 * @fragmentation: a profile that was applied
 * @report: receives it
 *
 * The targets are what the profile says of a zone with nothing in use; of a target, its
 * index at its order. Frames on the CPUs' lists count as used, as they do in Linux. May
 * sleep.
 */
KALLOC_API void kalloc_fragment_measure(struct kalloc_fragmentation *fragmentation,
					struct kalloc_fragment_report *report);

/**
 * kalloc_fragment_visit() - walk what a profile holds
 * @fragmentation: a profile that was applied
 * @visit: called for each block, in no particular order; must not allocate, free, or
 *	use @fragmentation
 * @ctx: handed to @visit
 *
 * May sleep.
 */
KALLOC_API void kalloc_fragment_visit(struct kalloc_fragmentation *fragmentation,
				      void (*visit)(void *ctx,
						    const struct kalloc_fragment_block *block),
				      void *ctx);

/**
 * kalloc_fragment_restore() - put a saved layout in the place of a zone's own
 * @state: the zone's state, as kalloc_zone_export() gave it
 * @blocks: what was held in it, as kalloc_fragment_visit() gave it
 * @nr_blocks: of them
 * @profile: what held them, for the targets and the level; NULL if that is not known
 * @fragmentation: receives what kalloc_fragment_release() takes
 *
 * As kalloc_zone_import(), with the same demands on the machine and the caller. The
 * frames of @blocks are then held, those that could move can; @state's counts of movable
 * frames are not looked at. All other frames in use are nobody's and stay in use.
 *
 * Return: 0; the errors of kalloc_zone_import(), and -EINVAL if a block is not in use in
 * @state or is twice in @blocks, or @profile is not valid. All errors print one line
 * through the console.
 */
KALLOC_API int kalloc_fragment_restore(const struct kalloc_zone_state *state,
				       const struct kalloc_fragment_block *blocks,
				       unsigned long nr_blocks,
				       const struct kalloc_fragment_profile *profile,
				       struct kalloc_fragmentation **fragmentation);

/**
 * kalloc_fragment() - drive the unusable index of the current machine's largest zone up
 * @order: the order at which the index is driven, 1 .. the machine's largest
 * @target: the index wanted, 0.0 .. 1.0
 * @seed: of the pattern; equal seeds on equal machines pin equal frames
 *
 * The short form of a target: chooses by @seed as many of the zone's free blocks of
 * @order as the target needs, pins one frame that cannot move in a random place in each
 * and frees everything else. What is pinned stays so until kalloc_defragment(). Called
 * again, it goes on from there; it never lowers the index. May sleep.
 *
 * Return: the index achieved, or -EINVAL (order or target out of range), -ENOMEM.
 */
KALLOC_API double kalloc_fragment(unsigned int order, double target, unsigned long seed);

/** kalloc_defragment() - free everything that kalloc_fragment() pinned on this machine */
KALLOC_API void kalloc_defragment(void);

/**
 * kalloc_unusable_index() - the unusable index as it is now
 * @order: 0 .. the machine's largest
 *
 * Of the current machine's largest zone, free frames on the zone's own lists.
 *
 * Return: 0.0 .. 1.0 (1 if nothing is free), or -EINVAL.
 */
KALLOC_API double kalloc_unusable_index(unsigned int order);

/**
 * kalloc_extfrag_index() - the external fragmentation index as it is now
 * @order: 0 .. the machine's largest
 *
 * Of the current machine's largest zone, free frames on the zone's own lists.
 *
 * Return: -1.0 .. 1.0 in steps of 0.001, or -EINVAL.
 */
KALLOC_API double kalloc_extfrag_index(unsigned int order);

KALLOC_END_DECLS

#endif
