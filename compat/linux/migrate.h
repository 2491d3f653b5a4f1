/* SPDX-License-Identifier: MIT */
/*
 * Pages that their owner can move: libkalloc's compaction asks it (kalloc/reclaim.h). A kernel
 * locks the pages meanwhile, which an owner relies on: core/migrate.c sees to that.
 */
#ifndef _LINUX_MIGRATE_H
#define _LINUX_MIGRATE_H

#include <linux/mm.h>
#include <linux/migrate_mode.h>
#include <kalloc/reclaim.h>

/* __SetPageMovable() of @page through @ops, which are called with the page locked. */
void kalloc_set_page_movable(struct page *page, const struct movable_operations *ops);

#define __SetPageMovable(page, ops) kalloc_set_page_movable((page), (ops))

#endif
