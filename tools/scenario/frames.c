/* SPDX-License-Identifier: MIT */
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "frames.h"

unsigned long frames_count(const struct thing *thing)
{
	unsigned long at = (unsigned long)thing->at;

	switch (thing->kind) {
	case THING_PAGES:
		return 1UL << thing->order;
	case THING_RANGE:
		return thing->size;
	case THING_AREA:
		return PAGE_ALIGN(thing->size) >> PAGE_SHIFT;
	case THING_MEMORY:
		return ZERO_OR_NULL_PTR(thing->at)
			       ? 0
			       : ((at + thing->size - 1) >> PAGE_SHIFT) - (at >> PAGE_SHIFT) + 1;
	default:
		return 0;
	}
}

unsigned long frames_pfn(const struct thing *thing, unsigned long i)
{
	const char *at = (const char *)thing->at + i * PAGE_SIZE;

	if (thing->kind == THING_AREA)
		return vmalloc_to_pfn(at);
	if (thing->kind == THING_MEMORY)
		return page_to_pfn(virt_to_page(at));
	return thing->pfn + i;
}

unsigned long frames_runs(const struct thing *thing)
{
	unsigned long nr = frames_count(thing), runs = nr > 0;

	for (unsigned long i = 1; i < nr; i++)
		runs += frames_pfn(thing, i) != frames_pfn(thing, i - 1) + 1;
	return runs;
}

struct search {
	unsigned long pfn;
	struct kalloc_block *block;
	bool found;
};

static void visit(void *ctx, const struct kalloc_block *block)
{
	struct search *search = ctx;

	if (search->pfn - block->pfn < 1UL << block->order) {
		*search->block = *block;
		search->found = true;
	}
}

bool frames_at(unsigned long pfn, struct kalloc_block *block)
{
	struct search search = { .pfn = pfn, .block = block };

	kalloc_inspect_frames(visit, &search);
	return search.found;
}
