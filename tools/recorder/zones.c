/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "memory.h"
#include "zone_text.h"
#include "zones.h"

struct kalloc_zone_state zones_ask(const struct zone_span *zone)
{
	return (struct kalloc_zone_state){ .nid = zone->nid, .zone = zone->type };
}

static int by_address(const void *a, const void *b)
{
	const struct zone_span *one = a, *other = b;

	return one->start < other->start ? -1 : one->start > other->start;
}

static void add_zone(struct zones *zones, int nid, unsigned char type)
{
	struct zone_span span = { .nid = nid, .type = type };
	struct kalloc_zone_state state = zones_ask(&span);

	if (kalloc_zone_export(&state) == -EINVAL)
		return;
	span.start = state.start_pfn;
	span.spanned = state.spanned_pages;
	span.managed = state.managed_pages;
	zones->list =
		memory_grow(zones->list, &zones->capacity, zones->nr + 1, sizeof(*zones->list));
	zones->list[zones->nr++] = span;
}

/* Pageblocks begin at multiples of their size: the second one of a zone tells it. */
static unsigned int block_order(const struct zones *zones)
{
	struct kalloc_state_block blocks[3];

	for (size_t i = 0; i < zones->nr; i++) {
		struct kalloc_zone_state state = zones_ask(&zones->list[i]);

		state.blocks = blocks;
		state.max_blocks = 3;
		kalloc_zone_export(&state);
		if (state.nr_blocks >= 3)
			return (unsigned int)__builtin_ctzl(blocks[2].pfn - blocks[1].pfn);
	}
	return MAX_ORDER - 2;
}

static unsigned int count_cpus(const struct zones *zones)
{
	struct kalloc_zone_state state = zones_ask(&zones->list[0]);

	for (state.cpu = 1; state.cpu < ZONES_CPUS; state.cpu++)
		if (kalloc_zone_export(&state) == -EINVAL)
			break;
	return state.cpu;
}

void zones_init(struct zones *zones)
{
	*zones = (struct zones){ 0 };
	for (int nid = 0; nid < ZONES_NODES; nid++)
		for (unsigned char type = 0; type < KALLOC_STATE_ZONES; type++)
			add_zone(zones, nid, type);
	qsort(zones->list, zones->nr, sizeof(*zones->list), by_address);
	for (size_t i = 0; i < zones->nr; i++) {
		struct zone_span *zone = &zones->list[i];

		zone->first = zones->nr_frames;
		zones->nr_frames += zone->spanned;
		zones->number[zone->nid][zone->type] = (unsigned char)(i + 1);
	}
	zones->block_order = block_order(zones);
	zones->nr_cpus = count_cpus(zones);
}

void zones_fini(struct zones *zones)
{
	free(zones->list);
}

const struct zone_span *zones_find(const struct zones *zones, unsigned long pfn)
{
	for (size_t i = 0; i < zones->nr; i++) {
		const struct zone_span *zone = &zones->list[i];

		if (pfn >= zone->start && pfn - zone->start < zone->spanned)
			return zone;
	}
	return NULL;
}

void zones_write(const struct zones *zones, struct json *json)
{
	json_number(json, "cpus", zones->nr_cpus);
	json_number(json, "block_order", zones->block_order);
	json_begin(json, "zones", '[');
	for (size_t i = 0; i < zones->nr; i++) {
		const struct zone_span *zone = &zones->list[i];

		json_begin(json, NULL, '{');
		json_number(json, "node", zone->nid);
		json_number(json, "type", zone->type);
		json_string(json, "name", zone_text(zone->type));
		json_number(json, "start", (long long)zone->start);
		json_number(json, "spanned", (long long)zone->spanned);
		json_number(json, "managed", (long long)zone->managed);
		json_end(json, '}');
	}
	json_end(json, ']');
}
