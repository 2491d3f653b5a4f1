/* SPDX-License-Identifier: MIT */
/* Allocation scopes: libkalloc's. */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

#include <linux/gfp.h>
#include <linux/sched.h>
#include <kalloc/context.h>

static inline void might_alloc(gfp_t gfp)
{
	might_sleep_if(gfpflags_allow_blocking(gfp));
}

#endif
