/* SPDX-License-Identifier: MIT */
/*
 * Fragmentation on demand. The measure is Linux's unusable free space index at an
 * order: the share of free memory that lies in blocks too small for it,
 *
 *	(free frames - free frames in blocks of at least that order) / free frames
 *
 * 0 when every free frame could serve such a request, 1 when none could.
 */
#ifndef KALLOC_FRAGMENT_H
#define KALLOC_FRAGMENT_H

#include <kalloc/page.h>

KALLOC_BEGIN_DECLS

/**
 * kalloc_fragment() - fragment the current machine's largest zone
 * @order: the order at which the index is driven, 1 .. the machine's largest
 * @target: the index wanted, 0.0 .. 1.0
 * @seed: of the pattern; equal seeds on equal machines pin equal frames
 *
 * Takes the zone's free blocks of @order, chooses by @seed as many of them as the
 * target needs, pins one frame in a seeded place in each and frees everything else.
 * What is pinned stays allocated until kalloc_defragment(). Called again, it goes on
 * from there; it never lowers the index. May sleep.
 *
 * Return: the index achieved, or -EINVAL (order or target out of range), -ENOMEM.
 */
KALLOC_API double kalloc_fragment(unsigned int order, double target, unsigned long seed);

/** kalloc_defragment() - free everything that kalloc_fragment() pinned on this machine */
KALLOC_API void kalloc_defragment(void);

/**
 * kalloc_unusable_index() - the index as it is now
 * @order: 0 .. the machine's largest
 *
 * Of the current machine's largest zone, free frames on the zone's own lists.
 *
 * Return: 0.0 .. 1.0 (0 if nothing is free), or -EINVAL.
 */
KALLOC_API double kalloc_unusable_index(unsigned int order);

KALLOC_END_DECLS

#endif
