/* SPDX-License-Identifier: MIT */
#include "event.h"
#include "lru.h"
#include "migrate.h"
#include "owner.h"
#include "room.h"
#include "task.h"

/* How often a page that says -EAGAIN is asked. */
#define MIGRATE_PASSES 10

static unsigned long mapping_of(const struct page *page)
{
	return (unsigned long)page->mapping;
}

/* Of a page that may be anybody's by now. */
static racy_read unsigned long mapping_look(const struct page *page)
{
	return *(const volatile unsigned long *)&page->mapping;
}

static void mapping_set(struct page *page, unsigned long mapping)
{
	page->mapping = (struct address_space *)mapping;
}

static const struct movable_operations *ops_in(unsigned long mapping)
{
	return (const struct movable_operations *)(mapping & ~FRAME_MAPPING_BITS);
}

/* Of an isolated page; that much of its mapping no owner changes. */
static bool is_movable(const struct page *page)
{
	return frame_look(page).kind == FRAME_IS_MOVABLE;
}

void __SetPageMovable(struct page *page, const struct movable_operations *ops)
{
	struct zone *zone = page_zone(page);

	lock_take(&zone->compact.lock);
	mapping_set(page, (unsigned long)ops | FRAME_MAPPING_MOVABLE);
	lock_drop(&zone->compact.lock);
}

void __ClearPageMovable(struct page *page)
{
	struct zone *zone = page_zone(page);

	lock_take(&zone->compact.lock);
	mapping_set(page, (mapping_of(page) & FRAME_MAPPING_ISOLATED) | FRAME_MAPPING_MOVABLE);
	lock_drop(&zone->compact.lock);
}

/*
 * Take a reference to a movable page for as long as it is isolated. Its owner has not
 * cleared it, so has one: the count cannot fall to 0 meanwhile. The mapping is read once:
 * with operations in it, it is under the lock that we hold; without, the page may have been
 * freed and be anybody's at the next look.
 * Return: its operations; NULL if it is not movable or isolated already.
 */
static const struct movable_operations *movable_hold(struct zone *zone, struct page *page)
{
	const struct movable_operations *ops = NULL;
	unsigned long mapping;

	lock_take(&zone->compact.lock);
	mapping = mapping_look(page);
	if ((mapping & FRAME_MAPPING_BITS) == FRAME_MAPPING_MOVABLE)
		ops = ops_in(mapping);
	if (ops) {
		mapping_set(page, mapping | FRAME_MAPPING_ISOLATED);
		__atomic_add_fetch(&page->_refcount.counter, 1, __ATOMIC_RELAXED);
	}
	lock_drop(&zone->compact.lock);
	return ops;
}

static void movable_drop(struct zone *zone, struct page *page)
{
	lock_take(&zone->compact.lock);
	mapping_set(page, mapping_of(page) & ~FRAME_MAPPING_ISOLATED);
	lock_drop(&zone->compact.lock);
	__free_page(page);
}

/* NULL if its owner has let go of an isolated page. */
static const struct movable_operations *movable_ops(struct page *page)
{
	struct zone *zone = page_zone(page);
	const struct movable_operations *ops;

	lock_take(&zone->compact.lock);
	ops = ops_in(mapping_of(page));
	lock_drop(&zone->compact.lock);
	return ops;
}

static bool movable_isolate(struct zone *zone, struct page *page, enum migrate_mode mode)
{
	const struct movable_operations *ops = movable_hold(zone, page);
	unsigned int scope;
	bool isolated;

	if (!ops)
		return false;
	scope = kalloc_scope_enter(PF_MEMALLOC);
	isolated = ops->isolate_page(page, (isolate_mode_t)mode);
	kalloc_scope_leave(PF_MEMALLOC, scope);
	if (!isolated)
		movable_drop(zone, page);
	return isolated;
}

bool migrate_isolate(struct migrate_batch *batch, struct zone *zone, struct page *page,
		     const struct frame_view *view, enum migrate_mode mode)
{
	struct lru *lru = &zone->room->nodes[zone->nid].lru;

	if (view->kind == FRAME_IS_LRU ? !lru_isolate_from(lru, page)
				       : !movable_isolate(zone, page, mode))
		return false;
	batch->page[batch->nr++] = page;
	return true;
}

static void put_back(struct page *page)
{
	const struct movable_operations *ops;
	unsigned int scope;

	if (!is_movable(page)) {
		lru_put_back_page(page);
		return;
	}
	ops = movable_ops(page);
	if (ops) {
		scope = kalloc_scope_enter(PF_MEMALLOC);
		ops->putback_page(page);
		kalloc_scope_leave(PF_MEMALLOC, scope);
	}
	movable_drop(page_zone(page), page);
}

void migrate_put_back(struct migrate_batch *batch)
{
	while (batch->nr)
		put_back(batch->page[--batch->nr]);
}

static bool copy_frame(struct page *to, struct page *from)
{
	void *source = kmap_local_page(from);
	void *target = source ? kmap_local_page(to) : NULL;

	if (target) {
		memcpy(target, source, PAGE_SIZE);
		kunmap_local(target);
	}
	if (source)
		kunmap_local(source);
	return target != NULL;
}

static bool is_held(const struct page *page)
{
	return READ_ONCE(page->_refcount.counter) != 1;
}

/* The owner's lock, if it has one, is held. Return: false if somebody uses the page. */
static bool copy_and_follow(const struct kalloc_mapping_ops *ops, struct kalloc_mapping *mapping,
			    struct page *from, struct page *to)
{
	if (is_held(from) || !copy_frame(to, from) || is_held(from))
		return false;
	to->mapping = from->mapping;
	to->index = from->index;
	to->private = from->private;
	/* The owner follows first: what it says of the page from here on, it says of @to. */
	if (ops->moved)
		ops->moved(mapping, from, to);
	return true;
}

static int move_lru(struct page *from, struct page *to, enum migrate_reason reason)
{
	static const struct kalloc_mapping_ops none;
	struct kalloc_mapping *mapping = (struct kalloc_mapping *)from->mapping;
	const struct kalloc_mapping_ops *ops = mapping->ops ?: &none;
	const struct kalloc_machine *m = machine_of(to);
	unsigned int scope = kalloc_scope_enter(PF_MEMALLOC);
	bool moved;

	if (ops->lock)
		ops->lock(mapping);
	moved = copy_and_follow(ops, mapping, from, to);
	if (ops->unlock)
		ops->unlock(mapping);
	kalloc_scope_leave(PF_MEMALLOC, scope);
	if (!moved)
		return -EAGAIN;
	/* Before @to is anybody else's. */
	owner_copy(m, pfn_of(m, from), pfn_of(m, to), reason);
	lru_hand_over(from, to);
	__free_page(from);
	return 0;
}

static int move_movable(const struct movable_operations *ops, struct page *from, struct page *to,
			enum migrate_mode mode, enum migrate_reason reason)
{
	const struct kalloc_machine *m = machine_of(to);
	struct zone *zone = page_zone(from);
	unsigned int scope = kalloc_scope_enter(PF_MEMALLOC);
	int err = ops->migrate_page(to, from, mode);

	kalloc_scope_leave(PF_MEMALLOC, scope);
	if (err)
		return err;
	/* The owner has references of its own to @to and none to @from. */
	lock_take(&zone->compact.lock);
	mapping_set(from, 0);
	lock_drop(&zone->compact.lock);
	__free_page(from);
	owner_migrated(m, pfn_of(m, to), reason);
	__free_page(to);
	return 0;
}

static int move(struct page *from, const struct migrate_to *to, enum migrate_mode mode)
{
	const struct movable_operations *ops = NULL;
	bool movable = is_movable(from);
	struct page *page;
	int err;

	if (movable) {
		ops = movable_ops(from);
		if (!ops) {
			movable_drop(page_zone(from), from);
			return 0;
		}
	}
	page = to->take(to->ctx);
	if (!page)
		return -ENOMEM;
	err = movable ? move_movable(ops, from, page, mode, to->reason)
		      : move_lru(from, page, to->reason);
	if (err)
		to->give(to->ctx, page);
	return err;
}

/* What one call has done. */
struct progress {
	unsigned int moved;
	unsigned int failed;
	bool no_frame;
};

/* Try every page once; those left in the batch may be tried again. */
static void pass_over(struct migrate_batch *batch, const struct migrate_to *to,
		      enum migrate_mode mode, struct progress *done)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < batch->nr; i++) {
		struct page *page = batch->page[i];
		int err = done->no_frame ? -ENOMEM : move(page, to, mode);

		done->no_frame = err == -ENOMEM;
		if (err == -EAGAIN || err == -ENOMEM) {
			batch->page[kept++] = page;
		} else if (err) {
			put_back(page);
			done->failed++;
		} else {
			done->moved++;
		}
	}
	batch->nr = kept;
}

int migrate_pages(struct migrate_batch *batch, const struct migrate_to *to, enum migrate_mode mode)
{
	struct progress done = { 0 };
	struct kalloc_machine *m;

	if (!batch->nr)
		return 0;
	m = machine_of(batch->page[0]);
	for (int pass = 0; pass < MIGRATE_PASSES && batch->nr && !done.no_frame; pass++)
		pass_over(batch, to, mode, &done);
	done.failed += batch->nr;
	migrate_put_back(batch);

	batch->moved = done.moved;
	page_event_add(m, PGMIGRATE_SUCCESS, done.moved);
	page_event_add(m, PGMIGRATE_FAIL, done.failed);
	return done.no_frame ? -ENOMEM : (int)done.failed;
}
