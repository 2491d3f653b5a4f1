/* SPDX-License-Identifier: MIT */
/*
 * Swap space, as a number of free page slots (kalloc.swap=). Nothing is stored: an
 * anonymous page that reclaim takes gives up its frame and holds a slot until its
 * owner says that the contents are needed no more.
 */
#ifndef PAGE_SWAP_H
#define PAGE_SWAP_H

#include "room.h"

static inline unsigned long swap_left(const struct page_room *room)
{
	return READ_ONCE(room->swap_free);
}

/* Return: false if there is no slot left. */
static inline bool swap_take(struct page_room *room)
{
	unsigned long left = swap_left(room);

	while (left && !__atomic_compare_exchange_n(&room->swap_free, &left, left - 1, false,
						    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return left != 0;
}

static inline void swap_give(struct page_room *room, unsigned long nr)
{
	__atomic_add_fetch(&room->swap_free, nr, __ATOMIC_RELAXED);
}

#endif
