/* SPDX-License-Identifier: MIT */
/*
 * USDT: static probes that gdb, perf and bpftrace find by name in the library's notes
 * (sys/sdt.h). A probe is one instruction that does nothing, until somebody puts a breakpoint
 * there; whoever does raises its semaphore, too, so that what it would show is not even
 * gathered before. All probes share one semaphore: who wants one, wants the events recorded
 * (probe/trace.h).
 *
 * Without the header at build time there are none, and nobody ever wants any.
 */
#ifndef PLAT_USDT_H
#define PLAT_USDT_H

#include "base.h"

#ifdef KALLOC_USDT

#define _SDT_HAS_SEMAPHORES 1
#define SDT_USE_VARIADIC
#include <sys/sdt.h>

/* Raised from outside: by a debugger, or by the host's kernel. */
extern volatile unsigned short usdt_semaphore __attribute__((visibility("hidden")));

static inline bool usdt_is_wanted(void)
{
	return unlikely(usdt_semaphore != 0);
}

/* The probe's name, and up to 12 values. */
#define USDT(...) STAP_PROBEV(kalloc, __VA_ARGS__)

/* The semaphore, and its name for probe @name; once, in one file. */
#define USDT_SEMAPHORE volatile unsigned short usdt_semaphore __attribute__((section(".probes")))
#define USDT_SEMAPHORE_OF(name)                                  \
	extern volatile unsigned short kalloc_##name##_semaphore \
		__attribute__((alias("usdt_semaphore"), visibility("hidden")))

#else

static inline bool usdt_is_wanted(void)
{
	return false;
}

#endif

#endif
