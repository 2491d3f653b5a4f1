/* SPDX-License-Identifier: MIT */
/*
 * Flexible arrays: arrays of equal elements too large for one contiguous
 * allocation, kept in parts of a page each.
 *
 * The base is one page: the element size, the number of elements, and a table of
 * pointers to parts. An element never crosses a part, so a part holds
 * PAGE_SIZE / element_size of them and the surplus bytes stay unused. A part is
 * allocated by the first store into it. If all elements fit in the bytes of the
 * table they lie there, and the array never has a part.
 *
 *   total > 0  implies  0 < element_size <= PAGE_SIZE  and
 *   total <= FLEX_ARRAY_CAPACITY(element_size)
 *
 * Capacity of an array, in elements: 2,093,056 of 1 byte, 523,264 of 4, 261,632
 * of 8, 65,408 of 32, 1,022 of 2,048, 511 of 2,049 to 4,096.
 *
 * Locking is the caller's affair: none is done here. Base and parts come from
 * kmalloc: the base from the current machine, the parts from the machine that
 * the base lies in (for DEFINE_FLEX_ARRAY, which lies in none, the current one).
 *
 * Source of behaviour: Linux 2.6.31 to 5.0 lib/flex_array.c, where it began and
 * ended; functions that came later than 2.6.31 are here in their last form.
 * Differences: the capacity is 2.6.31's (5.0 kept a reciprocal in the base, two
 * pointers less); flex_array_free_parts() forgets the parts it frees, so the
 * array is empty and usable afterwards; a range that wraps around the largest
 * unsigned int is -ENOSPC.
 */
#ifndef KALLOC_FLEX_ARRAY_H
#define KALLOC_FLEX_ARRAY_H

#include <kalloc/gfp.h>

#define FLEX_ARRAY_PART_SIZE PAGE_SIZE
#define FLEX_ARRAY_BASE_SIZE PAGE_SIZE

/* Each byte of an element that was never stored, or was cleared, unless __GFP_ZERO. */
#ifndef FLEX_ARRAY_FREE
#define FLEX_ARRAY_FREE 0x6c
#endif

#define FLEX_ARRAY_NR_BASE_PTRS \
	((FLEX_ARRAY_BASE_SIZE - 2 * sizeof(int)) / sizeof(struct flex_array_part *))
#define FLEX_ARRAY_BASE_BYTES_LEFT (FLEX_ARRAY_NR_BASE_PTRS * sizeof(struct flex_array_part *))

/* Elements of @size bytes that a part holds, and that an array can hold. */
#define FLEX_ARRAY_ELEMENTS_PER_PART(size) (FLEX_ARRAY_PART_SIZE / (size))
#define FLEX_ARRAY_CAPACITY(size)	   (FLEX_ARRAY_NR_BASE_PTRS * FLEX_ARRAY_ELEMENTS_PER_PART(size))

struct flex_array_part;

struct flex_array {
	int element_size; /* bytes */
	int total_nr_elements;
	struct flex_array_part *parts[FLEX_ARRAY_NR_BASE_PTRS]; /* or the elements */
};

/**
 * DEFINE_FLEX_ARRAY() - define an array whose base is a variable
 * @name: of the variable; "static" may stand before the macro
 * @element_size: bytes, a constant from 1 to PAGE_SIZE
 * @total: number of elements, a constant; one too large does not compile
 *
 * Empty it with flex_array_free_parts(). Elements that fit in the base and were
 * never stored read as zero.
 */
#define DEFINE_FLEX_ARRAY(name, element_size, total)                                       \
	struct flex_array name = { (element_size), (total), { 0 } };                       \
	static inline __attribute__((__unused__)) void name##_invalid_parameter(void)      \
	{                                                                                  \
		(void)sizeof(char[1 - 2 * ((total) > FLEX_ARRAY_CAPACITY(element_size))]); \
	}

KALLOC_BEGIN_DECLS

/**
 * flex_array_alloc() - create an array
 * @element_size: bytes in an element
 * @total: number of elements; 0 makes an array in which nothing can be stored
 * @flags: for the base; may sleep if they allow it
 *
 * With __GFP_ZERO an element that fits in the base reads as zero until stored.
 *
 * Return: the array, or NULL: no memory, @element_size over a page, or @total
 * over the capacity.
 */
KALLOC_API struct flex_array *flex_array_alloc(int element_size, unsigned int total, gfp_t flags);

/**
 * flex_array_free() - free an array with all its parts
 * @fa: from flex_array_alloc(); not NULL
 */
KALLOC_API void flex_array_free(struct flex_array *fa);

/**
 * flex_array_free_parts() - free the parts and leave the base in place
 * @fa: any array; elements that lie in the base keep their values
 */
KALLOC_API void flex_array_free_parts(struct flex_array *fa);

/**
 * flex_array_put() - store a copy of an element
 * @fa: the array
 * @element_nr: 0 .. total - 1
 * @src: element_size bytes
 * @flags: for the part, if it must be made; may sleep if they allow it. With
 *	__GFP_ZERO the other elements of a new part read as zero.
 *
 * Never allocates where flex_array_prealloc() has been.
 *
 * Return: 0, -ENOSPC (@element_nr is past the end), -ENOMEM.
 */
KALLOC_API int flex_array_put(struct flex_array *fa, unsigned int element_nr, void *src,
			      gfp_t flags);

/**
 * flex_array_get() - find an element
 * @fa: the array
 * @element_nr: 0 .. total - 1
 *
 * The pointer is to the element itself, valid until its part is freed. Any
 * context.
 *
 * Return: the element; NULL if @element_nr is past the end or nothing was ever
 * stored in that part. An element that shares its part with stored ones but was
 * not stored itself is found too and reads as FLEX_ARRAY_FREE or zero.
 */
KALLOC_API void *flex_array_get(struct flex_array *fa, unsigned int element_nr);

/**
 * flex_array_clear() - mark an element as not stored
 * @fa: the array
 * @element_nr: 0 .. total - 1
 *
 * Return: 0, -ENOSPC (@element_nr is past the end), -EINVAL (its part does not
 * exist).
 */
KALLOC_API int flex_array_clear(struct flex_array *fa, unsigned int element_nr);

/**
 * flex_array_shrink() - free the parts in which no element is stored
 * @fa: the array
 *
 * A part counts as empty if each of its bytes is FLEX_ARRAY_FREE.
 *
 * Return: how many parts were freed.
 */
KALLOC_API int flex_array_shrink(struct flex_array *fa);

/**
 * flex_array_put_ptr() - store the pointer @src itself
 * @fa: an array with element_size == sizeof(void *)
 * @nr: 0 .. total - 1
 * @src: a pointer variable; it is copied
 * @gfp: as in flex_array_put()
 *
 * Return: as flex_array_put().
 */
#define flex_array_put_ptr(fa, nr, src, gfp) flex_array_put((fa), (nr), (void *)&(src), (gfp))

/** flex_array_get_ptr() - the pointer that flex_array_put_ptr() stored, or NULL */
KALLOC_API void *flex_array_get_ptr(struct flex_array *fa, unsigned int element_nr);

/**
 * kalloc_flex_array_prealloc_range() - flex_array_prealloc() of 2.6.31 to 2.6.38
 * @fa: the array
 * @start: first element
 * @end: last element, itself included
 * @flags: as in flex_array_prealloc()
 *
 * Return: 0 (also if @end lies before @start), -ENOSPC, -ENOMEM.
 */
KALLOC_API int kalloc_flex_array_prealloc_range(struct flex_array *fa, unsigned int start,
						unsigned int end, gfp_t flags);

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(2, 6, 39)
/**
 * flex_array_prealloc() - make the parts for a range of elements
 * @fa: the array
 * @start: first element
 * @nr_elements: how many; before KALLOC_LINUX_VERSION 2.6.39 the *last* element
 * @flags: for the parts; may sleep if they allow it
 *
 * Afterwards flex_array_put() in the range allocates nothing and cannot fail.
 *
 * Return: 0; -ENOSPC (the range leaves the array); -ENOMEM, with the parts made
 * so far kept.
 */
KALLOC_API int flex_array_prealloc(struct flex_array *fa, unsigned int start,
				   unsigned int nr_elements, gfp_t flags);
#else
static inline int flex_array_prealloc(struct flex_array *fa, unsigned int start, unsigned int end,
				      gfp_t flags)
{
	return kalloc_flex_array_prealloc_range(fa, start, end, flags);
}
#endif

KALLOC_END_DECLS

#endif
