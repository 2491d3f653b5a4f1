/* SPDX-License-Identifier: MIT */
/*
 * Barn: the full sheaves of one cache, for any CPU.
 *
 * How many it may hold follows from use. It begins with BARN_FEW, as Linux; a sheaf
 * past that is emptied into the slabs, so that memory freed for good goes back. If the
 * barn then runs out, it was so many too few, and the limit rises by what was turned
 * away: a program that swings keeps what it swings by. The most is a share of the machine's memory; when
 * memory is short reclaim empties the barns, and the limits begin anew.
 *
 * Lock: `lock` (RANK_BARN) protects everything here.
 *
 * Invariants: nr == length of the list; nr <= limit; limit <= most.
 *
 * Differs from Linux (6.18, which has sheaves; 6.1 has none): there the limit is 10.
 */
#ifndef SLAB_BARN_H
#define SLAB_BARN_H

#include "sheaf.h"

#define BARN_FEW 10u

struct barn {
	struct lock lock;
	struct sheaf *full;
	u32 nr;
	u32 limit;
	u32 most;
	u32 nr_turned_away; /* full sheaves, since the limit last changed */
};

/* @most: sheaves that it may ever hold; at least BARN_FEW are allowed. */
void barn_init(struct barn *barn, unsigned long most);

/* A full sheaf, or NULL. */
struct sheaf *barn_take(struct barn *barn);

/* Return: false if there is no room for it. */
bool barn_give(struct barn *barn, struct sheaf *sheaf);

/* Whether there is anything to clear: a guess, if somebody uses the barn now. */
static inline racy_read bool barn_is_used(const struct barn *barn)
{
	return barn->nr || barn->limit != BARN_FEW || barn->nr_turned_away;
}

/* Take all of them, chained, and begin with the limit anew. */
struct sheaf *barn_clear(struct barn *barn);

#endif
