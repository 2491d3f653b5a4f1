/* SPDX-License-Identifier: MIT */
/*
 * Inline: what <kalloc/slab.h> declares and programs call most, tried in the program's own
 * code. A call into a shared library and back costs more than taking an object that is at
 * hand (kalloc/front.h), so that much is done here; whatever else there is to do, the
 * library does. Both do the same; pointers to these functions are the library's.
 *
 * Every request is a call where KALLOC_NO_INLINE is defined, in code that is not optimized
 * (there a breakpoint sees all of them) or optimized for size, in kernel sources, and where
 * the C library does not tell who is alone. On x86-64 the assembly is in the AT&T dialect:
 * with -masm=intel define KALLOC_NO_INLINE.
 */
#ifndef KALLOC_INLINE_H
#define KALLOC_INLINE_H

#include <kalloc/slab.h>

KALLOC_BEGIN_DECLS

/* The library's functions by names that are not defined below, for what is inline to call. */

/** kalloc_call_cache_alloc() - kmem_cache_alloc() */
KALLOC_API void *kalloc_call_cache_alloc(struct kmem_cache *s, gfp_t flags) KALLOC_MALLOC;

/** kalloc_call_cache_free() - kmem_cache_free() */
KALLOC_API void kalloc_call_cache_free(struct kmem_cache *s, void *objp);

/** kalloc_call_kmalloc_sized() - kalloc_kmalloc_sized() */
KALLOC_API void *kalloc_call_kmalloc_sized(unsigned int sized, gfp_t flags) KALLOC_MALLOC;

/** kalloc_call_kmalloc_plain() - kalloc_kmalloc_plain(), for programs that were built before */
KALLOC_API void *kalloc_call_kmalloc_plain(unsigned int index, gfp_t flags) KALLOC_MALLOC;

/** kalloc_call_kmalloc() - __kmalloc() */
KALLOC_API void *kalloc_call_kmalloc(size_t size, gfp_t flags) KALLOC_MALLOC;

/** kalloc_call_kfree() - kfree() */
KALLOC_API void kalloc_call_kfree(const void *object);

/**
 * kalloc_call_kfree_in() - kfree() of what no front takes
 * @m: a machine
 * @object: an address in its linear range, as kmalloc() or kmem_cache_alloc() returned it
 */
KALLOC_API void kalloc_call_kfree_in(struct kalloc_machine *m, const void *object);

KALLOC_END_DECLS

#if defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__) && !defined(__KERNEL__) && \
	!defined(KALLOC_NO_INLINE)
#include <kalloc/front.h>
#ifdef KALLOC_CAN_BE_ALONE

KALLOC_BEGIN_DECLS

KALLOC_INLINED void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	const struct kalloc_supply *supply = (const struct kalloc_supply *)s;

	if (__builtin_expect(!(flags & __GFP_ZERO) && !kalloc_self.task.preempt_count, 1)) {
		void *object = kalloc_stack_pop(kalloc_front(supply->fronts));

		if (__builtin_expect(object != NULL, 1))
			return object;
	}
	return kalloc_call_cache_alloc(s, flags);
}

KALLOC_INLINED void kmem_cache_free(struct kmem_cache *s, void *objp)
{
	const struct kalloc_supply *supply = (const struct kalloc_supply *)s;

	if (__builtin_expect(kalloc_class_at(&supply->space, objp) != supply->nr ||
				     !kalloc_stack_push(kalloc_front(supply->fronts), objp),
			     0))
		kalloc_call_cache_free(s, objp);
}

/* An object of kmalloc's class @nr, for plain flags; NULL: ask further. */
KALLOC_INLINED void *kalloc_class_pop(const struct kalloc_objects *objects, size_t nr)
{
	if (__builtin_expect(!objects || kalloc_self.task.preempt_count, 0))
		return NULL;
	return kalloc_stack_pop(kalloc_front_of(&objects->space, nr));
}

KALLOC_INLINED void *kalloc_kmalloc_sized(unsigned int sized, gfp_t flags)
{
	void *object = kalloc_class_pop((const struct kalloc_objects *)kalloc_known(),
					sized & KALLOC_SIZED_CLASS);

	return __builtin_expect(object != NULL, 1) ? object
						   : kalloc_call_kmalloc_sized(sized, flags);
}

KALLOC_INLINED void *__kmalloc(size_t size, gfp_t flags)
{
	const struct kalloc_objects *objects = (const struct kalloc_objects *)kalloc_known();

	if (__builtin_expect(
		    objects && size <= KALLOC_SMALL_SIZE && !(flags & KALLOC_GFP_NOT_PLAIN), 1)) {
		void *object = kalloc_class_pop(objects, objects->small_class[(size + 7) / 8]);

		if (__builtin_expect(object != NULL, 1))
			return object;
	}
	return kalloc_call_kmalloc(size, flags);
}

KALLOC_INLINED void kfree(const void *object)
{
	struct kalloc_machine *m = kalloc_known();
	const struct kalloc_space *space = (const struct kalloc_space *)m;
	unsigned int nr = __builtin_expect(m != NULL, 1) ? kalloc_class_at(space, object) : ~0u;

	if (__builtin_expect(nr == ~0u, 0))
		kalloc_call_kfree(object);
	else if (__builtin_expect(
			 !nr || !kalloc_stack_push(kalloc_front_of(space, nr), (void *)object), 0))
		kalloc_call_kfree_in(m, object);
}

KALLOC_END_DECLS

#endif
#endif

#endif
