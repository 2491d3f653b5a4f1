/* SPDX-License-Identifier: MIT */
/*
 * What an allocation and the free that follows cost, layer by layer, beside the
 * host's malloc in the same run. Medians of ROUNDS rounds on the thread's CPU
 * clock, the rounds of all pairs interleaved, the empty loop subtracted.
 */
#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 9

static struct kmem_cache *cache;

static void pair_empty(void)
{
	__asm__ volatile("" ::: "memory");
}

static void pair_malloc(void)
{
	void *volatile p = malloc(64);

	free(p);
}

static void pair_kmalloc(void)
{
	kfree(kmalloc(64, GFP_KERNEL));
}

static void pair_cache(void)
{
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
}

static void pair_page0(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 0), 0);
}

static void pair_page4(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 4), 4);
}

static void pair_vmalloc(void)
{
	char *p = vmalloc(64 << 10);

	for (int i = 0; i < 64 << 10; i += 4096)
		p[i] = 1;
	vfree(p);
}

static const struct pair {
	const char *name;
	void (*run)(void);
	long times;
} pairs[] = {
	{ "empty loop", pair_empty, 4000000 },
	{ "malloc(64)", pair_malloc, 2000000 },
	{ "kmalloc(64)", pair_kmalloc, 2000000 },
	{ "kmem_cache, 64 bytes", pair_cache, 2000000 },
	{ "alloc_pages order 0", pair_page0, 1000000 },
	{ "alloc_pages order 4", pair_page4, 500000 },
	{ "vmalloc(64K) and touch", pair_vmalloc, 3000 },
};
#define NR_PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double measure(const struct pair *pair)
{
	double start = now_ns();

	for (long i = 0; i < pair->times; i++)
		pair->run();
	return (now_ns() - start) / (double)pair->times;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	static double ns[NR_PAIRS][ROUNDS];
	double empty, host;

	cache = kmem_cache_create("bench", 64, 0, 0, NULL);
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < NR_PAIRS; i++)
			ns[i][round] = measure(&pairs[i]);
	}
	for (size_t i = 0; i < NR_PAIRS; i++)
		qsort(ns[i], ROUNDS, sizeof(double), by_value);
	empty = ns[0][ROUNDS / 2];
	host = ns[1][ROUNDS / 2] - empty;

	printf("%-24s %10s %10s\n", "pair", "ns", "/ malloc");
	for (size_t i = 1; i < NR_PAIRS; i++) {
		double pair = ns[i][ROUNDS / 2] - empty;

		printf("%-24s %10.1f %10.2f\n", pairs[i].name, pair, pair / host);
	}
	kmem_cache_destroy(cache);
	return 0;
}
