/* SPDX-License-Identifier: MIT */
#include <kalloc/vmalloc.h>

#include "layers.h"
#include "pair.h"

PAIR(kvmalloc_64k, , kvmalloc(64 << 10, GFP_KERNEL), kvfree(p))
PAIR(kvmalloc_8m, , kvmalloc(8 << 20, GFP_KERNEL), kvfree(p))
