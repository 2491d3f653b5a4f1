/* SPDX-License-Identifier: MIT */
/*
 * What a pattern leaves free, on average over its seeds. Where each frame of a block is
 * free with chance q, and independently of the others, a block of order o is free as a
 * whole with chance q^(2^o), and stands for itself, its buddy being in use somewhere, with
 * chance q^(2^o) (1 - q^(2^o)).
 */
#include "buddy.h"
#include "profile.h"

/*
 * The free blocks of orders @lowest and up of frames of which groups of 2^@lowest are free
 * with chance @q each.
 */
static void expect_groups(const struct profile_zone *zone, unsigned int lowest, double q,
			  double nr_free[BUDDY_ORDERS])
{
	for (unsigned int order = lowest; order <= zone->max_order; order++, q *= q) {
		double blocks = (double)zone->nr_frames / (double)(1UL << order);

		nr_free[order] += blocks * q * (order < zone->max_order ? 1.0 - q : 1.0);
	}
}

/* One frame in a share of the pageblocks leaves a block of each smaller order there. */
static void expect_scatter(const struct profile_zone *zone, double share,
			   double nr_free[BUDDY_ORDERS])
{
	double pageblocks = (double)(zone->nr_frames >> zone->block_order);

	for (unsigned int order = 0; order < zone->block_order; order++)
		nr_free[order] += share * pageblocks;
	expect_groups(zone, zone->block_order, 1.0 - share, nr_free);
}

bool profile_expect(const struct kalloc_fragment_profile *profile, const struct profile_zone *zone,
		    double nr_free[BUDDY_ORDERS])
{
	memset(nr_free, 0, BUDDY_ORDERS * sizeof(*nr_free));
	switch (profile->kind) {
	case KALLOC_FRAGMENT_CHECKERBOARD:
		nr_free[profile->order] = (double)zone->nr_frames / (double)(2UL << profile->order);
		return true;
	case KALLOC_FRAGMENT_RANDOM:
	case KALLOC_FRAGMENT_MOVABLE_ONLY:
		expect_groups(zone, 0, 1.0 - profile->fraction, nr_free);
		return true;
	case KALLOC_FRAGMENT_UNMOVABLE_SCATTER:
		expect_scatter(zone, profile->fraction, nr_free);
		return true;
	default:
		return false;
	}
}

/* Both indices of such blocks; less than half a block counts as none. */
static void targets_of(const double nr_free[BUDDY_ORDERS], unsigned int order,
		       struct kalloc_fragment_order *at)
{
	double nr = 0, large = 0, frames = 0, usable = 0;

	for (unsigned int i = 0; i < BUDDY_ORDERS; i++) {
		double here = nr_free[i] * (double)(1UL << i);

		nr += nr_free[i];
		frames += here;
		large += i >= order ? nr_free[i] : 0;
		usable += i >= order ? here : 0;
	}
	at->unusable_target = frames >= 0.5 ? (int)(1000.0 * (frames - usable) / frames) : 1000;
	if (large >= 0.5)
		at->extfrag_target = -1000;
	else if (nr < 0.5)
		at->extfrag_target = 0;
	else
		at->extfrag_target =
			1000 - (int)(1000.0 * (1.0 + frames / (double)(1UL << order)) / nr);
}

void profile_targets(const struct kalloc_fragment_profile *profile, const struct profile_zone *zone,
		     struct kalloc_fragment_order orders[BUDDY_ORDERS])
{
	double nr_free[BUDDY_ORDERS];
	bool known = profile_expect(profile, zone, nr_free);

	for (unsigned int order = 0; order <= zone->max_order; order++) {
		orders[order].unusable_target = KALLOC_FRAGMENT_NO_TARGET;
		orders[order].extfrag_target = KALLOC_FRAGMENT_NO_TARGET;
		if (known)
			targets_of(nr_free, order, &orders[order]);
	}
	if (profile->kind == KALLOC_FRAGMENT_TARGET) {
		struct kalloc_fragment_order *at = &orders[profile->order];
		int index = (int)(profile->index * 1000 + 0.5);

		*(profile->of == KALLOC_FRAGMENT_EXTFRAG ? &at->extfrag_target
							 : &at->unusable_target) = index;
	}
}
