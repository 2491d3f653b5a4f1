/* SPDX-License-Identifier: MIT */
#include "soak.h"

static struct mover_slot *slot_of(const struct page *page)
{
	return (struct mover_slot *)page->private;
}

/* The slot's signature, in the page's last word. */
static unsigned long *last_word(void *page)
{
	return (unsigned long *)((char *)page + PAGE_SIZE) - 1;
}

static bool mover_isolate(struct page *page, isolate_mode_t mode)
{
	struct mover_slot *slot = slot_of(page);
	struct mover *mover = slot->mover;
	bool isolated;

	pthread_mutex_lock(&mover->lock);
	/* Not if it was let go of meanwhile, nor now and then. */
	isolated = slot->page == page && ++mover->nr_asked % 16;
	SOAK_CHECK(!isolated || !slot->isolated);
	slot->isolated |= isolated;
	pthread_mutex_unlock(&mover->lock);
	return isolated;
}

static int mover_migrate(struct page *dst, struct page *src, enum migrate_mode mode);
static void mover_put_back(struct page *page);

static const struct movable_operations mover_ops = {
	.isolate_page = mover_isolate,
	.migrate_page = mover_migrate,
	.putback_page = mover_put_back,
};

/* Under the lock: the contents are in @dst now, and the owner follows. */
static void follow(struct mover_slot *slot, struct page *dst, struct page *src)
{
	void *to = kmap_local_page(dst), *from = kmap_local_page(src);

	SOAK_CHECK(to && from);
	memcpy(to, from, PAGE_SIZE);
	kunmap_local(from);
	kunmap_local(to);
	get_page(dst);
	dst->private = src->private;
	slot->page = dst;
	slot->isolated = false;
	slot->mover->nr_moved++;
	__SetPageMovable(dst, &mover_ops);
}

static int mover_migrate(struct page *dst, struct page *src, enum migrate_mode mode)
{
	struct mover_slot *slot = slot_of(src);
	struct mover *mover = slot->mover;
	int err = 0;

	pthread_mutex_lock(&mover->lock);
	SOAK_CHECK(slot->page == src && slot->isolated);
	if (++mover->nr_asked % 8 == 0)
		err = mover->nr_asked % 16 ? -EAGAIN : -EBUSY;
	else
		follow(slot, dst, src);
	pthread_mutex_unlock(&mover->lock);
	if (!err)
		put_page(src);
	return err;
}

static void mover_put_back(struct page *page)
{
	struct mover_slot *slot = slot_of(page);

	pthread_mutex_lock(&slot->mover->lock);
	SOAK_CHECK(slot->page == page && slot->isolated);
	slot->isolated = false;
	pthread_mutex_unlock(&slot->mover->lock);
}

void mover_init(struct mover *mover)
{
	*mover = (struct mover){ .nr_asked = 0 };
	pthread_mutex_init(&mover->lock, NULL);
	for (unsigned int i = 0; i < NR_MOVABLE; i++)
		mover->slot[i].mover = mover;
}

/* Let go of a slot's page and free it, unless it is being moved. */
static void let_go(struct mover_slot *slot)
{
	struct page *page = NULL;
	void *at;

	pthread_mutex_lock(&slot->mover->lock);
	if (!slot->isolated) {
		page = slot->page;
		slot->page = NULL;
		__ClearPageMovable(page);
	}
	pthread_mutex_unlock(&slot->mover->lock);
	if (!page)
		return;
	at = kmap_local_page(page);
	SOAK_CHECK(*last_word(at) == (unsigned long)slot);
	kunmap_local(at);
	__free_page(page);
}

static void put_one(struct mover_slot *slot, gfp_t gfp)
{
	struct page *page = alloc_page(gfp | __GFP_MOVABLE);
	void *at;

	if (!page)
		return;
	at = kmap_local_page(page);
	SOAK_CHECK(at);
	*last_word(at) = (unsigned long)slot;
	kunmap_local(at);
	page->private = (unsigned long)slot;
	pthread_mutex_lock(&slot->mover->lock);
	slot->page = page;
	__SetPageMovable(page, &mover_ops);
	pthread_mutex_unlock(&slot->mover->lock);
}

void mover_step(struct mover *mover, struct rand *rand, gfp_t gfp)
{
	struct mover_slot *slot = &mover->slot[rand_below(rand, NR_MOVABLE)];
	bool there;

	pthread_mutex_lock(&mover->lock);
	there = slot->page;
	pthread_mutex_unlock(&mover->lock);
	/* Only this thread puts a page into an empty slot. */
	if (there)
		let_go(slot);
	else
		put_one(slot, gfp);
}

void mover_fini(struct mover *mover)
{
	for (unsigned int i = 0; i < NR_MOVABLE; i++) {
		if (mover->slot[i].page)
			let_go(&mover->slot[i]);
		SOAK_CHECK(!mover->slot[i].page);
	}
	pthread_mutex_destroy(&mover->lock);
}
