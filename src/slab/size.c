/* SPDX-License-Identifier: MIT */
#include "cache.h"
#include "kasan.h"

#define CACHE_LINE  64u
#define MIN_PARTIAL 5ul
#define MAX_PARTIAL 10ul
#define WORD	    ((unsigned int)sizeof(void *))
#define TRACK_BYTES 32u /* of the kernel's struct track */

unsigned int size_objects(unsigned int order, unsigned int size)
{
	return (unsigned int)((PAGE_SIZE << order) / size);
}

unsigned long size_round(unsigned long size, unsigned long align)
{
	return (size + align - 1) & ~(align - 1);
}

unsigned int size_align(slab_flags_t flags, unsigned int align, unsigned int size)
{
	if (flags & SLAB_HWCACHE_ALIGN) {
		unsigned int line = CACHE_LINE;

		while (size <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	return (unsigned int)size_round(max(align, WORD), WORD);
}

/* The first order from @rules->min_order up to @most that wastes at most 1/@fraction. */
static unsigned int order_fitting(unsigned int size, unsigned int objects, unsigned int most,
				  unsigned int fraction, const struct size_rules *rules)
{
	unsigned int order;

	if (size_objects(rules->min_order, size) > MAX_OBJS_PER_PAGE)
		return (unsigned int)get_order((unsigned long)size * MAX_OBJS_PER_PAGE) - 1;
	order = max(rules->min_order, (unsigned int)get_order((unsigned long)objects * size));
	while (order <= most && (PAGE_SIZE << order) % size > (PAGE_SIZE << order) / fraction)
		order++;
	return order;
}

/* Rather waste more, then rather fewer objects, than a higher order. -1: no order will do. */
static int order_best(unsigned int size, const struct size_rules *rules)
{
	unsigned int objects = rules->min_objects, order;

	if (!objects)
		objects = 4 * (fls_long(rules->nr_cpus) + 1);
	objects = min(objects, size_objects(rules->max_order, size));
	for (; objects > 1; objects--) {
		for (unsigned int fraction = 16; fraction >= 4; fraction /= 2) {
			order = order_fitting(size, objects, rules->max_order, fraction, rules);
			if (order <= rules->max_order)
				return (int)order;
		}
	}
	order = order_fitting(size, 1, rules->max_order, 1, rules);
	if (order > rules->max_order)
		order = order_fitting(size, 1, rules->page_max_order, 1, rules);
	return order <= rules->page_max_order ? (int)order : -1;
}

static struct kmem_cache_order_objects oo_make(unsigned int order, unsigned int size)
{
	return (struct kmem_cache_order_objects){ .x = order << 16 | size_objects(order, size) };
}

/* Place the parts of a slot. Return: its size, not yet aligned. */
static unsigned long layout_slot(struct kmem_cache *s)
{
	unsigned long size = size_round(s->object_size, WORD);

	s->flags &= ~OBJECT_POISON;
	if ((s->flags & SLAB_POISON) && !(s->flags & SLAB_TYPESAFE_BY_RCU) && !s->ctor)
		s->flags |= OBJECT_POISON;
	/* A word for the right red zone, unless rounding left some bytes. */
	if ((s->flags & SLAB_RED_ZONE) && size == s->object_size)
		size += WORD;
	s->inuse = (unsigned int)size;

	if ((s->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON)) || s->ctor ||
	    ((s->flags & SLAB_RED_ZONE) && s->object_size < WORD)) {
		s->offset = (unsigned int)size;
		size += WORD;
	} else {
		s->offset = ALIGN_DOWN(s->object_size / 2, WORD);
	}

	if (s->flags & SLAB_STORE_USER) {
		size += 2 * TRACK_BYTES;
		if (s->flags & SLAB_KMALLOC)
			size += sizeof(unsigned int);
	}
	s->red_left_pad = 0;
	if (s->flags & SLAB_RED_ZONE) {
		s->red_left_pad = (unsigned int)size_round(WORD, s->align);
		size += WORD + s->red_left_pad;
	}
	return size;
}

static void layout_reserves(struct kmem_cache *s)
{
	s->min_partial = clamp(ilog2(s->size) / 2ul, MIN_PARTIAL, MAX_PARTIAL);
	if (s->flags & SLAB_DEBUG_FLAGS)
		s->cpu_partial = 0;
	else if (s->size >= PAGE_SIZE)
		s->cpu_partial = 6;
	else if (s->size >= 1024)
		s->cpu_partial = 24;
	else if (s->size >= 256)
		s->cpu_partial = 52;
	else
		s->cpu_partial = 120;
	/* Counted in slabs, each taken to be half full. */
	s->cpu_partial_slabs = DIV_ROUND_UP(s->cpu_partial * 2, oo_objects(s->oo));
}

int size_layout(struct kmem_cache *s, const struct size_rules *rules)
{
	unsigned long most = PAGE_SIZE << rules->page_max_order;
	unsigned long size;
	int order;

	if (!s->object_size || s->object_size > most || s->align > most)
		return -EINVAL;
	size = layout_slot(s);
	/* The largest have none: they end with their block. */
	if (s->flags & SLAB_KASAN && size_round(size + KASAN_REDZONE, s->align) <= most)
		size += KASAN_REDZONE;
	size = size_round(size, s->align);
	if (size > most)
		return -EINVAL;
	s->size = (unsigned int)size;
	order = order_best(s->size, rules);
	if (order < 0)
		return -EINVAL;

	s->allocflags = order ? __GFP_COMP : 0;
	if (s->flags & SLAB_CACHE_DMA)
		s->allocflags |= GFP_DMA;
	if (s->flags & SLAB_CACHE_DMA32)
		s->allocflags |= GFP_DMA32;
	if (s->flags & SLAB_RECLAIM_ACCOUNT)
		s->allocflags |= __GFP_RECLAIMABLE;
	s->oo = oo_make((unsigned int)order, s->size);
	s->min = oo_make((unsigned int)get_order(size), s->size);
	layout_reserves(s);
	return 0;
}

size_t size_usable(const struct kmem_cache *s)
{
	if (s->flags & (SLAB_RED_ZONE | SLAB_POISON | SLAB_KASAN))
		return READ_ONCE(s->object_size);
	if (s->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_STORE_USER))
		return READ_ONCE(s->inuse);
	return s->size;
}

unsigned int size_of_class(unsigned int index)
{
	if (index == 1)
		return 96;
	if (index == 2)
		return 192;
	return index ? 1u << index : 0;
}
