/* SPDX-License-Identifier: MIT */
/*
 * Plays a trace on a machine: objects through the slab allocator, page blocks
 * that no object owns through the page allocator.
 *
 * An object address of the trace leads to its twin here. The caches are those of
 * the plan, made before the first event in the sizes that the kernel had, and
 * filled with the objects that were *born before* the trace if that is asked
 * for. A free whose address was never allocated takes one of those, if the
 * cache is named; else it is counted with the reason why it cannot be matched.
 *
 * A page block may be freed in parts (split_page); so its twin is asked for
 * without __GFP_COMP and split when that happens. Single frames may come back as one block
 * (vfree() of this library): so do their twins, if they lie side by side.
 *
 * Where a recording of this library says that a cache was made, shrunk or destroyed, that call
 * is made here, too, and what its thread did in the course of it is left out.
 */
#ifndef TOOLS_PLAYER_H
#define TOOLS_PLAYER_H

#include <kalloc/slab.h>

#include "holders.h"
#include "plan.h"
#include "tally.h"

struct player_cache {
	struct kmem_cache *ours; /* NULL: kmalloc, or not made */
	bool own;		 /* the machine fills this cache by itself */
	void **stock;		 /* objects born before tracing, still in use */
	unsigned long nr_stock;
	unsigned long nr_born;
};

struct player_use {
	unsigned long long objects;
	unsigned long long bytes;  /* their ksize() here */
	unsigned long long frames; /* of page blocks, not of slabs */
};

struct player {
	struct plan *plan;
	struct player_cache *caches; /* by the numbers of plan->caches */
	struct table objects; /* address → twin, or PLAYER_*; extra: cache, or event of the free */
	struct holders pages;	  /* pfn → struct page, or PLAYER_*; extra: order */
	struct table freed_pages; /* pfn + 1 → event at which it was free */
	struct tally tally;
	struct player_use now, peak;
	unsigned long long nr_born;
	unsigned long long classes_same, classes_other; /* ksize() of kmalloc against the trace */
	uint64_t nr_events;
	uint64_t nr_page_allocs;
	int cpu;
	uint64_t twin; /* of the event taken last: an object or struct page here; 0: none */
};

/* What stands for a twin where there is none. */
#define PLAYER_FREE   0ull
#define PLAYER_FAILED 1ull  /* this machine had no memory */
#define PLAYER_OWN    2ull  /* not replayed: the machine's own, or an object's page */
#define PLAYER_TWINS  16ull /* addresses begin above */

/*
 * Prepare to play on the current machine: make the caches, and with @born the
 * objects from before the trace.
 */
void player_init(struct player *player, struct plan *plan, bool born);

/* Return: what became of the event. */
enum tally_reason player_take(struct player *player, const struct trace_event *event);

/* Forget the twins; what they hold is the machine's to take down. */
void player_fini(struct player *player);

/* player_calls.c: a call that is replayed whole, by its marks. */
enum tally_reason player_call(struct player *player, const struct trace_event *event);

/* player_pages.c */
enum tally_reason player_page_alloc(struct player *player, const struct trace_event *event);
void player_page_taken(struct player *player, const struct trace_event *event);
enum tally_reason player_page_free(struct player *player, const struct trace_event *event);

/* Count a free that found its address free since event @freed. */
enum tally_reason player_why_free(const struct player *player, uint64_t freed);

/* Keep the peak up to date after an allocation. */
void player_peak(struct player *player);

#endif
