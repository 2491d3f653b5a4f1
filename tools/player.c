/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>
#include <kalloc/page.h>

#include "memory.h"
#include "player.h"
#include "slabinfo.h"
#include "text_file.h"

static void *cache_alloc(const struct cache *cache, const struct player_cache *ours)
{
	if (cache->kind == CACHE_KMALLOC)
		return kmalloc(cache->size, GFP_KERNEL | __GFP_NOWARN | cache->kmalloc_gfp);
	return ours->ours ? kmem_cache_alloc(ours->ours, GFP_KERNEL | __GFP_NOWARN) : NULL;
}

static void cache_free(const struct player_cache *ours, void *object)
{
	if (ours->ours)
		kmem_cache_free(ours->ours, object);
	else
		kfree(object);
}

static void make_cache(struct player *player, size_t id, const char *own)
{
	const struct cache *cache = &player->plan->caches.list[id];
	struct player_cache *ours = &player->caches[id];
	struct slabinfo_row row;

	if (cache->kind != CACHE_SLAB || cache->is_made)
		return;
	ours->own = slabinfo_find(own, cache->name, &row);
	if (ours->own || cache->size == 0 || cache->size > UINT_MAX)
		return;
	ours->ours = kmem_cache_create(cache->name, (unsigned int)cache->size, 0,
				       cache->reclaimable ? SLAB_RECLAIM_ACCOUNT : 0, NULL);
}

static void make_born(struct player *player, size_t id)
{
	const struct cache *cache = &player->plan->caches.list[id];
	struct player_cache *ours = &player->caches[id];
	unsigned long wanted = caches_born_before(cache);
	size_t capacity = 0;

	if (ours->own || cache->is_made)
		return;
	for (; ours->nr_stock < wanted; ours->nr_stock++) {
		void *object = cache_alloc(cache, ours);

		if (!object)
			break;
		ours->stock = memory_grow(ours->stock, &capacity, ours->nr_stock + 1,
					  sizeof(*ours->stock));
		ours->stock[ours->nr_stock] = object;
	}
	ours->nr_born = ours->nr_stock;
	player->nr_born += ours->nr_born;
}

void player_init(struct player *player, struct plan *plan, bool born)
{
	char *own = text_file_read("/proc/slabinfo");

	*player = (struct player){ .plan = plan, .cpu = -1 };
	player->caches = memory_new(plan->caches.names.count, sizeof(*player->caches));
	for (size_t i = 0; i < plan->caches.names.count; i++)
		make_cache(player, i, own);
	for (size_t i = 0; born && i < plan->caches.names.count; i++)
		make_born(player, i);
	free(own);
}

void player_peak(struct player *player)
{
	if (player->now.objects > player->peak.objects)
		player->peak.objects = player->now.objects;
	if (player->now.bytes > player->peak.bytes)
		player->peak.bytes = player->now.bytes;
	if (player->now.frames > player->peak.frames)
		player->peak.frames = player->now.frames;
}

/* The cache of an allocation, which the plan knows: it has read the same events. */
static size_t cache_of(const struct player *player, const struct trace_event *event)
{
	struct caches *caches = &player->plan->caches;

	if (event->kind == TRACE_KMALLOC)
		return caches_kmalloc(caches, event);
	return caches->sites[caches_site(caches, event)].cache;
}

static void release(struct player *player, struct table_slot *slot)
{
	if (slot->value < PLAYER_TWINS)
		return;
	player->twin = slot->value;
	player->now.objects--;
	player->now.bytes -= ksize((void *)(uintptr_t)slot->value);
	cache_free(&player->caches[slot->extra], (void *)(uintptr_t)slot->value);
}

static uint64_t allocate(struct player *player, const struct trace_event *event, size_t cache)
{
	gfp_t gfp = (event->gfp | __GFP_NOWARN) & ~__GFP_NOFAIL;
	const struct player_cache *ours = &player->caches[cache];
	void *object;

	if (ours->own || event->in_call)
		return PLAYER_OWN;
	if (event->kind == TRACE_KMALLOC)
		object = kmalloc_node(event->bytes_req, gfp, event->node);
	else
		object = ours->ours ? kmem_cache_alloc_node(ours->ours, gfp, event->node) : NULL;
	if (ZERO_OR_NULL_PTR(object))
		return PLAYER_FAILED;
	if (event->kind == TRACE_KMALLOC) {
		if (ksize(object) == event->bytes_alloc)
			player->classes_same++;
		else
			player->classes_other++;
	}
	player->now.objects++;
	player->now.bytes += ksize(object);
	player_peak(player);
	player->twin = (uint64_t)(uintptr_t)object;
	return player->twin;
}

static enum tally_reason take_alloc(struct player *player, const struct trace_event *event)
{
	struct table_slot *slot;
	size_t cache;

	if (!event->ptr)
		return TALLY_FAILED;
	slot = table_put(&player->objects, event->ptr);
	if (slot->value) {
		player->tally.implicit++;
		release(player, slot);
	}
	cache = cache_of(player, event);
	slot->value = allocate(player, event, cache);
	slot->extra = cache;
	if (slot->value == PLAYER_OWN)
		return event->in_call ? TALLY_IN_CALL : TALLY_OWN;
	return slot->value == PLAYER_FAILED ? TALLY_NO_MEMORY : TALLY_ALLOC;
}

enum tally_reason player_why_free(const struct player *player, uint64_t freed)
{
	const struct gap *pause = &player->plan->pause;

	if (player->plan->pause_gaps && freed < pause->to && player->nr_events > pause->from)
		return TALLY_PAUSE;
	return TALLY_UNEXPLAINED;
}

/* A free of an object that no event allocated. @slot is NULL if its address is new. */
static enum tally_reason take_unmatched(struct player *player, const struct trace_event *event,
					const struct table_slot *slot)
{
	struct caches *caches = &player->plan->caches;
	struct player_cache *ours = NULL;
	bool silent = false;

	if (event->cache.len) {
		size_t id = caches_id(caches, event->cache.text, event->cache.len);

		silent = caches->list[id].silent;
		ours = &player->caches[id];
	}
	if (slot && !silent)
		return player_why_free(player, slot->extra);
	if (ours && ours->nr_stock) {
		player->twin = (uint64_t)(uintptr_t)ours->stock[ours->nr_stock - 1];
		cache_free(ours, ours->stock[--ours->nr_stock]);
		return TALLY_FREE_BORN;
	}
	return silent ? TALLY_SILENT : TALLY_BORN;
}

static enum tally_reason take_free(struct player *player, const struct trace_event *event)
{
	struct table_slot *slot;
	enum tally_reason reason = TALLY_FREE;

	if (!event->ptr)
		return TALLY_NULL_FREE;
	slot = table_find(&player->objects, event->ptr);
	if (!slot || !slot->value) {
		reason = take_unmatched(player, event, slot);
		slot = table_put(&player->objects, event->ptr);
	} else if (slot->value == PLAYER_FAILED) {
		reason = TALLY_NO_MEMORY_FREE;
	} else if (slot->value == PLAYER_OWN) {
		reason = event->in_call ? TALLY_IN_CALL : TALLY_OWN;
	}
	release(player, slot);
	slot->value = PLAYER_FREE;
	slot->extra = player->nr_events;
	return reason;
}

enum tally_reason player_take(struct player *player, const struct trace_event *event)
{
	enum tally_reason reason;

	player->twin = 0;
	if (event->cpu >= 0 && event->cpu != player->cpu) {
		player->cpu = event->cpu;
		kalloc_set_cpu(event->cpu);
	}
	switch (event->kind) {
	case TRACE_KMALLOC:
	case TRACE_ALLOC:
		reason = take_alloc(player, event);
		break;
	case TRACE_KFREE:
	case TRACE_FREE:
		reason = take_free(player, event);
		break;
	case TRACE_PAGE_ALLOC:
		reason = player_page_alloc(player, event);
		break;
	case TRACE_PAGE_FREE:
		reason = player_page_free(player, event);
		break;
	case TRACE_BATCHED:
		reason = TALLY_BATCHED;
		break;
	case TRACE_PAGE_TAKEN:
		player_page_taken(player, event);
		reason = TALLY_INNER;
		break;
	case TRACE_INNER:
		reason = TALLY_INNER;
		break;
	case TRACE_CALL:
		reason = player_call(player, event);
		break;
	case TRACE_NAME:
		reason = TALLY_CALL_END;
		break;
	default:
		reason = TALLY_UNKNOWN;
		break;
	}
	player->tally.counts[reason]++;
	player->nr_events++;
	return reason;
}

void player_fini(struct player *player)
{
	for (size_t i = 0; i < player->plan->caches.names.count; i++)
		free(player->caches[i].stock);
	free(player->caches);
	table_fini(&player->objects);
	table_fini(&player->pages.blocks);
	table_fini(&player->freed_pages);
}
