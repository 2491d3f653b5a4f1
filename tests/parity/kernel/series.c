// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME "> " fmt

#include "series.h"

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

int series_init(struct series *series, const struct mix *mix, int room_nid)
{
	series->steps = vmalloc_node(array_size(mix->steps, sizeof(*series->steps)), room_nid);
	series->live = vmalloc_node(array_size(mix->steps, sizeof(*series->live)), room_nid);
	series->nr_steps = 0;
	series->nr_live = 0;
	series->nr_allocations = 0;
	series->random = mix->seed;
	return series->steps && series->live ? 0 : -ENOMEM;
}

void series_fini(struct series *series)
{
	vfree(series->steps);
	vfree(series->live);
}

/* A draw from 0 to limit - 1: an additive sequence, mixed (SplitMix64). */
static u32 draw(struct series *series, u32 limit)
{
	u64 x = series->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x >> 32) * limit >> 32;
}

static bool percent(struct series *series, unsigned int percentage)
{
	return draw(series, 100) < percentage;
}

/* Of the orders above 0, those that per-CPU lists serve are the interesting half. */
static unsigned int draw_order(struct series *series, const struct mix *mix)
{
	if (!mix->maxorder || percent(series, mix->skew))
		return 0;
	if (percent(series, 50))
		return 1 + draw(series, min(mix->maxorder, 3U));
	return 1 + draw(series, mix->maxorder);
}

static gfp_t draw_gfp(struct series *series, const struct mix *mix)
{
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_RECLAIMABLE };
	static const gfp_t urgencies[] = {
		GFP_NOWAIT,
		GFP_NOWAIT,
		GFP_NOWAIT,
		GFP_NOWAIT,
		GFP_NOWAIT,
		GFP_NOWAIT,
		GFP_ATOMIC,
		GFP_ATOMIC,
		GFP_ATOMIC,
		GFP_NOWAIT | __GFP_HIGH,
		GFP_NOWAIT | __GFP_HIGH,
		GFP_NOWAIT | __GFP_MEMALLOC,
		GFP_NOWAIT | __GFP_NOMEMALLOC,
		GFP_ATOMIC | __GFP_NOMEMALLOC,
		__GFP_HIGH,
		0,
	};
	gfp_t gfp = __GFP_THISNODE | __GFP_NOWARN;

	gfp |= urgencies[mix->gfpmix ? draw(series, ARRAY_SIZE(urgencies)) : 0];
	gfp |= types[mix->mtmix ? draw(series, ARRAY_SIZE(types)) : 0];
	return gfp;
}

static void allocate(struct series *series, const struct mix *mix)
{
	struct step *step = &series->steps[series->nr_steps];

	step->order = draw_order(series, mix);
	step->gfp = draw_gfp(series, mix);
	step->page = alloc_pages_node(mix->nid, step->gfp, step->order);
	step->index = series->nr_allocations++;
	step->is_free = false;
	if (step->page)
		series->live[series->nr_live++] = series->nr_steps;
	series->nr_steps++;
}

/* Free the block at a place of the live table; the last block of the table moves there. */
static void release(struct series *series, u32 place)
{
	struct step *step = &series->steps[series->nr_steps];

	*step = series->steps[series->live[place]];
	step->is_free = true;
	series->live[place] = series->live[--series->nr_live];
	__free_pages(step->page, step->order);
	series->nr_steps++;
}

void series_run(struct series *series, const struct mix *mix)
{
	while (series->nr_steps < mix->steps) {
		bool is_ebb = mix->wave && series->nr_steps / mix->wave % 2;
		u32 target = is_ebb ? mix->live_target / 16 : mix->live_target;
		bool is_full = series->nr_live >= target;

		if (!series->nr_live || (!is_full && !percent(series, mix->churn)))
			allocate(series, mix);
		else if (percent(series, mix->lifo))
			release(series, series->nr_live - 1);
		else
			release(series, draw(series, series->nr_live));
	}
}

void series_release(struct series *series)
{
	while (series->nr_live) {
		const struct step *step = &series->steps[series->live[--series->nr_live]];

		__free_pages(step->page, step->order);
	}
}

void series_print(const struct series *series)
{
	u32 i;

	for (i = 0; i < series->nr_steps; i++) {
		const struct step *step = &series->steps[i];

		pr_info("%c %u %u %x %lx\n", step->is_free ? 'R' : 'A', step->index, step->order,
			step->is_free ? 0 : (__force u32)step->gfp,
			step->page ? page_to_pfn(step->page) : 0UL);
	}
}
