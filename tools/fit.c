/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fit.h"
#include "log.h"
#include "memory.h"
#include "table.h"

#define NR_RANGES  5
#define MAX_WEIGHT 1000000
#define MAX_LIFE   1000000000

/* Lives below these are of the range. */
static const uint64_t range_ends[NR_RANGES] = { 8, 64, 512, 4096, UINT64_MAX };

/* The blocks of one order and type. */
struct fit_class {
	uint64_t nr_ended[NR_RANGES];
	uint64_t sum_of_lives[NR_RANGES];
	uint64_t nr_kept;
};

struct fit {
	struct table live; /* first pfn + 1 → class; extra: number of the allocation */
	struct fit_class classes[KALLOC_FRAGMENT_ORDERS][MIGRATE_PCPTYPES];
	uint64_t nr_allocs;
};

static struct fit_class *class_of(struct fit *fit, const struct table_slot *slot)
{
	return &fit->classes[slot->value / MIGRATE_PCPTYPES][slot->value % MIGRATE_PCPTYPES];
}

static unsigned int type_of(gfp_t gfp)
{
	if (gfp & __GFP_MOVABLE)
		return MIGRATE_MOVABLE;
	return gfp & __GFP_RECLAIMABLE ? MIGRATE_RECLAIMABLE : MIGRATE_UNMOVABLE;
}

static void take_alloc(struct fit *fit, const struct trace_event *event)
{
	struct table_slot *slot = table_find(&fit->live, event->pfn + 1);

	if (slot)
		class_of(fit, slot)->nr_kept++;
	else
		slot = table_put(&fit->live, event->pfn + 1);
	slot->value = event->order * MIGRATE_PCPTYPES + type_of(event->gfp);
	slot->extra = fit->nr_allocs++;
}

static void take_free(struct fit *fit, const struct trace_event *event)
{
	struct table_slot *slot = table_find(&fit->live, event->pfn + 1);
	uint64_t life;
	int range = 0;

	if (!slot)
		return;
	life = fit->nr_allocs - slot->extra;
	while (life >= range_ends[range])
		range++;
	class_of(fit, slot)->nr_ended[range]++;
	class_of(fit, slot)->sum_of_lives[range] += life;
	table_drop(&fit->live, slot);
}

static void keep_live(struct fit *fit)
{
	for (size_t i = 0; i < fit->live.nr_slots; i++) {
		if (fit->live.slots[i].key)
			class_of(fit, &fit->live.slots[i])->nr_kept++;
	}
}

/* --- from classes to sizes ---------------------------------------------- */

/* All lives of a class in its first range. */
static void merge_ranges(struct fit_class *class)
{
	for (int range = 1; range < NR_RANGES; range++) {
		class->nr_ended[0] += class->nr_ended[range];
		class->sum_of_lives[0] += class->sum_of_lives[range];
		class->nr_ended[range] = class->sum_of_lives[range] = 0;
	}
}

struct writer {
	struct kalloc_fragment_profile *profile;
	uint64_t scale; /* allocations for one of weight */
	size_t nr;	/* sizes, also where there is no room */
};

static void put_size(struct writer *writer, unsigned int order, unsigned int type, uint64_t nr,
		     uint64_t life)
{
	struct kalloc_fragment_size size = { .order = (unsigned char)order,
					     .migratetype = (unsigned char)type };

	if (!nr)
		return;
	size.weight = (unsigned int)((nr + writer->scale - 1) / writer->scale);
	size.life = (unsigned int)(life < MAX_LIFE ? life : MAX_LIFE);
	if (writer->nr < KALLOC_FRAGMENT_SIZES)
		writer->profile->sizes[writer->nr] = size;
	writer->nr++;
}

/* Return: the number of sizes that there are. */
static size_t put_sizes(const struct fit *fit, struct kalloc_fragment_profile *profile)
{
	struct writer writer = { profile, fit->nr_allocs / MAX_WEIGHT + 1, 0 };

	for (unsigned int order = 0; order < KALLOC_FRAGMENT_ORDERS; order++) {
		for (unsigned int type = 0; type < MIGRATE_PCPTYPES; type++) {
			const struct fit_class *class = &fit->classes[order][type];

			for (int range = 0; range < NR_RANGES; range++) {
				uint64_t nr = class->nr_ended[range];

				put_size(&writer, order, type, nr,
					 nr ? (class->sum_of_lives[range] + nr / 2) / nr : 0);
			}
			put_size(&writer, order, type, class->nr_kept, 0);
		}
	}
	return writer.nr;
}

static void write_mix(struct fit *fit, struct kalloc_fragment_profile *profile)
{
	size_t nr = put_sizes(fit, profile);

	if (nr > KALLOC_FRAGMENT_SIZES) {
		for (unsigned int order = 0; order < KALLOC_FRAGMENT_ORDERS; order++) {
			for (unsigned int type = 0; type < MIGRATE_PCPTYPES; type++)
				merge_ranges(&fit->classes[order][type]);
		}
		nr = put_sizes(fit, profile);
	}
	profile->nr_sizes = (unsigned int)nr;
}

static char *no_pages(const char *path)
{
	static const char why[] = ": no mm_page_alloc that succeeded in it";
	char *message = memory_new(strlen(path) + sizeof(why), 1);

	return strcat(strcpy(message, path), why);
}

char *fit_trace(struct kalloc_fragment_profile *profile, const char *path)
{
	struct fit *fit = memory_new(1, sizeof(*fit));
	struct log *log = log_open(path);
	struct trace_event event;
	char *message = NULL;
	int got;

	while ((got = log_next(log, &event)) > 0) {
		if (event.kind == TRACE_PAGE_ALLOC && event.pfn)
			take_alloc(fit, &event);
		else if (event.kind == TRACE_PAGE_FREE)
			take_free(fit, &event);
	}
	keep_live(fit);
	if (got < 0)
		message = memory_text(log_error(log), strlen(log_error(log)));
	else if (!fit->nr_allocs)
		message = no_pages(path);
	else
		write_mix(fit, profile);
	table_fini(&fit->live);
	log_close(log);
	free(fit);
	return message;
}
