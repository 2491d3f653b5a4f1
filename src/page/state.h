/* SPDX-License-Identifier: MIT */
/*
 * A zone's state as a value (<kalloc/state.h>), and whether one can be.
 *
 * A state is consistent if every entry lies in the zone, is aligned and overlaps no
 * other; if no two free buddies below a pageblock lie apart; if the pageblocks are all
 * there; and if the counts are those of the entries:
 *
 *	sum over free, but those of MIGRATE_ISOLATE, of 2^order
 *		== nr_free_folded + nr_free_unfolded
 *	sum over pcp of 2^order == pcp_count
 *	in each pageblock, nr_movable <= frames on no list
 *
 * Pure but for the message: it is checked as a whole before anything is changed.
 */
#ifndef PAGE_STATE_H
#define PAGE_STATE_H

#include <kalloc/state.h>

#include "base.h"

struct kalloc_machine;
struct zone;

/*
 * What the frames of a state are, one byte each from start_pfn: STATE_USED, STATE_REST of
 * a block, or the first of a block on a CPU's list or, STATE_FREE + order, on the zone's.
 */
#define STATE_USED 0
#define STATE_REST 1
#define STATE_PCP  2
#define STATE_FREE 3

/* Whether the state's range and numbers can be this zone's. False after a message. */
bool state_fits(const struct kalloc_zone_state *state, const struct zone *zone);

/*
 * Whether the state is consistent. @map: zeroed, a byte for each frame of the range; is
 * filled. False after a message.
 */
bool state_is_consistent(const struct kalloc_zone_state *state, const struct zone *zone, u8 *map);

/* The populated zone of a machine that a state names, or NULL. */
struct zone *state_zone(struct kalloc_machine *m, const struct kalloc_zone_state *state);

/* Somebody who takes over frames in use of a state that is put in place. */
struct state_taker {
	/* The last look before it is; false after a message. @map: STATE_USED where in use. */
	bool (*accepts)(struct state_taker *taker, const struct zone *zone, u8 *map);
};

/*
 * kalloc_zone_import(), for @taker if it is not NULL: then no frames are marked as movable,
 * for the taker knows which are.
 */
int state_import(const struct kalloc_zone_state *state, struct state_taker *taker);

#endif
