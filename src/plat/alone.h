/* SPDX-License-Identifier: MIT */
/*
 * Alone: whether the process has one thread only (kalloc/stack.h). What nobody can see
 * half done needs no locked instruction. Another thread can only come from one that is
 * outside every lock, and finds them as they were left.
 */
#ifndef PLAT_ALONE_H
#define PLAT_ALONE_H

#include <kalloc/stack.h>

#include "base.h"

static inline bool is_alone(void)
{
	return kalloc_is_alone();
}

#endif
