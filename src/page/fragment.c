/* SPDX-License-Identifier: MIT */
#include "aged.h"
#include "fragment.h"
#include "level.h"
#include "pattern.h"
#include "profile.h"

/* How long pages that other threads are moving are waited for: so often, a millisecond each. */
#define RELEASE_ROUNDS 1000

static struct page_room *room_of(const struct kalloc_fragmentation *frag)
{
	return frag->zone->room;
}

static bool matches(int wanted, int number)
{
	return wanted == KALLOC_FRAGMENT_LARGEST || wanted == number;
}

/* The largest zone of those that @nid and @type leave; NULL if there is none. */
static struct zone *find_zone(struct page_room *room, int nid, int type)
{
	struct zone *zone, *largest = NULL;

	for_each_zone(zone, room) {
		if (zone->managed_pages && matches(nid, zone->nid) &&
		    matches(type, (int)zone->type) &&
		    (!largest || zone->managed_pages > largest->managed_pages))
			largest = zone;
	}
	return largest;
}

static struct zone *largest_zone(struct page_room *room)
{
	return find_zone(room, KALLOC_FRAGMENT_LARGEST, KALLOC_FRAGMENT_LARGEST);
}

/* --- applying ----------------------------------------------------------- */

/* Whether all that a profile holds can move. */
static bool is_movable(const struct kalloc_fragment_profile *profile)
{
	if (profile->kind != KALLOC_FRAGMENT_AGED)
		return !profile->unmovable;
	for (unsigned int i = 0; i < profile->nr_sizes; i++) {
		unsigned int mt = profile->sizes[i].migratetype;

		if (mt != MIGRATE_MOVABLE && (mt != KALLOC_FRAGMENT_BY_RATIO || profile->unmovable))
			return false;
	}
	return true;
}

/* Return: the zone; NULL after a message. */
static struct zone *zone_for(struct kalloc_machine *m,
			     const struct kalloc_fragment_profile *profile)
{
	struct zone *zone = find_zone(m->page, profile->nid, profile->zone);

	if (!zone)
		profile_refuse("this machine has no such zone");
	else if (profile->order > m->params.max_order)
		profile_refuse("order=%u: the machine's largest is %lu", profile->order,
			       m->params.max_order);
	else if (zone->type == ZONE_MOVABLE && !is_movable(profile))
		profile_refuse("zone Movable holds only what can move: ratio=1:0, or another zone");
	else
		return zone;
	return NULL;
}

/* Return: 0, -ERANGE (@aim says how near it can be brought), -ENOMEM. */
static int hold(struct kalloc_fragmentation *frag, struct aim *aim)
{
	const struct kalloc_fragment_profile *profile = &frag->profile;
	double miss;

	switch (profile->kind) {
	case KALLOC_FRAGMENT_CHECKERBOARD:
		pattern_checkerboard(frag, profile->order);
		return 0;
	case KALLOC_FRAGMENT_UNMOVABLE_SCATTER:
		return pattern_scatter(frag, profile->fraction);
	case KALLOC_FRAGMENT_AGED:
		return aged_run(frag);
	case KALLOC_FRAGMENT_TARGET:
		frag->level = level_of(frag);
		*aim = level_aim(frag);
		miss = aim->reached - profile->index;
		if (miss > AIM_TOLERANCE || miss < -AIM_TOLERANCE)
			return -ERANGE;
		level_take(frag, aim);
		return level_is_at(frag) ? 0 : -ERANGE;
	default:
		pattern_random(frag, profile->fraction);
		return 0;
	}
}

/*
 * Drop all that is held and forget the record; under the lock, which is let go of to wait.
 * Return: pages that others do not let go of, for release_warn(); the record stays.
 */
static unsigned long release(struct kalloc_fragmentation *frag)
{
	struct page_room *room = room_of(frag);
	struct waitq nobody = { 0 };
	unsigned long nr_left;

	for (int round = 0; (nr_left = holding_drop_all(frag, false)); round++) {
		if (round == RELEASE_ROUNDS)
			break;
		lock_drop(&room->fragment_lock);
		waitq_wait(&nobody, 0, 1);
		lock_take(&room->fragment_lock);
	}
	if (nr_left)
		frag->is_short = false;
	else
		holding_destroy(frag);
	pages_drain(room->m);
	return nr_left;
}

/* Without the lock. In a child of fork the thread that had isolated them does not exist. */
static void release_warn(unsigned long nr_left)
{
	WARN_ONCE(nr_left, "%lu pages of a profile stay isolated", nr_left);
}

static int apply(struct zone *zone, const struct kalloc_fragment_profile *profile, struct aim *aim,
		 unsigned long *nr_left, struct kalloc_fragmentation **result)
{
	struct kalloc_machine *m = zone->room->m;
	struct kalloc_fragmentation *frag = holding_create(zone, profile);
	struct free_blocks blocks;
	int err;

	if (!frag)
		return -ENOMEM;
	pages_drain(m);
	blocks = index_count(&zone->buddy);
	frag->nr_began = index_frames(&blocks, 0, BUDDY_MAX_ORDER);
	err = hold(frag, aim);
	pages_drain(m);
	if (err) {
		*nr_left = release(frag);
		return err;
	}
	frag->level = level_of(frag);
	*result = frag;
	return 0;
}

int kalloc_fragment_apply(const struct kalloc_fragment_profile *profile,
			  struct kalloc_fragmentation **fragmentation)
{
	struct kalloc_machine *m = machine_current();
	struct kalloc_fragment_profile full = *profile;
	unsigned long nr_left = 0;
	struct aim aim = { 0 };
	struct zone *zone;
	int err = profile_check(profile);

	if (err)
		return err;
	profile_complete(&full);
	zone = zone_for(m, &full);
	if (!zone)
		return -EINVAL;
	context_might_sleep(m);
	lock_take(&m->page->fragment_lock);
	err = apply(zone, &full, &aim, &nr_left, fragmentation);
	lock_drop(&m->page->fragment_lock);
	release_warn(nr_left);
	if (err == -ERANGE)
		profile_refuse("index=%g at order %u cannot be had of what is free in zone %s: "
			       "%g is nearest",
			       full.index, full.order, zone->name, aim.reached);
	else if (err)
		profile_refuse("no memory for the record of what is held");
	return err;
}

int kalloc_fragment_sustain(struct kalloc_fragmentation *fragmentation)
{
	struct page_room *room = room_of(fragmentation);
	int err;

	context_might_sleep(room->m);
	lock_take(&room->fragment_lock);
	err = level_sustain(fragmentation);
	lock_drop(&room->fragment_lock);
	return err;
}

void kalloc_fragment_release(struct kalloc_fragmentation *fragmentation)
{
	struct page_room *room;
	unsigned long nr_left;

	if (!fragmentation)
		return;
	room = room_of(fragmentation);
	context_might_sleep(room->m);
	lock_take(&room->fragment_lock);
	nr_left = release(fragmentation);
	lock_drop(&room->fragment_lock);
	release_warn(nr_left);
}

void fragment_halt(struct page_room *room)
{
	while (!list_empty(&room->fragmentations))
		holding_destroy(
			list_first_entry(&room->fragmentations, struct kalloc_fragmentation, list));
}

/* --- looking ------------------------------------------------------------ */

void kalloc_fragment_measure(struct kalloc_fragmentation *fragmentation,
			     struct kalloc_fragment_report *report)
{
	const struct zone *zone = fragmentation->zone;
	const struct buddy *buddy = &zone->buddy;
	struct profile_zone began = { fragmentation->nr_began, buddy->max_order,
				      buddy->block_order };
	struct free_blocks blocks;

	lock_take(&zone->room->fragment_lock);
	blocks = index_count(buddy);
	*report = (struct kalloc_fragment_report){
		.nid = zone->nid,
		.zone = (unsigned char)zone->type,
		.max_order = buddy->max_order,
		.nr_managed = zone->managed_pages,
		.nr_free = index_frames(&blocks, 0, BUDDY_MAX_ORDER),
		.nr_failed = fragmentation->nr_failed,
		.fingerprint = holding_fingerprint(fragmentation),
		.level_of = fragmentation->level.of,
		.level_order = fragmentation->level.order,
		.level = (int)(fragmentation->level.index * 1000 + 0.5),
	};
	memcpy(report->nr_held, fragmentation->nr_held, sizeof(report->nr_held));
	lock_drop(&zone->room->fragment_lock);

	profile_targets(&fragmentation->profile, &began, report->orders);
	for (unsigned int order = 0; order <= buddy->max_order; order++) {
		report->orders[order].nr_free = blocks.nr[order];
		report->orders[order].unusable = index_unusable(&blocks, order);
		report->orders[order].extfrag = index_extfrag(&blocks, order);
	}
}

void kalloc_fragment_visit(struct kalloc_fragmentation *fragmentation,
			   void (*visit)(void *ctx, const struct kalloc_fragment_block *block),
			   void *ctx)
{
	const struct zone *zone = fragmentation->zone;

	lock_take(&zone->room->fragment_lock);
	for (u32 slot = 0; slot < fragmentation->nr_slots; slot++) {
		const struct held *held = &fragmentation->slots[slot];
		struct kalloc_fragment_block block;

		if (!held->page)
			continue;
		block = (struct kalloc_fragment_block){
			.pfn = pfn_of(zone->room->m, held->page),
			.order = held->order,
			.migratetype = held->mt,
		};
		visit(ctx, &block);
	}
	lock_drop(&zone->room->fragment_lock);
}

/* --- without a handle --------------------------------------------------- */

static struct kalloc_fragmentation *find_short(const struct page_room *room,
					       const struct zone *zone)
{
	struct kalloc_fragmentation *frag;

	list_for_each_entry(frag, &room->fragmentations, list) {
		if (frag->is_short && (!zone || frag->zone == zone))
			return frag;
	}
	return NULL;
}

/* The record of what was pinned in a zone, made anew if there is none; NULL: no memory. */
static struct kalloc_fragmentation *short_for(struct zone *zone)
{
	static const struct kalloc_fragment_profile pins = { .kind = KALLOC_FRAGMENT_TARGET,
							     .unmovable = 1 };
	struct kalloc_fragmentation *frag = find_short(zone->room, zone);

	if (!frag) {
		frag = holding_create(zone, &pins);
		if (frag)
			frag->is_short = true;
	}
	return frag;
}

static double drive_up(struct zone *zone, const struct level *level, unsigned long seed)
{
	struct kalloc_fragmentation *frag = short_for(zone);
	struct free_blocks blocks;
	struct aim aim;

	if (!frag)
		return -ENOMEM;
	pages_drain(zone->room->m);
	frag->rand.state = seed;
	frag->level = *level;
	blocks = index_count(&zone->buddy);
	aim = aim_up(&blocks, level->order, level->index);
	level_take(frag, &aim);
	return level_now(frag);
}

double kalloc_fragment(unsigned int order, double target, unsigned long seed)
{
	struct kalloc_machine *m = machine_current();
	struct page_room *room = m->page;
	struct level level = { .order = order, .index = target };
	double index;

	if (!order || order > m->params.max_order || !(target >= 0.0 && target <= 1.0))
		return -EINVAL;
	context_might_sleep(m);
	lock_take(&room->fragment_lock);
	index = drive_up(largest_zone(room), &level, seed);
	lock_drop(&room->fragment_lock);
	return index;
}

void kalloc_defragment(void)
{
	struct page_room *room = machine_current()->page;
	struct kalloc_fragmentation *frag;
	unsigned long nr_left = 0;

	lock_take(&room->fragment_lock);
	while ((frag = find_short(room, NULL)))
		nr_left += release(frag);
	lock_drop(&room->fragment_lock);
	release_warn(nr_left);
}

double kalloc_unusable_index(unsigned int order)
{
	struct kalloc_machine *m = machine_current();
	struct free_blocks blocks;

	if (order > m->params.max_order)
		return -EINVAL;
	blocks = index_count(&largest_zone(m->page)->buddy);
	return index_unusable_exact(&blocks, order);
}

double kalloc_extfrag_index(unsigned int order)
{
	struct kalloc_machine *m = machine_current();
	struct free_blocks blocks;

	if (order > m->params.max_order)
		return -EINVAL;
	blocks = index_count(&largest_zone(m->page)->buddy);
	return index_extfrag(&blocks, order) / 1000.0;
}
