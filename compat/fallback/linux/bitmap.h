/* SPDX-License-Identifier: MIT */
/* Bitmaps: arrays of words. Bits past the last that count may be anything. */
#ifndef __LINUX_BITMAP_H
#define __LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/string.h>

#define DECLARE_BITMAP(name, nr) unsigned long name[BITS_TO_LONGS(nr)]

#define kalloc_bitmap_bytes(nr)	 (BITS_TO_LONGS(nr) * sizeof(unsigned long))

static inline unsigned long *bitmap_alloc(unsigned int nr, gfp_t gfp)
{
	return kmalloc(kalloc_bitmap_bytes(nr), gfp);
}

static inline unsigned long *bitmap_zalloc(unsigned int nr, gfp_t gfp)
{
	return kzalloc(kalloc_bitmap_bytes(nr), gfp);
}

static inline void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}

static inline void bitmap_zero(unsigned long *to, unsigned int nr)
{
	memset(to, 0, kalloc_bitmap_bytes(nr));
}

static inline void bitmap_fill(unsigned long *to, unsigned int nr)
{
	memset(to, 0xff, kalloc_bitmap_bytes(nr));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned int nr)
{
	memcpy(to, from, kalloc_bitmap_bytes(nr));
}

static inline void bitmap_set(unsigned long *bitmap, unsigned int start, unsigned int nr)
{
	while (nr--)
		__set_bit(start++, bitmap);
}

static inline void bitmap_clear(unsigned long *bitmap, unsigned int start, unsigned int nr)
{
	while (nr--)
		__clear_bit(start++, bitmap);
}

static inline void bitmap_or(unsigned long *to, const unsigned long *a, const unsigned long *b,
			     unsigned int nr)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nr); i++)
		to[i] = a[i] | b[i];
}

/* Return: whether a bit is set. */
static inline bool bitmap_and(unsigned long *to, const unsigned long *a, const unsigned long *b,
			      unsigned int nr)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nr); i++)
		to[i] = a[i] & b[i];
	return find_first_bit(to, nr) < nr;
}

static inline bool bitmap_empty(const unsigned long *bitmap, unsigned int nr)
{
	return find_first_bit(bitmap, nr) == nr;
}

static inline bool bitmap_full(const unsigned long *bitmap, unsigned int nr)
{
	return find_first_zero_bit(bitmap, nr) == nr;
}

static inline unsigned int bitmap_weight(const unsigned long *bitmap, unsigned int nr)
{
	unsigned int bit, weight = 0;

	for_each_set_bit(bit, bitmap, nr) weight++;
	return weight;
}

#endif
