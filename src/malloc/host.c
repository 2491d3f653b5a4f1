/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <errno.h>

struct host host;

/* A pointer to a function, from one to an object. */
static bool find(void *function, const char *name)
{
	*(void **)function = dlsym(RTLD_NEXT, name);
	return *(void **)function != NULL;
}

bool host_find(void)
{
	return find(&host.alloc, "malloc") && find(&host.zalloc, "calloc") &&
	       find(&host.alloc_aligned, "memalign") && find(&host.resize, "realloc") &&
	       find(&host.free, "free") && find(&host.size, "malloc_usable_size");
}

int host_register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
			 void *library)
{
	int (*function)(void (*)(void), void (*)(void), void (*)(void), void *);

	if (!find(&function, "__register_atfork"))
		return ENOSYS;
	return function(prepare, parent, child, library);
}
