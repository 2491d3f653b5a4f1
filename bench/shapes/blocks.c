/* SPDX-License-Identifier: MIT */
/* The shapes of the programs page-N, and of cache-1024: those of one size, in one thread. */
#include "objects.h"

const struct shape shapes[] = {
	{ .name = "pair", .measure = pair_measure },
	BATCHES("batch-32", 32),
	BATCHES("batch-256", 256),
	BATCHES("batch-512", 512),
	BATCHES("batch-4096", 4096),
	{ .name = "replace-128", .measure = replace_measure, .n = 128, .way = REPLACE_SAME },
	{ .name = "replace-4096", .measure = replace_measure, .n = 4096, .way = REPLACE_SAME },
	{ 0 },
};
