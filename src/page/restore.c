/* SPDX-License-Identifier: MIT */
/* A saved layout back in a zone: its state is put in place, and what was held in it is again. */
#include "holding.h"
#include "level.h"
#include "profile.h"
#include "state.h"

struct saved {
	struct state_taker taker;
	const struct kalloc_zone_state *state;
	const struct kalloc_fragment_block *blocks;
	unsigned long nr_blocks;
};

/* A block of the zone that is in use as a whole; its frames are marked, so that none is twice. */
static bool accept_block(const struct kalloc_zone_state *state,
			 const struct kalloc_fragment_block *block, unsigned int max_order, u8 *map)
{
	unsigned long nr = 1UL << min(block->order, (unsigned char)max_order);
	unsigned long at = block->pfn - state->start_pfn;

	if (block->order > max_order || block->migratetype >= MIGRATE_PCPTYPES ||
	    (block->migratetype == MIGRATE_MOVABLE && block->order) || block->pfn & (nr - 1) ||
	    block->pfn < state->start_pfn || at >= state->spanned_pages ||
	    nr > state->spanned_pages - at)
		return false;
	for (u8 *frame = map + at; frame < map + at + nr; frame++) {
		if (*frame != STATE_USED)
			return false;
		*frame = STATE_REST;
	}
	return true;
}

static bool accept_blocks(struct state_taker *taker, const struct zone *zone, u8 *map)
{
	const struct saved *saved = container_of(taker, struct saved, taker);

	for (unsigned long i = 0; i < saved->nr_blocks; i++) {
		const struct kalloc_fragment_block *block = &saved->blocks[i];

		if (!accept_block(saved->state, block, zone->buddy.max_order, map)) {
			profile_refuse("block %lx of order %u, type %u: not in use in the zone, "
				       "or held twice, or none that can be held",
				       block->pfn, block->order, block->migratetype);
			return false;
		}
	}
	return true;
}

static void hold_blocks(struct kalloc_fragmentation *frag, const struct saved *saved)
{
	const struct buddy *buddy = &frag->zone->buddy;
	struct free_blocks free = index_count(buddy);

	frag->nr_began = index_frames(&free, 0, BUDDY_MAX_ORDER);
	for (unsigned long i = 0; i < saved->nr_blocks; i++) {
		const struct kalloc_fragment_block *block = &saved->blocks[i];

		holding_add(frag, buddy->vmemmap + block->pfn, block->order,
			    (enum migratetype)block->migratetype, false);
		frag->nr_began += 1UL << block->order;
	}
	holding_settle(frag);
	frag->level = level_of(frag);
}

/* Return: 0, or a negative errno after a message. */
static int check(const struct zone *zone, const struct kalloc_zone_state *state,
		 const struct kalloc_fragment_profile *profile)
{
	int err = profile ? profile_check(profile) : 0;

	if (!zone)
		return profile_refuse("node %d, zone %u: there is none", state->nid, state->zone);
	if (!err && profile && profile->order > zone->buddy.max_order)
		return profile_refuse("order=%u: the machine's largest is %u", profile->order,
				      zone->buddy.max_order);
	return err;
}

/* A record to begin with, by @profile or by none; NULL after a message. */
static struct kalloc_fragmentation *record_for(struct zone *zone,
					       const struct kalloc_fragment_profile *profile)
{
	struct kalloc_fragment_profile full = { .kind = KALLOC_FRAGMENT_KINDS, .unmovable = 1 };
	struct kalloc_fragmentation *frag;

	if (profile) {
		full = *profile;
		profile_complete(&full);
	}
	frag = holding_create(zone, &full);
	if (!frag)
		profile_refuse("no memory for the record of what is held");
	return frag;
}

int kalloc_fragment_restore(const struct kalloc_zone_state *state,
			    const struct kalloc_fragment_block *blocks, unsigned long nr_blocks,
			    const struct kalloc_fragment_profile *profile,
			    struct kalloc_fragmentation **fragmentation)
{
	struct saved saved = {
		.taker.accepts = accept_blocks,
		.state = state,
		.blocks = blocks,
		.nr_blocks = nr_blocks,
	};
	struct zone *zone = state_zone(machine_current(), state);
	struct kalloc_fragmentation *frag;
	int err = check(zone, state, profile);

	if (err)
		return err;
	/* Nobody else uses the machine: no lock is needed, and the console may use it. */
	frag = record_for(zone, profile);
	if (!frag)
		return -ENOMEM;
	err = state_import(state, &saved.taker);
	if (err) {
		holding_destroy(frag);
		return err;
	}
	hold_blocks(frag, &saved);
	*fragmentation = frag;
	return 0;
}
