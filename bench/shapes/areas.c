/* SPDX-License-Identifier: MIT */
/* The shapes of the programs vmalloc and mmap. */
#include "objects.h"

const struct shape shapes[] = {
	{ .name = "pair-4K", .measure = touch_measure, .n = 4L << 10 },
	{ .name = "pair-64K", .measure = touch_measure, .n = 64L << 10 },
	{ .name = "pair-1M", .measure = touch_measure, .n = 1L << 20 },
	{ .name = "touch-4K", .measure = touch_measure, .n = 4L << 10, .way = TOUCH_PAGES },
	{ .name = "touch-64K", .measure = touch_measure, .n = 64L << 10, .way = TOUCH_PAGES },
	{ .name = "touch-1M", .measure = touch_measure, .n = 1L << 20, .way = TOUCH_PAGES },
	{ 0 },
};
