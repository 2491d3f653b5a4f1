/* SPDX-License-Identifier: MIT */
/* What a test of kernel code sees of the library below, and does to it. */
#ifndef TESTS_KERNEL_BELOW_H
#define TESTS_KERNEL_BELOW_H

#include <linux/kernel.h>
#include <kalloc/inspect.h>
#include <kalloc/kalloc.h>

#define FAIL_NTH "/proc/thread-self/fail-nth"

/* Of all requests for memory that the calling thread makes from now on, the @nth fails. */
static inline void fail_begin(unsigned int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	kalloc_write(FAIL_NTH, text);
}

/*
 * None does from now on. Return: true if one has; what it was for may have succeeded for all
 * that, as a slab of fewer frames, for instance.
 */
static inline bool fail_end(void)
{
	char left[16] = "";

	kalloc_read(FAIL_NTH, left, sizeof(left));
	kalloc_write(FAIL_NTH, "0");
	return left[0] == '0';
}

static inline void below_count(void *ctx, const struct kalloc_block *block)
{
	if (block->state == KALLOC_FRAMES_USED)
		*(long *)ctx += 1L << block->order;
}

/* Frames in use, but for those of slabs. */
static inline long frames_used(void)
{
	long nr = 0;

	kalloc_inspect_frames(below_count, &nr);
	return nr;
}

#endif
