/* SPDX-License-Identifier: MIT */
#include "level.h"
#include "pattern.h"

static double distance(double a, double b)
{
	return a > b ? a - b : b - a;
}

double level_now(const struct kalloc_fragmentation *frag)
{
	struct free_blocks blocks = index_count(&frag->zone->buddy);

	if (frag->level.of == KALLOC_FRAGMENT_EXTFRAG)
		return index_extfrag(&blocks, frag->level.order) / 1000.0;
	return index_unusable_exact(&blocks, frag->level.order);
}

bool level_is_at(const struct kalloc_fragmentation *frag)
{
	return distance(level_now(frag), frag->level.index) <= AIM_TOLERANCE;
}

struct aim level_aim(const struct kalloc_fragmentation *frag)
{
	struct free_blocks blocks = index_count(&frag->zone->buddy);
	const struct level *level = &frag->level;

	return level->of == KALLOC_FRAGMENT_EXTFRAG
		       ? aim_at_extfrag(&blocks, level->order, level->index)
		       : aim_at_unusable(&blocks, level->order, level->index);
}

static unsigned long nr_blocks_of(const struct kalloc_fragmentation *frag, unsigned int order)
{
	return index_count(&frag->zone->buddy).nr[order];
}

void level_take(struct kalloc_fragmentation *frag, const struct aim *aim)
{
	unsigned int order = frag->level.order;

	pattern_pin(frag, order, BUDDY_MAX_ORDER, aim->pins, aim->nr_units);
	for (unsigned int at = order; at-- > 0;)
		pattern_pin(frag, at, at, aim->split[at], nr_blocks_of(frag, at));
	for (unsigned int at = 0; at < order; at++)
		pattern_fill_blocks(frag, at, aim->fill[at], nr_blocks_of(frag, at));
	if (aim->fill_frames) {
		struct free_blocks blocks = index_count(&frag->zone->buddy);

		pattern_fill_frames(frag, order, aim->fill_frames,
				    index_frames(&blocks, 0, order - 1));
	}
	pages_drain(frag->zone->room->m);
}

/* Somewhat above one half, so that of 0 and 1 it is 1: what is broken is to stay so. */
#define LEVEL_MIDDLE 0.6

struct level level_of(const struct kalloc_fragmentation *frag)
{
	const struct kalloc_fragment_profile *profile = &frag->profile;
	struct free_blocks blocks = index_count(&frag->zone->buddy);
	struct level level = { .of = KALLOC_FRAGMENT_UNUSABLE };

	if (profile->kind == KALLOC_FRAGMENT_TARGET)
		return (struct level){ profile->of, profile->order, profile->index };
	for (unsigned int order = 1; order <= frag->zone->buddy.max_order; order++) {
		double index = index_unusable_exact(&blocks, order);

		if (level.order &&
		    distance(index, LEVEL_MIDDLE) >= distance(level.index, LEVEL_MIDDLE))
			continue;
		level.order = order;
		level.index = index;
	}
	return level;
}

/* --- letting go --------------------------------------------------------- */

/* Which frames of the zone are held, in blocks no larger than a unit: a bit each. */
struct own {
	struct kalloc_fragmentation *frag;
	unsigned long *bits;
	unsigned long start, nr;
	size_t bytes;
};

static bool own_has(const struct own *own, unsigned long pfn)
{
	unsigned long at = pfn - own->start;

	return at < own->nr && own->bits[at / 64] >> at % 64 & 1;
}

static bool own_init(struct own *own, struct kalloc_fragmentation *frag)
{
	const struct buddy *buddy = &frag->zone->buddy;

	*own = (struct own){ .frag = frag,
			     .start = buddy->start_pfn,
			     .nr = buddy->end_pfn - buddy->start_pfn };
	own->bytes = (own->nr / 64 + 1) * sizeof(*own->bits);
	own->bits = map_alloc(own->bytes);
	if (!own->bits)
		return false;
	for (u32 slot = 0; slot < frag->nr_slots; slot++) {
		const struct held *held = &frag->slots[slot];
		unsigned long at;

		if (!held->page || held->order > frag->level.order)
			continue;
		at = (unsigned long)(held->page - buddy->vmemmap) - own->start;
		for (unsigned long end = at + (1UL << held->order); at < end && at < own->nr; at++)
			own->bits[at / 64] |= 1UL << at % 64;
	}
	return true;
}

/*
 * How many frames of the unit at @pfn are held; 0 also if others, too, keep it from being
 * whole. A guess, since others may be taking and giving: at worst frames go for nothing.
 */
static unsigned long nr_to_drop(const struct own *own, unsigned long pfn, unsigned int order)
{
	const struct buddy *buddy = &own->frag->zone->buddy;
	unsigned long end = pfn + (1UL << order), nr = 0, step;

	for (; pfn < end; pfn += step) {
		struct frame_view view = frame_look(buddy->vmemmap + pfn);

		step = 1;
		if (buddy_is_virgin(buddy, pfn) || view.kind == FRAME_IS_FREE)
			step = 1UL << min(view.order, order);
		else if (own_has(own, pfn))
			nr++;
		else
			return 0;
	}
	return nr;
}

static void drop_unit(const struct own *own, unsigned long pfn, unsigned int order)
{
	struct kalloc_fragmentation *frag = own->frag;
	struct page *page = frag->zone->buddy.vmemmap + pfn;

	for (struct page *end = page + (1UL << order); page < end; page++, pfn++) {
		u32 slot = (u32)page->index;

		/* Frames behind the first of a block have no slot. */
		if (own_has(own, pfn) && slot < frag->nr_slots && frag->slots[slot].page == page)
			holding_drop(frag, slot);
	}
}

static double unusable(unsigned long all, unsigned long large)
{
	return all ? (double)(all - large) / (double)all : 1.0;
}

/*
 * Let go of units, from a random one on, while the unusable index comes nearer to the
 * level. What is freed counts as free here, though much of it is on the CPUs' lists yet.
 */
static void drop_units(struct own *own)
{
	struct kalloc_fragmentation *frag = own->frag;
	const struct level *level = &frag->level;
	struct free_blocks blocks = index_count(&frag->zone->buddy);
	unsigned long all = index_frames(&blocks, 0, BUDDY_MAX_ORDER);
	unsigned long large = index_frames(&blocks, level->order, BUDDY_MAX_ORDER);
	unsigned long unit = 1UL << level->order;
	unsigned long first = ALIGN_UP(own->start, unit);
	unsigned long end = own->start + own->nr;
	unsigned long nr_units = end > first ? (end - first) >> level->order : 0;
	unsigned long from = nr_units ? rand_below_long(&frag->rand, nr_units) : 0;

	for (unsigned long i = 0; i < nr_units; i++) {
		unsigned long pfn = first + ((from + i) % nr_units << level->order);
		unsigned long nr = nr_to_drop(own, pfn, level->order);

		if (!nr)
			continue;
		if (distance(unusable(all + nr, large + unit), level->index) >=
		    distance(unusable(all, large), level->index))
			return;
		drop_unit(own, pfn, level->order);
		all += nr;
		large += unit;
	}
}

int level_sustain(struct kalloc_fragmentation *frag)
{
	struct kalloc_machine *m = frag->zone->room->m;
	struct aim aim;
	struct own own;

	pages_drain(m);
	if (level_is_at(frag))
		return 0;
	holding_drop_all(frag, true);
	pages_drain(m);
	if (frag->level.of == KALLOC_FRAGMENT_UNUSABLE && level_now(frag) > frag->level.index) {
		if (!own_init(&own, frag))
			return -ENOMEM;
		drop_units(&own);
		map_free(own.bits, own.bytes);
		pages_drain(m);
	}
	aim = level_aim(frag);
	level_take(frag, &aim);
	return level_is_at(frag) ? 0 : -ERANGE;
}
