/* SPDX-License-Identifier: MIT */
/*
 * Bringing a zone to a level, an index at an order, and keeping it there.
 *
 * The way up and down is aim.h's, on what is free now. A level that was left because
 * others allocated or freed is come back to in steps:
 *
 *	1	fillers go: what else is held decides
 *	2	where the unusable index is too high, units of the order that only this profile
 *		keeps from being whole are let go of, until it is not
 *	3	what is missing then is pinned and filled
 *
 * A zone within AIM_TOLERANCE of its level is left alone.
 */
#ifndef PAGE_LEVEL_H
#define PAGE_LEVEL_H

#include "aim.h"
#include "holding.h"

/* The index of the level, as it is now. */
double level_now(const struct kalloc_fragmentation *frag);

/* Whether a zone's index is near enough. */
bool level_is_at(const struct kalloc_fragmentation *frag);

/* What has to be taken for it. */
struct aim level_aim(const struct kalloc_fragmentation *frag);

/* Take it, and give the CPUs' lists back. */
void level_take(struct kalloc_fragmentation *frag, const struct aim *aim);

/*
 * The level of a profile that is applied: of a target its own; else what the unusable
 * index is at the order where it is neither near 0 nor near 1.
 */
struct level level_of(const struct kalloc_fragmentation *frag);

/* Return: 0; -ERANGE if it is as near as it can be, and not near enough; -ENOMEM. */
int level_sustain(struct kalloc_fragmentation *frag);

#endif
