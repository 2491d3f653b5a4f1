/* SPDX-License-Identifier: MIT */
/*
 * For test_exec.c: a library whose constructor runs before that of libkalloc-malloc.so and before
 * anybody has allocated. It registers handlers of forks that allocate, or, if the environment
 * says so, clears it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void handle(void)
{
	for (size_t size = 1; size < 10UL << 20; size *= 3) {
		char *p = malloc(size);

		if (!p)
			abort();
		memset(p, 1, size);
		free(p);
	}
}

static void __attribute__((constructor)) construct(void)
{
	if (getenv("HANDLERS_CLEAR"))
		clearenv();
	else if (pthread_atfork(handle, handle, handle))
		abort();
}
