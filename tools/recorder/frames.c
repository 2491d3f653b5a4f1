/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <kalloc/inspect.h>
#include <kalloc/inspect_slab.h>

#include "frames.h"
#include "memory.h"

/* A kind as one number: three bits of state, two of use, five of order, then the cache. */
#define KIND_USE   3
#define KIND_ORDER 5
#define KIND_CACHE 10

/* No step was taken yet: nothing is like this. */
#define KIND_NONE UINT16_MAX

void frames_init(struct frames *frames, const struct zones *zones)
{
	unsigned long nr = zones->nr_frames;

	*frames = (struct frames){ .zones = zones };
	frames->before = memory_new(nr, sizeof(*frames->before));
	frames->now = memory_new(nr, sizeof(*frames->now));
	memset(frames->before, 0xff, nr * sizeof(*frames->before));
	for (size_t i = 0; i < zones->nr; i++)
		frames->nr_types += (zones->list[i].spanned >> zones->block_order) + 2;
	frames->types_before = memory_new(frames->nr_types, 1);
	frames->types = memory_new(frames->nr_types, 1);
	memset(frames->types_before, 0xff, frames->nr_types);
}

void frames_fini(struct frames *frames)
{
	free(frames->before);
	free(frames->now);
	free(frames->types_before);
	free(frames->types);
	free(frames->kinds);
	free(frames->slabs);
	table_fini(&frames->numbers);
}

/* Kinds with a cache end here; those without, some hundred, still have a number then. */
#define KIND_CACHES_END (KIND_NONE - 1024u)

/* The number of a kind; where they run out, caches are told apart no more. */
static uint16_t number_of(struct frames *frames, uint64_t kind)
{
	struct table_slot *slot = table_find(&frames->numbers, kind + 1);

	if (slot)
		return (uint16_t)slot->value;
	if (frames->nr_kinds >= KIND_CACHES_END && kind >> KIND_CACHE)
		return number_of(frames, kind & ((1u << KIND_CACHE) - 1));
	table_put(&frames->numbers, kind + 1)->value = frames->nr_kinds;
	frames->kinds = memory_grow(frames->kinds, &frames->capacity, frames->nr_kinds + 1,
				    sizeof(*frames->kinds));
	frames->kinds[frames->nr_kinds] = kind;
	return (uint16_t)frames->nr_kinds++;
}

static uint64_t kind_of(struct frames *frames, const struct kalloc_block *block)
{
	uint64_t kind = block->state | (uint64_t)block->use << KIND_USE |
			(uint64_t)block->order << KIND_ORDER;
	unsigned int cache;

	if (block->state == KALLOC_FRAMES_HOLE)
		return block->state;
	if (block->state != KALLOC_FRAMES_SLAB)
		return kind;
	cache = caches_seen_id(frames->caches, kalloc_inspect_cache_at(block->pfn));
	frames->slabs = memory_grow(frames->slabs, &frames->slabs_capacity, frames->nr_slabs + 1,
				    sizeof(*frames->slabs));
	frames->slabs[frames->nr_slabs++] = (struct frames_slab){ block->pfn, block->order, cache };
	return kind | (uint64_t)(cache + 1) << KIND_CACHE;
}

static void take(void *ctx, const struct kalloc_block *block)
{
	struct frames *frames = ctx;
	const struct zones *zones = frames->zones;
	const struct zone_span *zone = &zones->list[zones->number[block->node][block->zone] - 1];
	uint16_t number = number_of(frames, kind_of(frames, block));
	uint16_t *now = &frames->now[zone_place(zone, block->pfn)];

	for (unsigned long i = 0; i < 1ul << block->order; i++)
		now[i] = number;
}

static void take_types(struct frames *frames)
{
	size_t nr = 0;

	for (size_t i = 0; i < frames->zones->nr; i++) {
		const struct zone_span *zone = &frames->zones->list[i];
		struct kalloc_zone_state state = zones_ask(zone);

		state.max_blocks = (zone->spanned >> frames->zones->block_order) + 2;
		state.blocks = memory_new(state.max_blocks, sizeof(*state.blocks));
		kalloc_zone_export(&state);
		for (unsigned long j = 0; j < state.nr_blocks && j < state.max_blocks; j++)
			frames->types[nr++] = state.blocks[j].migratetype;
		free(state.blocks);
	}
	frames->nr_types = nr;
}

static void write_run(struct json *json, size_t passed, size_t nr, unsigned int value)
{
	json_number(json, NULL, (long long)passed);
	json_number(json, NULL, (long long)nr);
	json_number(json, NULL, value);
}

static void write_frames(struct frames *frames, struct json *json)
{
	unsigned long end = frames->zones->nr_frames, told = 0;

	json_begin(json, "frames", '[');
	for (unsigned long i = 0; i < end;) {
		unsigned long from = i;

		if (frames->now[i] == frames->before[i]) {
			i++;
			continue;
		}
		while (i < end && frames->now[i] == frames->now[from] &&
		       frames->now[i] != frames->before[i])
			i++;
		write_run(json, from - told, i - from, frames->now[from]);
		told = i;
	}
	json_end(json, ']');
	memcpy(frames->before, frames->now, end * sizeof(*frames->now));
}

static void write_types(struct frames *frames, struct json *json)
{
	size_t told = 0;

	json_begin(json, "blocks", '[');
	for (size_t i = 0; i < frames->nr_types;) {
		size_t from = i;

		if (frames->types[i] == frames->types_before[i]) {
			i++;
			continue;
		}
		while (i < frames->nr_types && frames->types[i] == frames->types[from] &&
		       frames->types[i] != frames->types_before[i])
			i++;
		write_run(json, from - told, i - from, frames->types[from]);
		told = i;
	}
	json_end(json, ']');
	memcpy(frames->types_before, frames->types, frames->nr_types);
}

void frames_step(struct frames *frames, const struct caches_seen *caches, struct json *json)
{
	frames->caches = caches;
	frames->nr_slabs = 0;
	kalloc_inspect_frames(take, frames);
	take_types(frames);
	write_frames(frames, json);
	write_types(frames, json);
}

void frames_write(const struct frames *frames, struct json *json)
{
	json_begin(json, "kinds", '[');
	for (size_t i = 0; i < frames->nr_kinds; i++) {
		uint64_t kind = frames->kinds[i];

		json_begin(json, NULL, '[');
		json_number(json, NULL, kind & 7);
		json_number(json, NULL, kind >> KIND_ORDER & 31);
		json_number(json, NULL, kind >> KIND_USE & 3);
		json_number(json, NULL, (long long)(kind >> KIND_CACHE) - 1);
		json_end(json, ']');
	}
	json_end(json, ']');
}
