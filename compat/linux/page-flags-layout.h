/* SPDX-License-Identifier: MIT */
/* Where the flags of a struct page stand is libkalloc's affair: no part has a width here. */
#ifndef PAGE_FLAGS_LAYOUT_H
#define PAGE_FLAGS_LAYOUT_H

#include <linux/numa.h>

#define ZONES_SHIFT	    3
#define SECTIONS_WIDTH	    0
#define SECTIONS_PGSHIFT    0
#define SECTIONS_MASK	    0UL
#define NODES_WIDTH	    0
#define NODES_PGSHIFT	    0
#define NODES_MASK	    0UL
#define ZONES_WIDTH	    0
#define ZONES_PGSHIFT	    0
#define ZONES_MASK	    0UL
#define LAST_CPUPID_WIDTH   0
#define LAST_CPUPID_PGSHIFT 0
#define LAST_CPUPID_MASK    0UL
#define KASAN_TAG_WIDTH	    0
#define KASAN_TAG_PGSHIFT   0
#define KASAN_TAG_MASK	    0UL

#endif
