/* SPDX-License-Identifier: MIT */
/* The shapes of the programs malloc, kmalloc and cache. */
#include "objects.h"

const struct shape shapes[] = {
	{ .name = "pair", .measure = pair_measure },
	{ .name = "pair-variable", .measure = pair_measure, .way = PAIR_VARIABLE },
	{ .name = "batch-32-lifo", .measure = batch_measure, .n = 32, .way = BATCH_LIFO },
	{ .name = "batch-32-fifo", .measure = batch_measure, .n = 32, .way = BATCH_FIFO },
	{ .name = "batch-32-shuffled", .measure = batch_measure, .n = 32, .way = BATCH_SHUFFLED },
	{ .name = "batch-256-lifo", .measure = batch_measure, .n = 256, .way = BATCH_LIFO },
	{ .name = "batch-256-fifo", .measure = batch_measure, .n = 256, .way = BATCH_FIFO },
	{ .name = "batch-256-shuffled", .measure = batch_measure, .n = 256, .way = BATCH_SHUFFLED },
	{ .name = "batch-4096-lifo", .measure = batch_measure, .n = 4096, .way = BATCH_LIFO },
	{ .name = "batch-4096-fifo", .measure = batch_measure, .n = 4096, .way = BATCH_FIFO },
	{ .name = "batch-4096-shuffled",
	  .measure = batch_measure,
	  .n = 4096,
	  .way = BATCH_SHUFFLED },
	{ .name = "batch-100k-lifo", .measure = batch_measure, .n = 100000, .way = BATCH_LIFO },
	{ .name = "batch-100k-fifo", .measure = batch_measure, .n = 100000, .way = BATCH_FIFO },
	{ .name = "batch-100k-shuffled",
	  .measure = batch_measure,
	  .n = 100000,
	  .way = BATCH_SHUFFLED },
	{ 0 },
};
