/* SPDX-License-Identifier: MIT */
/*
 * /proc/kpagecount and /proc/kpageflags: a 64-bit word for each frame, by pfn.
 *
 * The words are looked up without locks, as in the kernel: a frame that somebody
 * works on meanwhile is shown as it was or as it will be, or as nothing.
 *
 * A frame without memory is KPF_NOPAGE; one that was never given to the buddy
 * system is KPF_RESERVED. Every frame of a free block is KPF_BUDDY; those on a
 * CPU's page lists have no bit, as in the kernel, which cannot tell them either.
 *
 * Differs from Linux 6.1: the files end with the last frame, not with the section
 * of memory that it is in. No frame is mapped by a process, so that all of
 * kpagecount is 0; an anonymous page is told by its list (reclaim.h).
 */
#ifndef PROC_KPAGE_H
#define PROC_KPAGE_H

#include "machine.h"

/* Bits of kpageflags; the numbers are the kernel's. */
enum kpf {
	KPF_REFERENCED = 2,
	KPF_DIRTY = 4,
	KPF_LRU = 5,
	KPF_ACTIVE = 6,
	KPF_SLAB = 7,
	KPF_BUDDY = 10,
	KPF_ANON = 12,
	KPF_SWAPBACKED = 14,
	KPF_COMPOUND_HEAD = 15,
	KPF_COMPOUND_TAIL = 16,
	KPF_NOPAGE = 20,
	KPF_RESERVED = 32,
};

/* Frames that the files have a word for. */
unsigned long kpage_frames(const struct kalloc_machine *m);

/* The words of @nr frames from @pfn on, all of them less than kpage_frames(). */
void kpagecount_fill(struct kalloc_machine *m, u64 *words, unsigned long pfn, unsigned long nr);
void kpageflags_fill(struct kalloc_machine *m, u64 *words, unsigned long pfn, unsigned long nr);

#endif
