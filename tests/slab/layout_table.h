/* SPDX-License-Identifier: MIT */
/*
 * What Linux 6.1 makes of a cache's size, alignment, flags and constructor, as
 * /sys/kernel/slab showed it, on machines of 1, 2, 4 and 16 CPUs. Where one pair
 * stands for all, they agreed.
 */
#ifndef TEST_SLAB_LAYOUT_TABLE_H
#define TEST_SLAB_LAYOUT_TABLE_H

#include <kalloc/slab.h>

#define NR_CPU_COUNTS 4

static const unsigned int cpu_counts[NR_CPU_COUNTS] = { 1, 2, 4, 16 };

struct order_objects {
	unsigned int order;
	unsigned int objects;
};

struct layout_row {
	unsigned int object_size;
	unsigned int asked_align;
	bool has_ctor;
	slab_flags_t flags;
	unsigned int size;
	unsigned int inuse;
	unsigned int offset;
	unsigned int align;
	unsigned int red_left_pad;
	struct order_objects oo[NR_CPU_COUNTS];
	struct order_objects min;
	unsigned long min_partial;
	unsigned int cpu_partial;
	unsigned int cpu_partial_slabs[NR_CPU_COUNTS];
};

/* clang-format off */
/* The flags by their letters in slub_debug=, and two shorter names. */
#define F	SLAB_CONSISTENCY_CHECKS
#define Z	SLAB_RED_ZONE
#define P	SLAB_POISON
#define U	SLAB_STORE_USER
#define T	SLAB_TRACE
#define HWALIGN SLAB_HWCACHE_ALIGN
#define RCU	SLAB_TYPESAFE_BY_RCU
#define CTOR	1

/* One value for all CPU counts, or one for each. */
#define SAME(n)					  { n, n, n, n }
#define ALL(o, n)				  { { o, n }, { o, n }, { o, n }, { o, n } }
#define EACH(o1, n1, o2, n2, o4, n4, o16, n16) { { o1, n1 }, { o2, n2 }, { o4, n4 }, { o16, n16 } }

static const struct layout_row layout_table[] = {
	{ 1, 0, 0, 0, 8, 8, 0, 8, 0, ALL(0, 512), { 0, 512 }, 5, 120, SAME(1) },
	{ 4, 0, 0, 0, 8, 8, 0, 8, 0, ALL(0, 512), { 0, 512 }, 5, 120, SAME(1) },
	{ 7, 0, 0, 0, 8, 8, 0, 8, 0, ALL(0, 512), { 0, 512 }, 5, 120, SAME(1) },
	{ 8, 0, 0, 0, 8, 8, 0, 8, 0, ALL(0, 512), { 0, 512 }, 5, 120, SAME(1) },
	{ 13, 0, 0, 0, 16, 16, 0, 8, 0, ALL(0, 256), { 0, 256 }, 5, 120, SAME(1) },
	{ 24, 0, 0, 0, 24, 24, 8, 8, 0, ALL(0, 170), { 0, 170 }, 5, 120, SAME(2) },
	{ 24, 0, 0, HWALIGN, 32, 24, 8, 32, 0, ALL(0, 128), { 0, 128 }, 5, 120, SAME(2) },
	{ 40, 0, 0, HWALIGN, 64, 40, 16, 64, 0, ALL(0, 64), { 0, 64 }, 5, 120, SAME(4) },
	{ 16, 0, 0, HWALIGN, 16, 16, 8, 16, 0, ALL(0, 256), { 0, 256 }, 5, 120, SAME(1) },
	{ 33, 0, 0, HWALIGN, 64, 40, 16, 64, 0, ALL(0, 64), { 0, 64 }, 5, 120, SAME(4) },
	{ 100, 0, 0, 0, 104, 104, 48, 8, 0, ALL(0, 39), { 0, 39 }, 5, 120, SAME(7) },
	{ 100, 32, 0, 0, 128, 104, 48, 32, 0, ALL(0, 32), { 0, 32 }, 5, 120, SAME(8) },
	{ 100, 128, 0, 0, 128, 104, 48, 128, 0, ALL(0, 32), { 0, 32 }, 5, 120, SAME(8) },
	{ 100, 0, 0, HWALIGN, 128, 104, 48, 64, 0, ALL(0, 32), { 0, 32 }, 5, 120, SAME(8) },
	{ 200, 4096, 0, 0, 4096, 200, 96, 4096, 0, ALL(3, 8), { 0, 1 }, 6, 6, SAME(2) },
	{ 12, 4, 0, 0, 16, 16, 0, 8, 0, ALL(0, 256), { 0, 256 }, 5, 120, SAME(1) },
	{ 9, 1, 0, 0, 16, 16, 0, 8, 0, ALL(0, 256), { 0, 256 }, 5, 120, SAME(1) },
	{ 12, 3, 0, 0, 16, 16, 0, 8, 0, ALL(0, 256), { 0, 256 }, 5, 120, SAME(1) },
	{ 12, 48, 0, 0, 16, 16, 0, 48, 0, ALL(0, 256), { 0, 256 }, 5, 120, SAME(1) },
	{ 256, 0, 0, 0, 256, 256, 128, 8, 0, EACH(0, 16, 0, 16, 0, 16, 1, 32), { 0, 16 }, 5, 52, { 7, 7, 7, 4 } },
	{ 500, 0, 0, 0, 504, 504, 248, 8, 0, EACH(0, 8, 1, 16, 1, 16, 2, 32), { 0, 8 }, 5, 52, { 13, 7, 7, 4 } },
	{ 700, 0, 0, 0, 704, 704, 344, 8, 0, EACH(1, 11, 2, 23, 2, 23, 3, 46), { 0, 5 }, 5, 52, { 10, 5, 5, 3 } },
	{ 1000, 0, 0, 0, 1000, 1000, 496, 8, 0, EACH(1, 8, 2, 16, 2, 16, 3, 32), { 0, 4 }, 5, 52, { 13, 7, 7, 4 } },
	{ 1024, 0, 0, 0, 1024, 1024, 512, 8, 0, EACH(1, 8, 2, 16, 2, 16, 3, 32), { 0, 4 }, 5, 24, { 6, 3, 3, 2 } },
	{ 1500, 0, 0, 0, 1504, 1504, 744, 8, 0, ALL(3, 21), { 0, 2 }, 5, 24, SAME(3) },
	{ 2048, 0, 0, 0, 2048, 2048, 1024, 8, 0, EACH(2, 8, 3, 16, 3, 16, 3, 16), { 0, 2 }, 5, 24, { 6, 3, 3, 3 } },
	{ 3000, 0, 0, 0, 3000, 3000, 1496, 8, 0, ALL(3, 10), { 0, 1 }, 5, 24, SAME(5) },
	{ 4096, 0, 0, 0, 4096, 4096, 2048, 8, 0, ALL(3, 8), { 0, 1 }, 6, 6, SAME(2) },
	{ 5000, 0, 0, 0, 5000, 5000, 2496, 8, 0, ALL(3, 6), { 1, 1 }, 6, 6, SAME(2) },
	{ 8192, 0, 0, 0, 8192, 8192, 4096, 8, 0, ALL(3, 4), { 1, 1 }, 6, 6, SAME(3) },
	{ 10000, 0, 0, 0, 10000, 10000, 5000, 8, 0, ALL(3, 3), { 2, 1 }, 6, 6, SAME(4) },
	{ 20000, 0, 0, 0, 20000, 20000, 10000, 8, 0, ALL(3, 1), { 3, 1 }, 7, 6, SAME(12) },
	{ 40000, 0, 0, 0, 40000, 40000, 20000, 8, 0, ALL(4, 1), { 4, 1 }, 7, 6, SAME(12) },
	{ 100000, 0, 0, 0, 100000, 100000, 50000, 8, 0, ALL(5, 1), { 5, 1 }, 8, 6, SAME(12) },
	{ 1048576, 0, 0, 0, 1048576, 1048576, 524288, 8, 0, ALL(8, 1), { 8, 1 }, 10, 6, SAME(12) },
	{ 4194304, 0, 0, 0, 4194304, 4194304, 2097152, 8, 0, ALL(10, 1), { 10, 1 }, 10, 6, SAME(12) },
	{ 64, 0, 0, Z, 88, 72, 32, 8, 8, ALL(0, 46), { 0, 46 }, 5, 0, SAME(0) },
	{ 64, 0, 0, P, 72, 64, 64, 8, 0, ALL(0, 56), { 0, 56 }, 5, 0, SAME(0) },
	{ 64, 0, 0, U, 128, 64, 32, 8, 0, ALL(0, 32), { 0, 32 }, 5, 0, SAME(0) },
	{ 64, 0, 0, Z | P, 96, 72, 72, 8, 8, ALL(0, 42), { 0, 42 }, 5, 0, SAME(0) },
	{ 64, 0, 0, Z | P | U, 160, 72, 72, 8, 8, ALL(0, 25), { 0, 25 }, 5, 0, SAME(0) },
	{ 64, 0, 0, F | Z | P | U, 160, 72, 72, 8, 8, ALL(0, 25), { 0, 25 }, 5, 0, SAME(0) },
	{ 60, 0, 0, Z, 80, 64, 24, 8, 8, ALL(0, 51), { 0, 51 }, 5, 0, SAME(0) },
	{ 60, 4, 0, Z, 80, 64, 24, 8, 8, ALL(0, 51), { 0, 51 }, 5, 0, SAME(0) },
	{ 60, 0, 0, Z | P | U, 152, 64, 64, 8, 8, ALL(0, 26), { 0, 26 }, 5, 0, SAME(0) },
	{ 64, 0, 0, Z | P | HWALIGN | U, 256, 72, 72, 64, 64, EACH(0, 16, 0, 16, 0, 16, 1, 32), { 0, 16 }, 5, 0, SAME(0) },
	{ 13, 0, 0, Z | P | U, 104, 16, 16, 8, 8, ALL(0, 39), { 0, 39 }, 5, 0, SAME(0) },
	{ 1024, 0, 0, Z | P | U, 1120, 1032, 1032, 8, 8, EACH(2, 14, 2, 14, 3, 29, 3, 29), { 0, 3 }, 5, 0, SAME(0) },
	{ 4096, 0, 0, Z | P | U, 4192, 4104, 4104, 8, 8, ALL(3, 7), { 1, 1 }, 6, 0, SAME(0) },
	{ 8192, 0, 0, Z | P | U, 8288, 8200, 8200, 8, 8, ALL(3, 3), { 2, 1 }, 6, 0, SAME(0) },
	{ 64, 0, 0, F, 64, 64, 32, 8, 0, ALL(0, 64), { 0, 64 }, 5, 0, SAME(0) },
	{ 64, 0, 0, Z | T, 88, 72, 32, 8, 8, ALL(0, 46), { 0, 46 }, 5, 0, SAME(0) },
	{ 64, 0, CTOR, 0, 72, 64, 64, 8, 0, ALL(0, 56), { 0, 56 }, 5, 120, SAME(5) },
	{ 64, 0, CTOR, P, 72, 64, 64, 8, 0, ALL(0, 56), { 0, 56 }, 5, 0, SAME(0) },
	{ 64, 0, CTOR, Z | P | U, 160, 72, 72, 8, 8, ALL(0, 25), { 0, 25 }, 5, 0, SAME(0) },
	{ 60, 0, CTOR, 0, 72, 64, 64, 8, 0, ALL(0, 56), { 0, 56 }, 5, 120, SAME(5) },
	{ 64, 0, 0, RCU, 72, 64, 64, 8, 0, ALL(0, 56), { 0, 56 }, 5, 120, SAME(5) },
	{ 64, 0, 0, Z | P | U | RCU, 160, 72, 72, 8, 8, ALL(0, 25), { 0, 25 }, 5, 0, SAME(0) },
	{ 64, 0, 0, SLAB_RECLAIM_ACCOUNT, 64, 64, 32, 8, 0, ALL(0, 64), { 0, 64 }, 5, 120, SAME(4) },
	{ 64, 0, 0, SLAB_CACHE_DMA, 64, 64, 32, 8, 0, ALL(0, 64), { 0, 64 }, 5, 120, SAME(4) },
	{ 64, 0, 0, SLAB_CACHE_DMA32, 64, 64, 32, 8, 0, ALL(0, 64), { 0, 64 }, 5, 120, SAME(4) },
	{ 64, 0, 0, SLAB_ACCOUNT, 64, 64, 32, 8, 0, ALL(0, 64), { 0, 64 }, 5, 120, SAME(4) },
};
/* clang-format on */

#undef F
#undef Z
#undef P
#undef U
#undef T
#undef HWALIGN
#undef RCU
#undef CTOR
#undef SAME
#undef ALL
#undef EACH

#endif
