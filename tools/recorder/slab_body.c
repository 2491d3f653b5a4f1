/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/page.h>

#include "memory.h"
#include "slab_body.h"

/* What Linux writes into the red zones of free objects and of those in use. */
#define RED_FREE 0xbb
#define RED_USED 0xcc

static const unsigned char *object_at(const struct kalloc_cache_view *cache,
				      const struct kalloc_slab_view *slab, unsigned int number)
{
	const unsigned char *start = page_address(pfn_to_page(slab->pfn));

	return start + cache->red_left + (size_t)number * cache->size;
}

static bool is_all(const unsigned char *from, const unsigned char *end, unsigned char byte)
{
	while (from < end && *from == byte)
		from++;
	return from == end;
}

static bool is_red(const struct kalloc_cache_view *cache, const unsigned char *object,
		   unsigned char byte)
{
	return is_all(object - cache->red_left, object, byte) &&
	       is_all(object + cache->object_size, object + cache->end, byte);
}

/* The first of @at_hand at or above @from. */
static size_t first_from(const void *const *at_hand, size_t nr, const void *from)
{
	size_t low = 0;

	while (low < nr) {
		size_t middle = low + (nr - low) / 2;

		if ((uintptr_t)at_hand[middle] < (uintptr_t)from)
			low = middle + 1;
		else
			nr = middle;
	}
	return low;
}

static void mark_at_hand(const struct kalloc_cache_view *cache, const struct kalloc_slab_view *slab,
			 const void *const *at_hand, size_t nr, char *letters)
{
	const unsigned char *first = object_at(cache, slab, 0);
	const unsigned char *end = object_at(cache, slab, slab->nr_objects);

	for (size_t i = first_from(at_hand, nr, first);
	     i < nr && (uintptr_t)at_hand[i] < (uintptr_t)end; i++)
		letters[(size_t)((const unsigned char *)at_hand[i] - first) / cache->size] = 'h';
}

static void write_damage(const struct kalloc_cache_view *cache, const struct kalloc_slab_view *slab,
			 const char *letters, struct json *json)
{
	json_begin(json, NULL, '[');
	for (unsigned int i = 0; cache->flags & SLAB_RED_ZONE && i < slab->nr_objects; i++)
		if (!is_red(cache, object_at(cache, slab, i),
			    letters[i] == 'u' ? RED_USED : RED_FREE))
			json_number(json, NULL, i);
	json_end(json, ']');
}

void slab_body_write(const struct kalloc_cache_view *cache, const struct kalloc_slab_view *slab,
		     int place, const void *const *at_hand, size_t nr_at_hand, struct json *json)
{
	char *letters = memory_new(slab->nr_objects, 1);

	memset(letters, 'u', slab->nr_objects);
	mark_at_hand(cache, slab, at_hand, nr_at_hand, letters);
	for (unsigned int i = 0; i < slab->nr_free; i++)
		letters[slab->free[i]] = i < slab->nr_cpu_free ? 'c' : 'f';
	json_number(json, NULL, (long long)slab->pfn);
	json_number(json, NULL, slab->order);
	json_number(json, NULL, place);
	json_number(json, NULL, slab->cpu);
	json_number(json, NULL, slab->node);
	json_number(json, NULL, (long long)slab->index);
	json_number(json, NULL, slab->nr_cpu_free);
	json_text(json, NULL, letters, slab->nr_objects);
	json_begin(json, NULL, '[');
	for (unsigned int i = 0; i < slab->nr_free; i++)
		json_number(json, NULL, slab->free[i]);
	json_end(json, ']');
	write_damage(cache, slab, letters, json);
	free(letters);
}
