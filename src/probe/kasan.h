/* SPDX-License-Identifier: MIT */
/*
 * Kasan, with kasan=on: AddressSanitizer is told which bytes of the machine are whose, so
 * that a program made with it is stopped where it touches what it has not got:
 *
 *   objects   closed but for the bytes asked for, as long as they are allocated. Behind each
 *             lie KASAN_REDZONE more that are always closed
 *   frames    a block that comes back is closed until it is handed out again; the rest of
 *             a large kmalloc() block, too. Those that were never used are open
 *   areas     the pages behind them, from the end of what was asked for, until they are
 *             mapped again
 *
 * and that a free of something that is closed is reported, and not done. All caches but
 * checked ones (SLAB_RED_ZONE and SLAB_POISON write to what is closed) have the flag
 * SLAB_KASAN: no fronts, not merged. The hooks below stand where Linux has its own; where
 * there are none, with kasan=off, nothing is called.
 *
 * Objects that are freed wait in a quarantine (slab/quarantine.h) before they are used again.
 *
 * Differs from Linux 6.1: the memory of a cache that may be read after a free
 * (SLAB_TYPESAFE_BY_RCU) stays open; where an object was allocated and freed is not kept;
 * what mempools have in reserve stays open. kasan= is the name of the option of kernels that
 * have tags in hardware.
 *
 * Source: Linux 6.1 mm/kasan/common.c, mm/slab_common.c.
 */
#ifndef PROBE_KASAN_H
#define PROBE_KASAN_H

#include "asan.h"
#include "machine.h"

#define KASAN_REDZONE 16u

static inline bool kasan_is_on(const struct kalloc_machine *m)
{
	return unlikely(m->params.kasan);
}

/* Of @room bytes at @at, both multiples of 8, the first @bytes may be used. */
void kasan_allow(const void *at, size_t bytes, size_t room);

/* What is freed is free already, or nothing begins there. */
void kasan_report_free(const void *at);

/* Whether the first byte may be used; if not, after a report. */
bool kasan_check(const void *at);

/* 2^@order frames from @pfn on, as far as they have linear addresses. */
void kasan_open_frames(const struct kalloc_machine *m, unsigned long pfn, unsigned long nr);
void kasan_close_frames(const struct kalloc_machine *m, unsigned long pfn, unsigned long nr);

#endif
