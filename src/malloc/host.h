/* SPDX-License-Identifier: MIT */
/* Host: what was there without us: malloc() and its relatives, the list of handlers of forks. */
#ifndef MALLOC_HOST_H
#define MALLOC_HOST_H

#include <stdbool.h>
#include <stddef.h>

struct host {
	void *(*alloc)(size_t size);
	void *(*zalloc)(size_t n, size_t size);
	void *(*alloc_aligned)(size_t align, size_t size);
	void *(*resize)(void *p, size_t size);
	void (*free)(void *p);
	size_t (*size)(void *p);
};

extern struct host host __attribute__((visibility("hidden")));

/* Return: false if one is missing. */
bool host_find(void);

/* What pthread_atfork() calls in the C library. Return: 0 or an error. */
int host_register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
			 void *library);

#endif
