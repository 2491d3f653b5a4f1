/* SPDX-License-Identifier: MIT */
/*
 * Who allocated what is left (--leak-sites). A *site* is a call stack that something of one
 * kind came from: objects of a cache, frames, areas of the vmalloc space, per-CPU areas.
 *
 * Objects and per-CPU areas are noted one by one as they come and go (kalloc/observe.h); of
 * frames and vmalloc areas the library keeps records itself, which are read at the
 * beginning, where they count against a site, and at the end.
 */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <kalloc/inspect.h>
#include <kalloc/vmalloc.h>
#include <kalloc/observe.h>

#include "core.h"

#define NR_ENTRIES 16
#define SITE_BITS  10
#define PIECE_BITS 16

struct site {
	struct site *next;
	const void *kind; /* a struct kmem_cache, or one of those below */
	bool is_told;
	unsigned int nr_entries;
	long nr, bytes;
	unsigned long entries[NR_ENTRIES];
};

/* Something that was allocated. */
struct piece {
	struct piece *next;
	const void *at;
	struct site *site;
	long bytes;
};

const char sites_frames[] = "frames", sites_areas[] = "areas", sites_percpu[] = "per-CPU";

static bool is_on;
static DEFINE_RAW_SPINLOCK(lock); /* of all that is below */
static struct site *sites[1 << SITE_BITS];
static struct piece *pieces[1 << PIECE_BITS];
static struct piece *spare;

static unsigned long mix(unsigned long hash, unsigned long word)
{
	return (hash ^ word) * 0x9e3779b97f4a7c15UL;
}

/* With the lock held. */
static struct site *site_find(const void *kind, const unsigned long *entries, unsigned int nr)
{
	unsigned long hash = mix(nr, (unsigned long)kind);
	struct site **head, *site;
	unsigned int i;

	for (i = 0; i < nr; i++)
		hash = mix(hash, entries[i]);
	head = &sites[hash >> (BITS_PER_LONG - SITE_BITS)];
	for (site = *head; site; site = site->next)
		if (site->kind == kind && site->nr_entries == nr &&
		    !memcmp(site->entries, entries, nr * sizeof(*entries)))
			return site;
	site = host_zalloc(sizeof(*site));
	site->kind = kind;
	site->nr_entries = nr;
	memcpy(site->entries, entries, nr * sizeof(*entries));
	site->next = *head;
	*head = site;
	return site;
}

static struct piece **piece_find(const void *at)
{
	struct piece **link = &pieces[mix(0, (unsigned long)at) >> (BITS_PER_LONG - PIECE_BITS)];

	while (*link && (*link)->at != at)
		link = &(*link)->next;
	return link;
}

static void piece_add(const void *at, struct site *site, long bytes)
{
	struct piece **link = piece_find(at), *piece = spare;

	if (piece)
		spare = piece->next;
	else
		piece = host_zalloc(sizeof(*piece));
	*piece = (struct piece){ .next = *link, .at = at, .site = site, .bytes = bytes };
	*link = piece;
	site->nr++;
	site->bytes += bytes;
}

void sites_drop(const void *at)
{
	struct piece **link, *piece;
	unsigned long flags;

	if (!is_on)
		return;
	raw_spin_lock_irqsave(&lock, flags);
	link = piece_find(at);
	piece = *link;
	if (piece) {
		*link = piece->next;
		piece->site->nr--;
		piece->site->bytes -= piece->bytes;
		piece->next = spare;
		spare = piece;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
}

unsigned int sites_stack(unsigned long *entries, unsigned int most, unsigned long caller)
{
	unsigned int nr = kalloc_stack(entries, most), first = 0;

	while (first < nr && caller && entries[first] != caller)
		first++;
	if (first == nr)
		first = 0;
	memmove(entries, entries + first, (nr - first) * sizeof(*entries));
	return nr - first;
}

void sites_take(const void *kind, const void *at, size_t bytes, unsigned long caller)
{
	unsigned long entries[NR_ENTRIES], flags;
	unsigned int nr;

	if (!is_on)
		return;
	nr = sites_stack(entries, NR_ENTRIES, caller);
	raw_spin_lock_irqsave(&lock, flags);
	piece_add(at, site_find(kind, entries, nr), (long)bytes);
	raw_spin_unlock_irqrestore(&lock, flags);
}

static void object_taken(struct kmem_cache *s, void *object)
{
	sites_take(s, object, kmem_cache_size(s), 0);
}

static void object_given(struct kmem_cache *s, void *object)
{
	sites_drop(object);
}

/* --- what the library keeps records of ------------------------------------------ */

/* Add to what a site has, or take from it. */
static void site_count(const void *kind, const unsigned long *entries, unsigned int nr, long count,
		       long bytes)
{
	unsigned long flags;
	struct site *site;

	raw_spin_lock_irqsave(&lock, flags);
	site = site_find(kind, entries, nr);
	site->nr += count;
	site->bytes += bytes;
	raw_spin_unlock_irqrestore(&lock, flags);
}

static void frames_visit(void *ctx, const struct kalloc_block *block)
{
	unsigned long entries[NR_ENTRIES];
	long count = 1L << block->order;
	int sign = *(int *)ctx;

	if (block->state == KALLOC_FRAMES_USED)
		site_count(sites_frames, entries,
			   kalloc_page_stack(pfn_to_page(block->pfn), entries, NR_ENTRIES),
			   sign * count, sign * count * (long)PAGE_SIZE);
}

static void areas_visit(int sign)
{
	char *text = live_file("/proc/vmallocinfo"), *line = text;

	while (line && *line) {
		unsigned long start, bytes, caller = 0;
		const struct vm_struct *vm;

		if (sscanf(line, "0x%lx-0x%*x %lu", &start, &bytes) == 2) {
			vm = find_vm_area((const void *)start);
			if (vm) {
				caller = (unsigned long)vm->caller;
				bytes = get_vm_area_size(vm);
			}
			site_count(sites_areas, &caller, vm != NULL, sign, sign * (long)bytes);
		}
		line = strchr(line, '\n');
		line += line != NULL;
	}
	host_free(text);
}

static void records_read(int sign)
{
	kalloc_inspect_frames(frames_visit, &sign);
	areas_visit(sign);
}

/* --- the report ------------------------------------------------------------------ */

void sites_begin(void)
{
	static const struct kalloc_observer observer = { object_taken, object_given };

	is_on = true;
	records_read(-1);
	kalloc_observe(&observer);
}

static bool is_cache(const struct site *site)
{
	return site->kind != sites_frames && site->kind != sites_areas &&
	       site->kind != sites_percpu;
}

static const char *cache_name(const struct site *site)
{
	return kmem_cache_name((void *)site->kind);
}

/* A cache's name is an object, too, but the library's. */
static void names_drop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		struct piece *piece;

		for (piece = pieces[i]; piece; piece = piece->next)
			if (is_cache(piece->site) && !strcmp(cache_name(piece->site), "kmem_cache"))
				sites_drop(kmem_cache_name((void *)piece->at));
	}
}

void sites_end(void)
{
	if (!is_on)
		return;
	kalloc_observe(NULL);
	names_drop();
	records_read(1);
}

static void site_tell(const struct site *site)
{
	char text[512];

	host_stack(site->entries, site->nr_entries, text, sizeof(text));
	printk("kalloc:   %ld, %ld bytes, by %s\n", site->nr, site->bytes, text);
}

static bool is_of(const struct site *site, const void *kind, const char *cache)
{
	if (kind)
		return site->kind == kind;
	return is_cache(site) && !strcmp(cache_name(site), cache);
}

/* More first, then in the order of addresses, whose differences are the same in each run. */
static bool comes_before(const struct site *a, const struct site *b)
{
	unsigned int i = 0;

	if (a->nr != b->nr)
		return a->nr > b->nr;
	while (i + 1 < a->nr_entries && i + 1 < b->nr_entries && a->entries[i] == b->entries[i])
		i++;
	return a->entries[i] < b->entries[i];
}

/* The first of those that are left and have not been told. */
static struct site *next_of(const void *kind, const char *cache)
{
	struct site *site, *first = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sites); i++)
		for (site = sites[i]; site; site = site->next)
			if (site->nr > 0 && !site->is_told && is_of(site, kind, cache) &&
			    (!first || comes_before(site, first)))
				first = site;
	return first;
}

void sites_tell(const void *kind, const char *cache)
{
	struct site *site;

	while ((site = next_of(kind, cache))) {
		site->is_told = true;
		site_tell(site);
	}
}
