/* SPDX-License-Identifier: MIT */
/*
 * Ticks: a clock for stamps on events that are nanoseconds apart. Where the host itself
 * tells the time by a counter of the processor's that every CPU shows alike, a stamp is
 * that counter, read without asking the host; else it is CLOCK_MONOTONIC.
 *
 * How long a tick is, is measured: the counter and the host's clock are read together at
 * the start and again when stamps are turned into time. Once the two readings lie a tenth
 * of a second apart they are kept, and every later stamp is read by the same scale.
 */
#ifndef PLAT_TICKS_H
#define PLAT_TICKS_H

#include "clock.h"

#if defined(__x86_64__)
#include "ticks_x86_64.h"
#elif defined(__aarch64__)
#include "ticks_aarch64.h"
#else
#include "ticks_none.h"
#endif

struct ticks_scale {
	u64 ticks, ns;		 /* one moment by both clocks */
	u64 span_ticks, span_ns; /* from it to a later one; not 0 */
};

/* The counter is usable: set by ticks_prepare(), once. */
extern bool ticks_are_counted __attribute__((visibility("hidden")));

/* Before the first stamp. Any context. */
void ticks_prepare(void);

static inline u64 ticks_now(void)
{
	return likely(READ_ONCE(ticks_are_counted)) ? ticks_counter() : clock_ns();
}

/* What turns the stamps made so far into time. Any context. */
struct ticks_scale ticks_scale(void);

/* A stamp as nanoseconds since the host booted, as clock_ns() gives them. Pure. */
u64 ticks_ns(const struct ticks_scale *scale, u64 ticks);

#endif
