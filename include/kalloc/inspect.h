/* SPDX-License-Identifier: MIT */
/*
 * Looking at a machine's memory as it lies, for maps and reports.
 */
#ifndef KALLOC_INSPECT_H
#define KALLOC_INSPECT_H

#include <kalloc/page.h>

enum kalloc_frames {
	KALLOC_FRAMES_FREE, /* a block on the zone's free lists */
	KALLOC_FRAMES_USED, /* in use, one frame or one compound page */
	KALLOC_FRAMES_SLAB, /* in use by the slab layer */
	KALLOC_FRAMES_PCP,  /* free, on a CPU's page lists */
	KALLOC_FRAMES_HOLE, /* no memory, or memory that was never given out */
};

/* What is known of frames in use. */
enum kalloc_use {
	KALLOC_USE_PLAIN,   /* nothing more */
	KALLOC_USE_FILE,    /* an LRU page with a file behind it */
	KALLOC_USE_ANON,    /* an LRU page without */
	KALLOC_USE_MOVABLE, /* its owner can move it (__SetPageMovable()) */
};

/* A run of 2^order frames in one state. Members may be added at the end. */
struct kalloc_block {
	unsigned long pfn;
	unsigned int order;
	unsigned char zone; /* enum zone_type */
	unsigned char node;
	unsigned char migratetype; /* of its pageblock */
	unsigned char state;	   /* enum kalloc_frames */
	unsigned char use;	   /* enum kalloc_use; of KALLOC_FRAMES_USED only */
};

KALLOC_BEGIN_DECLS

/**
 * kalloc_inspect_frames() - visit all frames of the current machine in address order
 * @visit: called for each run, zone by zone; must not allocate or free
 * @ctx: handed to @visit
 *
 * Each zone's lock is held while it is walked, so a zone is seen at one moment.
 */
KALLOC_API void kalloc_inspect_frames(void (*visit)(void *ctx, const struct kalloc_block *block),
				      void *ctx);

/**
 * kalloc_page_stack() - who asked for a frame
 * @page: the frame, of a machine booted with page_owner=on
 * @entries: receives return addresses, innermost first, without the library's own
 * @most: how many @entries has room for
 *
 * Takes no lock and may be called by a visitor of kalloc_inspect_frames(). Of a frame that
 * comes or goes meanwhile it may tell the past.
 *
 * Return: how many there are; 0: the frame is free, or no record is kept.
 */
KALLOC_API unsigned int kalloc_page_stack(const struct page *page, unsigned long *entries,
					  unsigned int most);

KALLOC_END_DECLS

#endif
