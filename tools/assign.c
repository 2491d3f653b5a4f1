/* SPDX-License-Identifier: MIT */
#include "assign.h"
#include "memory.h"

/* Set in an object's value: the rest is the number of a kmalloc class, not of a site. */
#define ASSIGN_CACHE (1ull << 62)

static unsigned long *live_count(struct plan *plan, uint64_t value)
{
	if (value & ASSIGN_CACHE)
		return &plan->caches.list[(value & ~ASSIGN_CACHE) - 1].kmalloc_live;
	return &plan->caches.sites[value - 1].live;
}

/* Return: the page block that an object at @ptr lies in, or NULL. */
static struct table_slot *block_of(const struct plan *plan, const struct assign *assign,
				   uint64_t ptr)
{
	uint64_t pfn;

	if (!linear_is_known(&plan->linear) || !linear_pfn(&plan->linear, ptr, &pfn))
		return NULL;
	return holders_find(&assign->pages, pfn);
}

static void own(struct plan *plan, const struct table_slot *block)
{
	uint64_t index = block->value >> 1;

	plan->page_owned = memory_grow(plan->page_owned, &plan->page_owned_bytes, index / 8 + 1, 1);
	plan->page_owned[index / 8] |= (unsigned char)(1u << index % 8);
}

static void take_alloc(struct plan *plan, struct assign *assign, const struct trace_event *event)
{
	const struct table_slot *block = block_of(plan, assign, event->ptr);
	struct table_slot *slot;
	uint64_t value;

	if (event->kind == TRACE_KMALLOC) {
		value = (caches_kmalloc(&plan->caches, event) + 1) | ASSIGN_CACHE;
	} else {
		value = caches_site(&plan->caches, event) + 1;
		if (block && (block->value & 1) &&
		    plan->caches.sites[value - 1].cache != CACHES_NONE)
			plan->caches.list[plan->caches.sites[value - 1].cache].reclaimable = true;
	}
	if (block)
		own(plan, block);
	slot = table_put(&assign->objects, event->ptr);
	if (slot->value)
		--*live_count(plan, slot->value);
	slot->value = value;
	++*live_count(plan, value);
}

static void take_free(struct plan *plan, struct assign *assign, const struct trace_event *event)
{
	struct table_slot *slot = table_find(&assign->objects, event->ptr);
	const struct table_slot *block = block_of(plan, assign, event->ptr);
	size_t cache = CACHES_NONE;

	if (event->cache.len)
		cache = caches_id(&plan->caches, event->cache.text, event->cache.len);
	if (block)
		own(plan, block);
	if (slot && slot->value) {
		--*live_count(plan, slot->value);
		slot->value = 0;
	} else if (!slot && block && cache != CACHES_NONE) {
		/* Its page came while we watched, so the object did too: without an event. */
		plan->caches.list[cache].silent = true;
	}
}

/* Return: true if the frame had left the free lists and was not allocated since. */
static bool forget_taken(struct assign *assign, const struct trace_event *event)
{
	struct table_slot *taken = table_find(&assign->taken, event->pfn + 1);

	if (!taken)
		return false;
	table_drop(&assign->taken, taken);
	return true;
}

static void take_page_alloc(struct assign *assign, const struct trace_event *event)
{
	uint64_t index = assign->nr_page_allocs++;

	if (!event->pfn)
		return;
	forget_taken(assign, event);
	holders_put(&assign->pages, event->pfn, event->order)->value =
		index << 1 | !!(event->gfp & __GFP_RECLAIMABLE);
}

static void take_page_free(struct plan *plan, struct assign *assign,
			   const struct trace_event *event)
{
	struct table_slot *block = table_find(&assign->pages.blocks, event->pfn + 1);

	if (block)
		table_drop(&assign->pages.blocks, block);
	if (forget_taken(assign, event) && !block)
		plan->silent_pages++;
}

void assign_take(struct plan *plan, void *reader, const struct trace_event *event)
{
	struct assign *assign = reader;

	switch (event->kind) {
	case TRACE_KMALLOC:
	case TRACE_ALLOC:
		if (event->ptr)
			take_alloc(plan, assign, event);
		break;
	case TRACE_KFREE:
	case TRACE_FREE:
		if (event->ptr)
			take_free(plan, assign, event);
		break;
	case TRACE_PAGE_ALLOC:
		take_page_alloc(assign, event);
		break;
	case TRACE_PAGE_FREE:
		take_page_free(plan, assign, event);
		break;
	case TRACE_PAGE_TAKEN:
		table_put(&assign->taken, event->pfn + 1);
		break;
	default:
		break;
	}
	if (plan->has_before && assign->nr_events == plan->before_event)
		caches_mark_before(&plan->caches);
	assign->nr_events++;
}

void assign_end(struct plan *plan, void *reader, struct log *log)
{
	const struct state *before = states_find(&plan->states, "before");

	caches_settle(&plan->caches, plan->has_before ? state_text(before, "slabinfo") : NULL);
}

void assign_fini(struct assign *assign)
{
	table_fini(&assign->objects);
	table_fini(&assign->pages.blocks);
	table_fini(&assign->taken);
}
