/* SPDX-License-Identifier: MIT */
/*
 * One source, two allocators. Each same_<noun>.c of this folder is compiled twice:
 * into a module for Linux 6.1 (../kernel/same_main.c) and against libkalloc (main.c).
 * It calls the API and prints what it got, one line an observation, with SAME(). The
 * two transcripts are to be equal; `compare` says whether they are.
 *
 * What a line may hold: sizes, counts, flags, truth values, differences of addresses,
 * indices into the test's own array. Never an address, nor what depends on the state
 * the kernel happened to boot into, nor the order of objects in a fresh slab, which
 * Debian's kernel shuffles.
 *
 * printk and printf agree on %d %u %x %s %c and the lengths l and z, not on # with 0.
 */
#ifndef SAME_H
#define SAME_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#else
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <kalloc/context.h>
#include <kalloc/gfp.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

/*
 * Until same_alone_end() nobody else comes to the CPU and takes what was just freed, or frees
 * something himself. Requests must not sleep.
 */
static inline void same_alone_begin(void)
{
#ifdef __KERNEL__
	local_irq_disable();
#else
	kalloc_task()->preempt_count++;
#endif
}

static inline void same_alone_end(void)
{
#ifdef __KERNEL__
	local_irq_enable();
#else
	kalloc_task()->preempt_count--;
#endif
}

/* --- what each side supplies ------------------------------------------ */

/* Print one line; the newline is added. */
void same_print(const char *fmt, ...) __attribute__((__format__(__printf__, 1, 2)));
#define SAME(fmt, ...) same_print(fmt, ##__VA_ARGS__)

/* Read a file of the kernel into @buf, terminated. */
void same_read(const char *path, char *buf, size_t size);

/*
 * What follows the caller in a line of /proc/vmallocinfo, from the blank on; NULL if
 * the area is not this program's own.
 */
const char *same_own_area(const char *line);

/* --- shared helpers --------------------------------------------------- */

/* First frame of the slab or block that @p lies in, and the bytes before @p in it. */
static inline struct page *same_head(const void *p)
{
	return compound_head(virt_to_page(p));
}

static inline unsigned long same_offset(const void *p)
{
	return (unsigned long)p - (unsigned long)page_address(same_head(p));
}

static inline unsigned long same_low_bit(unsigned long bits)
{
	return bits & -bits;
}

/* How many of the first @size bytes at @p hold @byte before one does not. */
static inline size_t same_run(const void *p, size_t size, unsigned char byte)
{
	const unsigned char *bytes = p;
	size_t n = 0;

	while (n < size && bytes[n] == byte)
		n++;
	return n;
}

/* --- the chapters, in the order of chapters.c -------------------------- */

void same_values(void);
void same_kmalloc(void);
void same_krealloc(void);
void same_strings(void);
void same_slab(void);
void same_reuse(void);
void same_churn(void);
void same_merging(void);
void same_clearing(void);
void same_bulk(void);
void same_mempool(void);
void same_pages(void);
void same_vmalloc(void);
void same_vmap(void);
void same_kvmalloc(void);
void same_errors(void);

/* Run the chapter called @only, or all if that is NULL. */
void same_chapters(const char *only);

#endif
