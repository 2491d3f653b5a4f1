/* SPDX-License-Identifier: MIT */
/*
 * Profiles of fragmentation as values (<kalloc/fragment.h>): read, written, checked, and
 * what they say of a zone before anything is held in it.
 *
 * A valid profile has a kind that there is, and every number in the range that its
 * declaration names, also those that its kind does not use. Whether it is one for a
 * certain machine is another matter (fragment.c).
 *
 * Pure but for the messages.
 */
#ifndef PAGE_PROFILE_H
#define PAGE_PROFILE_H

#include <kalloc/fragment.h>

#include "base.h"

#define PROFILE_STEPS_MAX  1000000000000UL
#define PROFILE_WEIGHT_MAX 1000000UL
#define PROFILE_LIFE_MAX   1000000000UL
#define PROFILE_RATIO_MAX  1000UL

/* Print "kalloc: fragment: ..." on the console. Return: -EINVAL. */
int profile_refuse(const char *fmt, ...) printf_like(1, 2);

/* Return: 0; -EINVAL after a message. */
int profile_check(const struct kalloc_fragment_profile *profile);

/* Fill in what a valid one leaves open: the default mix, the ratio that its kind decides. */
void profile_complete(struct kalloc_fragment_profile *profile);

/*
 * Read a list of sizes, text[0..len). Return: NULL, or what is wrong with it; then the
 * profile's sizes are nothing to go by.
 */
const char *profile_read_mix(struct kalloc_fragment_profile *profile, const char *text, size_t len);

/* A zone with nothing in use, as far as a pattern can tell. */
struct profile_zone {
	unsigned long nr_frames;
	unsigned int max_order, block_order;
};

/*
 * The free blocks of each order, fractions of one too, that a profile leaves of such a
 * zone. Return: false if it does not say.
 */
bool profile_expect(const struct kalloc_fragment_profile *profile, const struct profile_zone *zone,
		    double nr_free[KALLOC_FRAGMENT_ORDERS]);

/* The targets of a report, from that or, of a target, its index. */
void profile_targets(const struct kalloc_fragment_profile *profile, const struct profile_zone *zone,
		     struct kalloc_fragment_order orders[KALLOC_FRAGMENT_ORDERS]);

#endif
