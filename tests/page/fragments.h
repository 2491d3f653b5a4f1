/* SPDX-License-Identifier: MIT */
/* What the suites of profiles share: applying one by its text, and which frames it holds. */
#ifndef TEST_PAGE_FRAGMENTS_H
#define TEST_PAGE_FRAGMENTS_H

#include <sys/resource.h>

#include "rig.h"

#include <kalloc/fragment.h>
#include <kalloc/reclaim.h>

#include "page/holding.h"
#include "page/index.h"
#include "plat/address_space.h"
#include "sanitized.h"

/* Under Valgrind and sanitizers a part of each table has to do. */
static inline bool is_slow(void)
{
	return SANITIZED || under_valgrind();
}

/* From here on the host gives no more than @more bytes / all that it has again. */
static inline struct rlimit host_gives(unsigned long more)
{
	struct rlimit before, little;

	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	little = before;
	little.rlim_cur = address_space_used() + more;
	assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
	return before;
}

static inline void host_gives_again(struct rlimit before)
{
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
}

static inline double distance(double a, double b)
{
	return a > b ? a - b : b - a;
}

static inline struct kalloc_fragment_profile profile_of(const char *text)
{
	struct kalloc_fragment_profile profile;

	if (kalloc_fragment_parse(&profile, text))
		fail_msg("%s: %s", text, said);
	return profile;
}

static inline struct kalloc_fragmentation *apply(const char *text)
{
	struct kalloc_fragment_profile profile = profile_of(text);
	struct kalloc_fragmentation *frag = NULL;
	int err = kalloc_fragment_apply(&profile, &frag);

	if (err)
		fail_msg("%s: %d, %s", text, err, said);
	assert_true(holding_ok(frag));
	return frag;
}

static inline struct kalloc_fragment_report measure(struct kalloc_fragmentation *frag)
{
	struct kalloc_fragment_report report;

	kalloc_fragment_measure(frag, &report);
	return report;
}

static inline unsigned long nr_held(const struct kalloc_fragmentation *frag)
{
	return frag->nr_held[MIGRATE_UNMOVABLE] + frag->nr_held[MIGRATE_MOVABLE] +
	       frag->nr_held[MIGRATE_RECLAIMABLE];
}

/* A mark for each frame of a zone, from its first on. */
struct frames {
	unsigned long start, nr;
	unsigned char *mark;
};

#define FRAME_HELD 1

static inline struct frames frames_of(const struct zone *zone)
{
	struct frames frames = { .start = zone->buddy.start_pfn,
				 .nr = zone->buddy.end_pfn - zone->buddy.start_pfn };

	frames.mark = calloc(frames.nr, 1);
	assert_non_null(frames.mark);
	return frames;
}

static inline void frames_mark(void *ctx, const struct kalloc_fragment_block *block)
{
	struct frames *frames = ctx;

	assert_in_range(block->pfn, frames->start,
			frames->start + frames->nr - (1UL << block->order));
	for (unsigned long i = 0; i < 1UL << block->order; i++) {
		unsigned char *mark = &frames->mark[block->pfn - frames->start + i];

		assert_int_equal(*mark, 0);
		*mark = (unsigned char)(FRAME_HELD + block->migratetype);
	}
}

/* The frames of its zone that a profile holds: 1 + migratetype. */
static inline struct frames frames_held(struct kalloc_fragmentation *frag)
{
	struct frames frames = frames_of(frag->zone);

	kalloc_fragment_visit(frag, frames_mark, &frames);
	return frames;
}

/* Whether the frames of a zone at @pfn are free, as a block or part of one. */
static inline bool frame_is_inside_free(const struct buddy *buddy, unsigned long pfn)
{
	if (buddy_is_virgin(buddy, pfn))
		return true;
	for (unsigned int order = 0; order <= buddy->max_order; order++) {
		unsigned long head = ALIGN_DOWN(pfn, 1UL << order);

		if (head >= buddy->start_pfn && frame_is_free(buddy->vmemmap + head) &&
		    frame_order(buddy->vmemmap + head) >= order)
			return true;
	}
	return false;
}

#endif
