/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "view.h"

#define PAGE_KB 4

static int word_find(const char *text, const char *const *words, int nr)
{
	for (int i = 0; i < nr; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

int view_kind_parse(const char *text, enum view_kind *kind)
{
	static const char *const words[] = { "caches", "zones", "cpus" };
	int found = word_find(text, words, 3);

	*kind = found < 0 ? VIEW_CACHES : (enum view_kind)found;
	return found < 0 ? -1 : 0;
}

int view_sort_parse(const char *text, enum view_sort *sort)
{
	static const char *const words[] = { "size", "objects", "active", "use", "name" };
	int found = word_find(text, words, 5);

	*sort = found < 0 ? SORT_SIZE : (enum view_sort)found;
	return found < 0 ? -1 : 0;
}

__attribute__((format(printf, 2, 3))) static void add(struct view_lines *lines, const char *format,
						      ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	lines->line = memory_grow(lines->line, &lines->room, lines->nr + 1, sizeof(*lines->line));
	lines->line[lines->nr++] = memory_text(text, strlen(text));
}

/* --- what is the same in every view ------------------------------------------------------ */

/* "12.3M": in at most six characters. */
static const char *size_text(unsigned long kb, char text[16])
{
	static const char units[] = "KMGT";
	double size = (double)kb;
	int unit = 0;

	while (size >= 1024 && units[unit + 1]) {
		size /= 1024;
		unit++;
	}
	snprintf(text, 16, unit ? "%.1f%c" : "%.0f%c", size, units[unit]);
	return text;
}

static double rate(unsigned long now, unsigned long before, double seconds)
{
	return seconds > 0 && now >= before ? (double)(now - before) / seconds : 0;
}

static void head_add(struct view_lines *lines, const struct view *view, const struct sample *now,
		     const struct sample *before)
{
	char a[16], b[16], c[16], d[16];
	double seconds;

	add(lines, "%s", view->title);
	add(lines, " memory %s: free %s (%.1f %%), slab %s, vmalloc %s",
	    size_text(now->total_kb, a), size_text(now->free_kb, b),
	    now->total_kb ? 100.0 * (double)now->free_kb / (double)now->total_kb : 0.0,
	    size_text(now->slab_kb, c), size_text(now->vmalloc_kb, d));
	if (!before) {
		add(lines,
		    " so far: pages taken %lu, given back %lu, reclaimed %lu; compactions %lu, "
		    "failed %lu; ended for memory %lu",
		    now->allocated, now->freed, now->reclaimed, now->compacted, now->compact_failed,
		    now->oom_kills);
		return;
	}
	seconds = now->time - before->time;
	add(lines,
	    " a second: pages taken %.0f, given back %.0f, reclaimed %.0f; compactions %.1f, "
	    "failed %.1f; ended for memory %.1f",
	    rate(now->allocated, before->allocated, seconds),
	    rate(now->freed, before->freed, seconds),
	    rate(now->reclaimed, before->reclaimed, seconds),
	    rate(now->compacted, before->compacted, seconds),
	    rate(now->compact_failed, before->compact_failed, seconds),
	    rate(now->oom_kills, before->oom_kills, seconds));
}

/* --- caches -------------------------------------------------------------------------------- */

static unsigned long cache_kb(const struct slabinfo_row *row)
{
	return row->slabs * row->pages_per_slab * PAGE_KB;
}

static double cache_use(const struct slabinfo_row *row)
{
	return row->objects ? 100.0 * (double)row->active_objects / (double)row->objects : 0;
}

/* Larger first. */
static int order_of(double a, double b)
{
	return (a < b) - (a > b);
}

static enum view_sort sorted_by;

static int cache_compare(const void *left, const void *right)
{
	const struct slabinfo_row *a = left, *b = right;
	int order = 0;

	switch (sorted_by) {
	case SORT_SIZE:
		order = order_of((double)cache_kb(a), (double)cache_kb(b));
		break;
	case SORT_OBJECTS:
		order = order_of((double)a->objects, (double)b->objects);
		break;
	case SORT_ACTIVE:
		order = order_of((double)a->active_objects, (double)b->active_objects);
		break;
	case SORT_USE:
		order = order_of(cache_use(a), cache_use(b));
		break;
	case SORT_NAME:
		break;
	}
	return order ? order : strcmp(a->name, b->name);
}

static void caches_add(struct view_lines *lines, const struct view *view, struct sample *now)
{
	sorted_by = view->sort;
	qsort(now->caches, now->nr_caches, sizeof(*now->caches), cache_compare);
	add(lines, "%8s %8s %5s %8s %7s %8s %6s  %s", "OBJS", "ACTIVE", "USE", "OBJ SIZE", "SLABS",
	    "OBJ/SLAB", "SIZE", "NAME");
	lines->nr_fixed = lines->nr;
	for (size_t i = 0; i < now->nr_caches; i++) {
		const struct slabinfo_row *row = &now->caches[i];
		char size[16];

		add(lines, "%8lu %8lu %4.0f%% %8lu %7lu %8lu %6s  %s", row->objects,
		    row->active_objects, cache_use(row), row->size, row->slabs,
		    row->objects_per_slab, size_text(cache_kb(row), size), row->name);
	}
}

/* --- zones --------------------------------------------------------------------------------- */

/*
 * Of 1: how much of the free memory is in blocks smaller than @order (the kernel's
 * unusable_index).
 */
static double unusable(const struct sample_zone *zone, unsigned int order)
{
	double free = 0, usable = 0;

	for (unsigned int i = 0; i < zone->nr_orders; i++) {
		double pages = (double)zone->blocks[i] * (double)(1UL << i);

		free += pages;
		if (i >= order)
			usable += pages;
	}
	return free > 0 ? (free - usable) / free : 0;
}

static void orders_add(struct view_lines *lines, const struct sample_zone *zone, bool index)
{
	char text[SAMPLE_ORDERS * 8 + 1];
	int at = 0;

	for (unsigned int i = 0; i < zone->nr_orders; i++) {
		if (index)
			at += snprintf(text + at, sizeof(text) - (size_t)at, " %6.3f",
				       unusable(zone, i));
		else
			at += snprintf(text + at, sizeof(text) - (size_t)at, " %6lu",
				       zone->blocks[i]);
	}
	add(lines, "%19s%s", index ? "unusable" : "free blocks", at ? text : "");
}

/* Which of the marks the free pages are under. */
static const char *mark_of(const struct sample_zone *zone)
{
	return zone->free < zone->min	 ? "below min"
	       : zone->free < zone->low	 ? "below low"
	       : zone->free < zone->high ? "below high"
					 : "above high";
}

static void zones_add(struct view_lines *lines, const struct sample *now)
{
	char text[SAMPLE_ORDERS * 8 + 1];
	int at = 0;

	for (unsigned int i = 0; now->nr_zones && i < now->zones[0].nr_orders; i++)
		at += snprintf(text + at, sizeof(text) - (size_t)at, " %6u", i);
	add(lines, "%19s%s", "ORDER", at ? text : "");
	lines->nr_fixed = lines->nr;
	for (size_t i = 0; i < now->nr_zones; i++) {
		const struct sample_zone *zone = &now->zones[i];

		add(lines, "Node %u, zone %s: free %lu of %lu, min %lu low %lu high %lu: %s",
		    zone->node, zone->name, zone->free, zone->managed, zone->min, zone->low,
		    zone->high, mark_of(zone));
		orders_add(lines, zone, false);
		orders_add(lines, zone, true);
	}
}

/* --- CPUs ---------------------------------------------------------------------------------- */

#define BAR 40

static void cpus_add(struct view_lines *lines, const struct sample *now)
{
	add(lines, "%4s %4s %8s %7s %7s %6s", "CPU", "NODE", "ZONE", "PAGES", "HIGH", "BATCH");
	lines->nr_fixed = lines->nr;
	for (size_t i = 0; i < now->nr_zones; i++) {
		const struct sample_zone *zone = &now->zones[i];

		for (size_t j = 0; j < zone->nr_cpus; j++) {
			const struct sample_pages *pages = &zone->cpus[j];
			unsigned long most = pages->high ? pages->high : 1;
			unsigned long full = pages->count * BAR / most;
			char bar[BAR + 1];

			full = full > BAR ? BAR : full;
			memset(bar, '#', full);
			bar[full] = '\0';
			add(lines, "%4u %4u %8s %7lu %7lu %6lu  %s", pages->cpu, zone->node,
			    zone->name, pages->count, pages->high, pages->batch, bar);
		}
	}
}

void view_make(struct view_lines *lines, const struct view *view, struct sample *now,
	       const struct sample *before)
{
	*lines = (struct view_lines){ 0 };
	head_add(lines, view, now, before);
	add(lines, "%s", "");
	switch (view->kind) {
	case VIEW_CACHES:
		caches_add(lines, view, now);
		break;
	case VIEW_ZONES:
		zones_add(lines, now);
		break;
	case VIEW_CPUS:
		cpus_add(lines, now);
		break;
	}
}

void view_free(struct view_lines *lines)
{
	for (size_t i = 0; i < lines->nr; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct view_lines){ 0 };
}
