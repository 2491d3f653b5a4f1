/* SPDX-License-Identifier: MIT */
/* krealloc: when memory moves, how much of it is copied, what is zeroed. */
#include "same.h"

/* Fill all that may be used, change the size, count what is still there. */
static void show_change(size_t from, size_t to, gfp_t gfp)
{
	unsigned char *before = kmalloc(from, GFP_KERNEL), *after;
	size_t had = ksize(before), has, kept;
	bool moved;

	memset(before, 0x5c, had);
	after = krealloc(before, to, gfp);
	moved = after != before;
	has = ksize(after);
	kept = same_run(after, has, 0x5c);
	/* What nobody has written is not compared. */
	SAME("krealloc %zu to %zu, flags 0x%x: moved %d, ksize %zu to %zu, kept %zu", from, to, gfp,
	     moved, had, has, kept < had ? kept : had);
	if (gfp & __GFP_ZERO)
		SAME("  zero after it: %zu", moved ? same_run(after + had, has - had, 0) : 0);
	kfree(after);
}

/* With __GFP_ZERO, in place: is the part past the new size cleared? */
static void show_in_place(size_t from, size_t to)
{
	unsigned char *p = kmalloc(from, GFP_KERNEL), *q;
	size_t usable = ksize(p), i, set = 0;

	memset(p, 0x5c, usable);
	q = krealloc(p, to, GFP_KERNEL | __GFP_ZERO);
	for (i = 0; i < usable; i++)
		set += q[i] == 0x5c;
	SAME("krealloc %zu to %zu, zeroing, in place %d: %zu of %zu bytes as before", from, to,
	     p == q, set, usable);
	kfree(q);
}

/* One object through many sizes: the first bytes stay. */
static void show_chain(void)
{
	static const size_t sizes[] = { 1,
					8,
					9,
					17,
					40,
					70,
					96,
					97,
					130,
					200,
					50,
					300,
					1000,
					5000,
					8192,
					8193,
					16384,
					16385,
					100,
					70000,
					1,
					1 << 20,
					(1 << 20) + 1,
					1 << 22,
					4096,
					1 };
	unsigned char *p = NULL;
	size_t i, known = 0;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned char *q = krealloc(p, sizes[i], GFP_KERNEL);
		size_t good = known ? same_run(q, known, 0xc3) : 0;

		SAME("chain to %zu: moved %d, ksize %zu, kept %zu of %zu", sizes[i], p != q,
		     ksize(q), good, known);
		memset(q, 0xc3, sizes[i]);
		known = sizes[i];
		p = q;
	}
	kfree(p);
}

static void show_ends(void)
{
	void *p = krealloc(NULL, 100, GFP_KERNEL), *q;

	SAME("krealloc(NULL, 100): ksize %zu", ksize(p));
	q = krealloc(p, 0, GFP_KERNEL);
	SAME("krealloc(p, 0) = 0x%lx", (unsigned long)q);
	q = krealloc(q, 0, GFP_KERNEL);
	SAME("krealloc(0x10, 0) = 0x%lx", (unsigned long)q);
	q = krealloc(NULL, 0, GFP_KERNEL);
	SAME("krealloc(NULL, 0) = 0x%lx", (unsigned long)q);
	p = krealloc(q, 64, GFP_KERNEL);
	SAME("krealloc(0x10, 64): ksize %zu", ksize(p));
	memset(p, 0x77, 64);
	q = krealloc(p, KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN);
	SAME("krealloc past the largest: null %d, old object kept %d", q == NULL,
	     same_run(p, 64, 0x77) == 64);
	q = krealloc(p, SIZE_MAX, GFP_KERNEL | __GFP_NOWARN);
	SAME("krealloc(p, SIZE_MAX): null %d", q == NULL);
	q = krealloc_array(p, SIZE_MAX / 2, 3, GFP_KERNEL);
	SAME("krealloc_array that overflows: null %d, old object kept %d", q == NULL,
	     same_run(p, 64, 0x77) == 64);
	q = krealloc_array(p, 16, 4, GFP_KERNEL);
	SAME("krealloc_array(16, 4): moved %d", q != p);
	p = krealloc_array(q, 16, 5, GFP_KERNEL);
	SAME("krealloc_array(16, 5): moved %d, kept %d, ksize %zu", q != p,
	     same_run(p, 64, 0x77) == 64, ksize(p));
	kfree(p);
}

void same_krealloc(void)
{
	static const size_t sizes[] = { 1,    8,    10,	  16,	60,    64,    65,
					100,  128,  129,  192,	200,   256,   512,
					2048, 4096, 8192, 8193, 16384, 20000, 65536 };
	size_t i, k;

	show_ends();
	show_chain();
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (k = 0; k < ARRAY_SIZE(sizes); k++)
			show_change(sizes[i], sizes[k], GFP_KERNEL);
	for (i = 0; i + 1 < ARRAY_SIZE(sizes); i++)
		show_change(sizes[i], sizes[i + 1], GFP_KERNEL | __GFP_ZERO);
	show_in_place(10, 16);
	show_in_place(64, 40);
	show_in_place(100, 128);
	show_in_place(8192, 5000);
	show_in_place(16384, 9000);
}
