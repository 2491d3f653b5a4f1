/* SPDX-License-Identifier: MIT */
/* Shrinkers: libkalloc's. */
#ifndef _LINUX_SHRINKER_H
#define _LINUX_SHRINKER_H

#include <linux/gfp.h>
#include <kalloc/reclaim.h>

#endif
