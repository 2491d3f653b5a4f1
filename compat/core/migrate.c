/* SPDX-License-Identifier: MIT */
/*
 * The page locks that a kernel holds while it isolates, moves and puts back a page of an
 * owner's. libkalloc knows no such lock. So it is given operations of ours in the place of the
 * owner's, one set for each of those: they lock, look whether the owner still wants the page
 * moved, and ask it.
 */
#include <linux/migrate.h>
#include <linux/pagemap.h>
#include <linux/spinlock.h>

#include "core.h"

/* What page->mapping of a movable page has beside the address of its operations. */
#define MAPPING_BITS 7UL

struct locked_operations {
	struct movable_operations ops;
	const struct movable_operations *owners;
	struct locked_operations *next;
};

static struct locked_operations *all;
static DEFINE_RAW_SPINLOCK(lock);

/* The owner's operations; NULL if it has cleared the page. */
static const struct movable_operations *owners_of(const struct page *page)
{
	unsigned long ops = (unsigned long)READ_ONCE(page->mapping) & ~MAPPING_BITS;

	return ops ? ((const struct locked_operations *)ops)->owners : NULL;
}

static bool isolate_locked(struct page *page, isolate_mode_t mode)
{
	const struct movable_operations *owners;
	bool isolated;

	if (!trylock_page(page))
		return false;
	owners = owners_of(page);
	isolated = owners && owners->isolate_page(page, mode);
	unlock_page(page);
	return isolated;
}

/* Who moves memory for somebody who must not wait passes a locked page by. */
static int migrate_locked(struct page *to, struct page *from, enum migrate_mode mode)
{
	const struct movable_operations *owners;
	int error = -EAGAIN;

	if (mode == MIGRATE_ASYNC && !trylock_page(from))
		return -EAGAIN;
	if (mode != MIGRATE_ASYNC)
		lock_page(from);
	owners = owners_of(from);
	if (owners) {
		lock_page(to);
		error = owners->migrate_page(to, from, mode);
		unlock_page(to);
	}
	unlock_page(from);
	return error;
}

static void put_back_locked(struct page *page)
{
	const struct movable_operations *owners;

	lock_page(page);
	owners = owners_of(page);
	if (owners)
		owners->putback_page(page);
	unlock_page(page);
}

static const struct locked_operations *locked_for(const struct movable_operations *owners)
{
	struct locked_operations *found;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	for (found = all; found && found->owners != owners; found = found->next)
		;
	if (!found) {
		found = host_zalloc(sizeof(*found));
		found->ops.isolate_page = isolate_locked;
		found->ops.migrate_page = migrate_locked;
		found->ops.putback_page = put_back_locked;
		found->owners = owners;
		found->next = all;
		all = found;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return found;
}

void kalloc_set_page_movable(struct page *page, const struct movable_operations *ops)
{
	(__SetPageMovable)(page, &locked_for(ops)->ops);
}
