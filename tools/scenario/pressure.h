/* SPDX-License-Identifier: MIT */
/* Taking the free frames of a zone, as others would who need memory. */
#ifndef SCENARIO_PRESSURE_H
#define SCENARIO_PRESSURE_H

#include <stdbool.h>

#include <kalloc/page.h>

/* The zone_type of a name of /proc/zoneinfo. Return: false if there is none. */
bool pressure_zone(const char *name, enum zone_type *type);

/*
 * A single frame of a zone, without reclaim and without regard to marks. Return: NULL if it
 * has none left.
 */
struct page *pressure_take(enum zone_type type);

#endif
