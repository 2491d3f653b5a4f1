/* SPDX-License-Identifier: MIT */
/*
 * Count: what a watched process has asked of its malloc(). Sizes are those of the objects,
 * blocks and areas that serve, which is known at both ends of their life. Any thread, no
 * lock; a figure may be a call ahead of another.
 */
#ifndef MALLOC_COUNT_H
#define MALLOC_COUNT_H

#include <stddef.h>

struct counts {
	unsigned long allocations;
	unsigned long frees;
	unsigned long failures;
	size_t live_bytes;
	size_t peak_bytes; /* the most that was live at once */
};

/* Memory of @bytes was allocated / is about to be freed; a request has failed. */
void count_alloc(size_t bytes);
void count_free(size_t bytes);
void count_failure(void);

struct counts count_now(void);

#endif
