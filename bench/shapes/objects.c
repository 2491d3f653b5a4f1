/* SPDX-License-Identifier: MIT */
/* The shapes of the programs malloc, kmalloc and cache. */
#include "objects.h"

const struct shape shapes[] = {
	{ .name = "pair", .measure = pair_measure, .way = PAIR_CONSTANT },
	{ .name = "pair-variable", .measure = pair_measure, .way = PAIR_VARIABLE },
	BATCHES("batch-32", 32),
	BATCHES("batch-256", 256),
	BATCHES("batch-4096", 4096),
	BATCHES("batch-100k", 100000),
	{ .name = "replace-4096", .measure = replace_measure, .n = 4096, .way = REPLACE_SAME },
	{ .name = "remote", .measure = remote_measure, .free_to_move = true },
	{ .name = "threads-1", .measure = threads_measure, .n = 1, .free_to_move = true },
	{ .name = "threads-2", .measure = threads_measure, .n = 2, .free_to_move = true },
	{ .name = "threads-4", .measure = threads_measure, .n = 4, .free_to_move = true },
	{ .name = "threads-16", .measure = threads_measure, .n = 16, .free_to_move = true },
	{ .name = "queue-4", .measure = queue_measure, .n = 4, .free_to_move = true },
	{ .name = "heap-64", .measure = heap_measure, .n = 400000, .way = HEAP_FULL },
	{ .name = "mixed-10k", .measure = replace_measure, .n = 10000, .way = REPLACE_MIXED },
	{ .name = "classes-10k", .measure = replace_measure, .n = 10000, .way = REPLACE_CLASSES },
	{ .name = "mixed-wide-4096", .measure = replace_measure, .n = 4096, .way = REPLACE_WIDE },
	{ .name = "handing-4", .measure = handing_measure, .n = 4, .free_to_move = true },
	{ .name = "heap-mixed", .measure = heap_measure, .n = 200000, .way = HEAP_MIXED },
	{ .name = "heap-classes", .measure = heap_measure, .n = 200000, .way = HEAP_CLASSES },
	{ 0 },
};
