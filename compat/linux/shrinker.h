/* SPDX-License-Identifier: MIT */
/* Shrinkers: libkalloc's (kalloc/reclaim.h). */
#ifndef _LINUX_SHRINKER_H
#define _LINUX_SHRINKER_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <kalloc/reclaim.h>

#endif
