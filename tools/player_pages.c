/* SPDX-License-Identifier: MIT */
#include <kalloc/page.h>

#include "player.h"

static void forget(struct player *player, struct table_slot *block)
{
	table_put(&player->freed_pages, block->key)->value = player->nr_events;
	table_drop(&player->pages.blocks, block);
}

static void release(struct player *player, struct table_slot *block)
{
	unsigned int order = holder_order(block);

	if (block->value >= PLAYER_TWINS) {
		player->twin = block->value;
		__free_pages((struct page *)(uintptr_t)block->value, order);
		player->now.frames -= 1ull << order;
	}
	forget(player, block);
}

enum tally_reason player_page_alloc(struct player *player, const struct trace_event *event)
{
	gfp_t gfp = (event->gfp | __GFP_NOWARN) & ~(__GFP_NOFAIL | __GFP_COMP);
	bool owned = plan_owns_page(player->plan, player->nr_page_allocs++);
	bool in_call = event->in_call;
	struct table_slot *block;
	struct page *page;

	if (!event->pfn)
		return TALLY_FAILED;
	block = table_find(&player->pages.blocks, event->pfn + 1);
	if (block) {
		player->tally.implicit++;
		release(player, block);
	}
	block = holders_put(&player->pages, event->pfn, event->order);
	block->value = PLAYER_OWN;
	if (owned || in_call)
		return owned ? TALLY_SLAB_PAGE_ALLOC : TALLY_IN_CALL;
	page = alloc_pages(gfp, event->order);
	block->value = page ? (uint64_t)(uintptr_t)page : PLAYER_FAILED;
	if (!page)
		return TALLY_NO_MEMORY;
	player->twin = block->value;
	player->now.frames += 1ull << event->order;
	player_peak(player);
	return TALLY_PAGE_ALLOC;
}

/* Make single frames of a block, as its owner has done in the traced kernel. */
static void split(struct player *player, struct table_slot *block)
{
	uint64_t pfn = holder_pfn(block), value = block->value;
	unsigned int order = holder_order(block);
	struct page *page = NULL;

	if (value >= PLAYER_TWINS) {
		page = (struct page *)(uintptr_t)value;
		split_page(page, order);
	}
	for (uint64_t i = 0; i < 1ull << order; i++)
		holders_put(&player->pages, pfn + i, 0)->value =
			page ? (uint64_t)(uintptr_t)(page + i) : value;
}

static enum tally_reason reason_of(const struct table_slot *block)
{
	if (block->value >= PLAYER_TWINS)
		return TALLY_PAGE_FREE;
	return block->value == PLAYER_OWN ? TALLY_SLAB_PAGE_FREE : TALLY_NO_MEMORY_FREE;
}

/* A page that leaves the free lists was free, whatever is known of it. */
void player_page_taken(struct player *player, const struct trace_event *event)
{
	if (!holders_find(&player->pages, event->pfn))
		table_put(&player->freed_pages, event->pfn + 1)->value = player->nr_events;
}

static enum tally_reason why_free(const struct player *player, uint64_t freed)
{
	return player->plan->silent_pages ? TALLY_SILENT_PAGE : player_why_free(player, freed);
}

/* Whether @pfn .. @end - 1 are all blocks whose twins lie as they do, side by side. */
static bool is_run(const struct player *player, uint64_t pfn, uint64_t end)
{
	const struct page *next = NULL;

	while (pfn < end) {
		const struct table_slot *block = table_find(&player->pages.blocks, pfn + 1);
		const struct page *page = block ? (void *)(uintptr_t)block->value : NULL;

		if (!block || block->value < PLAYER_TWINS || (next && page != next))
			return false;
		next = page + (1ull << holder_order(block));
		pfn += 1ull << holder_order(block);
	}
	return pfn == end;
}

/*
 * Free the twins of @pfn on as the one block that they are: the first frame's reference is
 * that of all.
 */
static void release_run(struct player *player, uint64_t pfn, unsigned int order)
{
	struct table_slot *block = table_find(&player->pages.blocks, pfn + 1);
	struct page *page = (struct page *)(uintptr_t)block->value;

	for (uint64_t i = 1; i < 1ull << order; i++)
		page[i]._refcount.counter = 0;
	for (uint64_t i = 0; i < 1ull << order;) {
		block = table_find(&player->pages.blocks, pfn + i + 1);
		i += 1ull << holder_order(block);
		forget(player, block);
	}
	player->now.frames -= 1ull << order;
	__free_pages(page, order);
}

static bool is_aligned(const struct table_slot *block, unsigned int order)
{
	return block->value >= PLAYER_TWINS &&
	       page_to_pfn((struct page *)(uintptr_t)block->value) % (1ul << order) == 0;
}

/* Free what lies in a range block by block. */
static void release_each(struct player *player, uint64_t pfn, uint64_t end)
{
	while (pfn < end) {
		struct table_slot *block = table_find(&player->pages.blocks, pfn + 1);
		unsigned int order = 0;

		if (block) {
			order = holder_order(block);
			release(player, block);
		}
		pfn += 1ull << order;
	}
}

enum tally_reason player_page_free(struct player *player, const struct trace_event *event)
{
	struct table_slot *block = holders_find(&player->pages, event->pfn);
	uint64_t end = event->pfn + (1ull << event->order);
	enum tally_reason reason;

	if (!block) {
		const struct table_slot *freed = table_find(&player->freed_pages, event->pfn + 1);

		reason = freed ? why_free(player, freed->value) : TALLY_BORN_PAGE;
		table_put(&player->freed_pages, event->pfn + 1)->value = player->nr_events;
		return reason;
	}
	reason = reason_of(block);
	if (holder_pfn(block) != event->pfn || holder_order(block) > event->order) {
		split(player, block);
		block = table_find(&player->pages.blocks, event->pfn + 1);
	}
	if (event->order && is_aligned(block, event->order) && is_run(player, event->pfn, end))
		release_run(player, event->pfn, event->order);
	else
		release_each(player, event->pfn, end);
	return reason;
}
