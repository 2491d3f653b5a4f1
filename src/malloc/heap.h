/* SPDX-License-Identifier: MIT */
/*
 * Heap: what malloc() and its relatives are on a machine.
 *
 *   up to 8 KiB   an object of kmalloc's classes, of at least 16 bytes
 *   up to 4 MiB   kvmalloc(): a block of 2^n pages, or where there is none
 *   above         an area of vmalloc()
 *
 * Alignment. Objects of a class of 2^n bytes are aligned to it, those of 96 and 192 bytes to
 * 32 and more, blocks to their size, areas to a page or what was asked for: always 16. With
 * red zones (slub_debug=Z) objects of 96 and 192 bytes begin behind 8 bytes of theirs; the
 * next class serves those requests then (heap_learn()).
 *
 * Sizes come as the caller gave them: 0 is a size. Functions return NULL where there is no
 * memory, and errno is then anything.
 */
#ifndef MALLOC_HEAP_H
#define MALLOC_HEAP_H

#include <kalloc/gfp.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

/* The ABI's promise for what fits any object. */
#define HEAP_ALIGN 16UL

/* Nobody reads the kernel's report of a failed request unless asked to: heap_report_failures(). */
#define HEAP_GFP (GFP_KERNEL | __GFP_NOWARN)

/*
 * Learn how the current machine lays its objects out. Once, when it has booted.
 * Return: whether heap_alloc() will do; else it is heap_alloc_any() for all.
 */
bool heap_learn(void);

/* From now on the kernel's report is printed, once in a while, where a request fails. */
void heap_report_failures(void);

void *heap_alloc_any(size_t size);

/* The common case, inline, where objects have no red zones and failures are not reported. */
static inline void *heap_alloc(size_t size)
{
	if (__builtin_expect(size > PAGE_SIZE, 0))
		return heap_alloc_any(size);
	return __kmalloc(size < HEAP_ALIGN ? HEAP_ALIGN : size, HEAP_GFP);
}

void *heap_zalloc(size_t size);

/* @align: a power of two. */
void *heap_alloc_aligned(size_t align, size_t size);

/*
 * Make the memory at @p larger or smaller; it stays where it is unless it is too small or
 * twice what is needed. Return: NULL with @p as it was.
 */
void *heap_resize(void *p, size_t size);

void heap_free_area(void *p);

/* @p: what one of the above returned, or NULL. Anything else is reported and ignored. */
static inline void heap_free(void *p)
{
	if (__builtin_expect(is_vmalloc_addr(p), 0))
		heap_free_area(p);
	else
		kfree(p);
}

/* Bytes that may be used at @p, not NULL. */
size_t heap_size(const void *p);

/* Give back to the machine what its layers keep at hand. */
void heap_trim(void);

#endif
