/* SPDX-License-Identifier: MIT */
#include "states.h"

#include <stdio.h>
#include <string.h>

#include <kalloc/context.h>

#include "page/pcp.h"
#include "vmap/lazy.h"

#define MIN_FREE_KBYTES 2048

/* Whoever takes these wakes nobody, and leaves nothing. */
#define GFP_TAKE (__GFP_MEMALLOC | __GFP_HIGHMEM | __GFP_MOVABLE | __GFP_NOWARN)

/* --- what is told ----------------------------------------------------------- */

static void hear(void *ctx, const char *text)
{
	struct situation *situation = ctx;

	if (strstr(text, "page allocation failure") || strstr(text, "vmalloc error") ||
	    strstr(text, "SLUB: Unable to allocate"))
		situation->nr_warnings++;
	if (strstr(text, "BUG: sleeping function called from invalid context"))
		situation->nr_sleeps++;
}

static void evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct situation *situation = mapping->ctx;

	situation->nr_evicted[mapping - situation->mapping]++;
}

static void moved(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct situation *situation = mapping->ctx;

	situation->nr_moved++;
}

static const struct kalloc_mapping_ops mapping_ops = { .evicted = evicted, .moved = moved };

static int oom_asked(struct notifier_block *nb, unsigned long action, void *data)
{
	struct situation *situation = container_of(nb, struct situation, oom);

	situation->nr_oom++;
	return 0;
}

/* --- getting there ----------------------------------------------------------- */

bool situation_boot(struct situation *situation, const struct table_state *state)
{
	char cmdline[96];

	*situation = (struct situation){ .state = state, .oom.notifier_call = oom_asked };
	snprintf(cmdline, sizeof(cmdline),
		 "mem=8M nr_cpus=1 slab_nomerge kalloc.daemons=step kalloc.swap=%s",
		 state->swap ? "4M" : "0");
	situation->m = kalloc_boot(cmdline);
	if (!situation->m)
		return false;
	kalloc_enter(situation->m);
	kalloc_set_cpu(0);
	situation->zone = situation->m->page->nodes[0].only[0];
	page_set_watermark_boost_factor(situation->m, 0);
	page_set_min_free_kbytes(situation->m, MIN_FREE_KBYTES);
	list_init(&situation->used);
	for (int kind = 0; kind < 3; kind++)
		situation->mapping[kind] =
			(struct kalloc_mapping){ .ops = &mapping_ops, .ctx = situation };
	register_oom_notifier(&situation->oom);
	return true;
}

/* Free frames, once the CPU's lists are given back. */
static long nr_free(struct situation *situation)
{
	return zone_free_exact(situation->zone) + situation->zone->pcp[0].count;
}

static void give_all(struct list_head *taken)
{
	while (!list_empty(taken)) {
		struct page *page = list_first_entry(taken, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
	}
}

/* Take single frames until @left are free. The buddy gives its smallest blocks first. */
static void take(struct situation *situation, struct list_head *taken, long left)
{
	while (nr_free(situation) > left) {
		struct page *page = alloc_page(GFP_TAKE);

		if (!page)
			break;
		list_add(&page->lru, taken);
	}
}

static void poison(struct situation *situation)
{
	struct list_head taken = LIST_INIT(taken);
	struct page *page;

	take(situation, &taken, 0);
	list_for_each_entry(page, &taken, lru)
		memset(page_address(page), POISON, PAGE_SIZE);
	give_all(&taken);
	pages_drain(situation->m);
}

/* Put @nr of the frames in use on the LRU lists. */
static void add_pages(struct situation *situation, unsigned int nr, enum kalloc_page_kind kind)
{
	while (nr--) {
		struct page *page = list_first_entry(&situation->used, struct page, lru);

		list_del(&page->lru);
		kalloc_lru_add(page, &situation->mapping[kind], kind);
	}
}

/* Free every second frame; what lies between is in use, or can be moved but not freed. */
static void scatter(struct situation *situation)
{
	struct page *page, *tmp;

	take(situation, &situation->used, 0);
	list_for_each_entry_safe(page, tmp, &situation->used, lru) {
		bool odd = page_to_pfn(page) & 1;

		if (!odd && situation->state->scattering == SCATTER_PINNED)
			continue;
		list_del(&page->lru);
		if (odd)
			__free_page(page);
		else
			kalloc_lru_add(page, &situation->mapping[KALLOC_PAGE_ANON],
				       KALLOC_PAGE_ANON);
	}
	pages_drain(situation->m);
}

static void forget(struct situation *situation)
{
	struct kswapd *kswapd = &situation->m->page->nodes[0].kswapd;

	*kswapd = (struct kswapd){ 0 };
	if (situation->state->gave_up)
		kswapd->failures = KSWAPD_MAX_FAILURES;
	kalloc_set_console(hear, situation);
}

bool situation_reach(struct situation *situation)
{
	const struct table_state *state = situation->state;

	lazy_purge(situation->m);
	pages_drain(situation->m);
	if (situation->is_poisoned)
		poison(situation);
	if (state->scattering != SCATTER_NOT)
		scatter(situation);
	else if (state->nr_free >= 0)
		take(situation, &situation->used, state->nr_free);
	for (int kind = 0; kind < 3; kind++)
		add_pages(situation, state->nr_pages[kind], (enum kalloc_page_kind)kind);
	pages_drain(situation->m);
	forget(situation);
	if (state->nr_free >= 0 && zone_free_exact(situation->zone) != state->nr_free) {
		fprintf(stderr, "%s: %ld frames free, not %ld\n", state->name,
			zone_free_exact(situation->zone), state->nr_free);
		return false;
	}
	return true;
}

void situation_enter(struct situation *situation)
{
	switch (situation->state->context) {
	case IN_NOTHING:
		break;
	case IN_ATOMIC:
		kalloc_atomic_enter();
		break;
	case IN_NOFS:
		situation->scope = memalloc_nofs_save();
		break;
	case IN_NOIO:
		situation->scope = memalloc_noio_save();
		break;
	case IN_NORECLAIM:
		situation->scope = memalloc_noreclaim_save();
		break;
	}
}

void situation_leave(struct situation *situation)
{
	switch (situation->state->context) {
	case IN_NOTHING:
		break;
	case IN_ATOMIC:
		kalloc_atomic_leave();
		break;
	case IN_NOFS:
		memalloc_nofs_restore(situation->scope);
		break;
	case IN_NOIO:
		memalloc_noio_restore(situation->scope);
		break;
	case IN_NORECLAIM:
		memalloc_noreclaim_restore(situation->scope);
		break;
	}
}

/* --- what is to be seen ------------------------------------------------------ */

static enum reclaimed what_was_reclaimed(const struct situation *situation)
{
	enum reclaimed what = situation->nr_moved ? RECLAIMED_MOVED : RECLAIMED_NONE;

	for (int kind = 0; kind < 3; kind++) {
		if (situation->nr_evicted[kind])
			what = what == RECLAIMED_NONE ? (enum reclaimed)(RECLAIMED_CLEAN + kind)
						      : RECLAIMED_MIXED;
	}
	return what;
}

static enum woke who_was_woken(const struct situation *situation)
{
	const struct kswapd *kswapd = &situation->m->page->nodes[0].kswapd;

	return (enum woke)((kswapd->woken ? WOKE_KSWAPD : 0) |
			   (kswapd->compact ? WOKE_KCOMPACTD : 0));
}

static enum dug how_deep(struct situation *situation)
{
	long min = (long)situation->zone->_watermark[WMARK_MIN];
	long left = zone_free_exact(situation->zone);

	if (left > (long)situation->zone->_watermark[WMARK_LOW])
		return DUG_HIGH;
	if (left > min)
		return DUG_LOW;
	if (left > min / 2)
		return DUG_MIN;
	return left > min * 3 / 8 ? DUG_HALF : DUG_ATOMIC;
}

struct outcome situation_outcome(struct situation *situation, const struct layer *layer,
				 const struct request *request, bool granted)
{
	struct outcome outcome = { .value = {
					   [COLUMN_RECLAIMED] = (int)what_was_reclaimed(situation),
					   [COLUMN_WOKE] = (int)who_was_woken(situation),
					   [COLUMN_WARNED] = situation->nr_warnings != 0,
					   [COLUMN_SLEPT] = situation->nr_sleeps != 0,
					   [COLUMN_ZEROED] = situation->is_poisoned ? 0 : -1,
				   } };

	outcome.value[COLUMN_RESULT] = situation->nr_oom ? RESULT_POLICY : RESULT_NULL;
	if (!granted)
		return outcome;
	outcome.value[COLUMN_ZEROED] = situation->is_poisoned ? layer_gave_zeroes(request) : -1;
	if (layer_gave_reserve(layer, request)) {
		outcome.value[COLUMN_RESULT] = RESULT_RESERVE;
		return outcome;
	}
	outcome.value[COLUMN_RESULT] = RESULT_OK;
	outcome.value[COLUMN_DUG] = (int)how_deep(situation);
	return outcome;
}

void situation_halt(struct situation *situation)
{
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(situation->m);
}
