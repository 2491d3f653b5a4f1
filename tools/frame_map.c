/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "frame_map.h"
#include "memory.h"

void frame_map_begin(struct frame_map *map, unsigned long start, unsigned long nr)
{
	frame_map_fini(map);
	map->start = start;
	map->nr = nr;
}

bool frame_map_has(const struct frame_map *map, unsigned long pfn)
{
	unsigned long i = pfn - map->start;

	return map->bits && map->bits[i / 8] >> i % 8 & 1;
}

unsigned long frame_map_enter(struct frame_map *map, unsigned long pfn, unsigned int order)
{
	if (!map->bits)
		map->bits = memory_new(map->nr / 8 + 1, 1);
	for (unsigned long i = pfn - map->start, end = i + (1UL << order); i < end; i++) {
		if (frame_map_has(map, map->start + i))
			return map->start + i;
		map->bits[i / 8] |= (unsigned char)(1U << i % 8);
	}
	return 0;
}

void frame_map_fini(struct frame_map *map)
{
	free(map->bits);
	*map = (struct frame_map){ 0 };
}
