/* SPDX-License-Identifier: MIT */
/*
 * Self: what the library keeps of each thread, in one object, so that a hot path
 * finds all of it from one thread-local address: struct kalloc_self, which programs'
 * inlined code reads too (kalloc/front.h).
 */
#ifndef BASE_SELF_H
#define BASE_SELF_H

#include <kalloc/front.h>

#include "base.h"

/* The area of every thread that has not asked for its own (plat/rseq.h): nobody's. */
extern struct kalloc_area self_no_area __attribute__((visibility("hidden")));

#endif
