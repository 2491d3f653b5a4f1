/* SPDX-License-Identifier: MIT */
#include "soak.h"

static unsigned long signature(const struct store *store, unsigned int slot)
{
	return (unsigned long)store ^ (slot + 1UL) << 48;
}

static void sign(const struct store *store, unsigned int slot, struct page *page)
{
	unsigned long *word = kmap_local_page(page);

	SOAK_CHECK(word);
	word[0] = word[PAGE_SIZE / sizeof(*word) - 1] = signature(store, slot);
	kunmap_local(word);
}

static void check_signature(const struct store *store, unsigned int slot, struct page *page)
{
	unsigned long *word = kmap_local_page(page);

	SOAK_CHECK(word);
	SOAK_CHECK(word[0] == signature(store, slot));
	SOAK_CHECK(word[PAGE_SIZE / sizeof(*word) - 1] == signature(store, slot));
	kunmap_local(word);
}

/* Under the lock: the slot's page is gone. */
static void vacate(struct store *store, unsigned int slot)
{
	check_signature(store, slot, store->slot[slot].page);
	store->slot[slot].page = NULL;
	store->vacant[store->nr_vacant++] = slot;
}

/* What a file system needs to write: a little memory, from the reserves if need be. */
static int store_write(struct kalloc_mapping *mapping, struct page *page)
{
	struct store *store = mapping->ctx;
	void *buffer = kmalloc(128, GFP_NOIO | __GFP_NOWARN);
	bool fails;

	kfree(buffer);
	pthread_mutex_lock(&store->lock);
	check_signature(store, (unsigned int)page->index, page);
	fails = ++store->nr_written % 64 == 0;
	pthread_mutex_unlock(&store->lock);
	return fails ? -EIO : 0;
}

static void store_evicted(struct kalloc_mapping *mapping, struct page *page)
{
	struct store *store = mapping->ctx;
	unsigned int slot = (unsigned int)page->index;

	pthread_mutex_lock(&store->lock);
	SOAK_CHECK(slot < store->nr_slots && store->slot[slot].page == page);
	store->nr_swapped += store->slot[slot].kind == KALLOC_PAGE_ANON;
	store->nr_evicted++;
	vacate(store, slot);
	pthread_mutex_unlock(&store->lock);
}

static void store_moved(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct store *store = mapping->ctx;
	unsigned int slot = (unsigned int)from->index;

	pthread_mutex_lock(&store->lock);
	SOAK_CHECK(slot < store->nr_slots && store->slot[slot].page == from);
	SOAK_CHECK(to->index == slot);
	check_signature(store, slot, to);
	store->slot[slot].page = to;
	store->nr_moved++;
	pthread_mutex_unlock(&store->lock);
}

static const struct kalloc_mapping_ops store_ops = {
	.writeback = store_write,
	.evicted = store_evicted,
	.moved = store_moved,
};

void store_init(struct store *store, unsigned int nr_slots)
{
	*store = (struct store){ .nr_slots = nr_slots, .nr_vacant = nr_slots };
	store->mapping = (struct kalloc_mapping){ .ops = &store_ops, .ctx = store };
	pthread_mutex_init(&store->lock, NULL);
	store->slot = calloc(nr_slots, sizeof(*store->slot));
	store->vacant = calloc(nr_slots, sizeof(*store->vacant));
	SOAK_CHECK(store->slot && store->vacant);
	for (unsigned int i = 0; i < nr_slots; i++)
		store->vacant[i] = nr_slots - 1 - i;
}

bool store_add(struct store *store, struct rand *rand, gfp_t gfp)
{
	enum kalloc_page_kind kind = rand_below(rand, 2) ? KALLOC_PAGE_CLEAN : rand_below(rand, 3);
	struct page *page = alloc_page(kind == KALLOC_PAGE_DIRTY ? gfp | __GFP_WRITE : gfp);
	unsigned int slot;

	if (!page)
		return false;
	pthread_mutex_lock(&store->lock);
	if (!store->nr_vacant) {
		pthread_mutex_unlock(&store->lock);
		__free_page(page);
		return false;
	}
	slot = store->vacant[--store->nr_vacant];
	sign(store, slot, page);
	page->index = slot;
	store->slot[slot] = (struct store_slot){ page, kind };
	store->nr_added++;
	kalloc_lru_add(page, &store->mapping, kind);
	pthread_mutex_unlock(&store->lock);
	return true;
}

/* Under the lock. Return: the page, now the caller's; NULL if others are at it. */
static struct page *take_back(struct store *store, unsigned int slot)
{
	struct page *page = store->slot[slot].page;

	if (!page || !kalloc_lru_remove(page))
		return NULL;
	vacate(store, slot);
	store->nr_removed++;
	return page;
}

void store_use(struct store *store, struct rand *rand)
{
	unsigned int slot = rand_below(rand, store->nr_slots), how = rand_below(rand, 8);
	struct page *page, *back = NULL;

	pthread_mutex_lock(&store->lock);
	page = store->slot[slot].page;
	if (page && how == 0)
		back = take_back(store, slot);
	else if (page && how == 1)
		kalloc_lru_dirty(page);
	else if (page && how < 5)
		kalloc_lru_touch(page);
	else if (page)
		check_signature(store, slot, page);
	pthread_mutex_unlock(&store->lock);
	if (back)
		__free_page(back);
}

void store_forget_swapped(struct store *store)
{
	unsigned long nr;

	pthread_mutex_lock(&store->lock);
	nr = store->nr_swapped;
	store->nr_swapped = 0;
	pthread_mutex_unlock(&store->lock);
	kalloc_swap_drop(nr);
}

void store_fini(struct store *store)
{
	for (unsigned int slot = 0; slot < store->nr_slots; slot++) {
		struct page *page = take_back(store, slot);

		SOAK_CHECK(!store->slot[slot].page);
		if (page)
			__free_page(page);
	}
	SOAK_CHECK(store->nr_vacant == store->nr_slots);
	SOAK_CHECK(store->nr_added == store->nr_removed + store->nr_evicted);
	store_forget_swapped(store);
	free(store->slot);
	free(store->vacant);
	pthread_mutex_destroy(&store->lock);
}
