/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_GFP_TYPES_H
#define _LINUX_GFP_TYPES_H

#include <linux/types.h>
#include <kalloc/gfp.h>

/* 6.8 on: what a request that must not sleep may take from the reserves. */
#define GFP_NOWAIT_QUIET (GFP_NOWAIT | __GFP_NOWARN)

#endif
