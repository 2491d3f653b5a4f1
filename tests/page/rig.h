/* SPDX-License-Identifier: MIT */
/*
 * What the suites of the page room share: a machine per test with the console
 * caught, and the conservation of its frames.
 *
 * Conservation: in every zone, frames on the lists + frames on the CPUs' lists +
 * frames in use == managed. rig_down() checks that a test left as many free
 * frames as it found, and that every structure is whole.
 */
#ifndef TEST_PAGE_RIG_H
#define TEST_PAGE_RIG_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/page.h>

#include "page/block.h"
#include "page/pcp.h"
#include "page/request.h"
#include "page/room.h"

struct rig {
	struct kalloc_machine *m;
	unsigned long nr_free; /* after boot */
};

static inline struct zone *rig_zone(const struct rig *rig, int nid, enum zone_type type)
{
	return &rig->m->page->nodes[nid].zones[type];
}

static char said[16384]; /* by the library, since said_clear() */

static inline void said_append(void *ctx, const char *text)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s", text);
}

static inline void said_clear(void)
{
	said[0] = '\0';
}

/* How often the console was told @text. */
static inline int said_count(const char *text)
{
	int nr = 0;

	for (const char *at = said; (at = strstr(at, text)); at++)
		nr++;
	return nr;
}

/* Frames on a zone's lists, counted block by block; checks the zone on the way. */
static inline unsigned long zone_check(struct zone *zone)
{
	unsigned long listed = 0, on_cpus = 0;

	if (!zone->managed_pages)
		return 0;
	assert_true(buddy_ok(&zone->buddy));
	for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
		listed += zone->buddy.area[order].nr_free << order;
	assert_int_equal(zone_free_exact(zone), listed);
	for (unsigned int cpu = 0; cpu < zone->nr_cpus; cpu++) {
		assert_true(pcp_ok(&zone->pcp[cpu]));
		on_cpus += zone->pcp[cpu].count;
	}
	assert_in_range(listed + on_cpus, 0, zone->managed_pages);
	return listed + on_cpus;
}

/* Free frames of the machine, those on the CPUs' lists included. */
static inline unsigned long rig_free(const struct rig *rig)
{
	unsigned long nr = 0;
	struct zone *zone;

	for_each_zone(zone, rig->m->page)
		nr += zone_check(zone);
	return nr;
}

/* Boot a machine, enter it on its CPU 0 and catch what it says. */
static inline struct rig rig_up(const char *cmdline)
{
	struct rig rig;

	said_clear();
	kalloc_set_console(said_append, NULL);
	rig.m = kalloc_boot(cmdline);
	if (!rig.m)
		fail_msg("%s: %s", cmdline, said);
	kalloc_enter(rig.m);
	kalloc_set_cpu(0);
	pages_drain(rig.m);
	rig.nr_free = rig_free(&rig);
	return rig;
}

/* Halt it; @lost frames may be missing, that were found bad. */
static inline void rig_down_lost(struct rig *rig, unsigned long lost)
{
	assert_int_equal(rig_free(rig) + lost, rig->nr_free);
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(rig->m);
}

static inline void rig_down(struct rig *rig)
{
	rig_down_lost(rig, 0);
}

/* Blocks taken by rig_exhaust, linked through their first frame's lru. */
static inline unsigned long rig_exhaust(struct list_head *taken, gfp_t gfp, unsigned int order)
{
	unsigned long nr = 0;
	struct page *page;

	while ((page = alloc_pages(gfp | __GFP_NOWARN, order))) {
		list_add(&page->lru, taken);
		nr++;
	}
	return nr;
}

static inline void rig_release(struct list_head *taken, unsigned int order)
{
	while (!list_empty(taken)) {
		struct page *page = list_first_entry(taken, struct page, lru);

		list_del(&page->lru);
		__free_pages(page, order);
	}
}

static inline bool under_valgrind(void)
{
	return getenv("KALLOC_UNDER_VALGRIND") != NULL;
}

#endif
