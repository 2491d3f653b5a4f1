/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../commands.h"
#include "../memory.h"
#include "executable.h"
#include "preload.h"

#define LIBRARY "libkalloc-malloc.so"

/* From the folder of the command: in a build, and installed. */
static const char *const places[] = { "../src/malloc/" LIBRARY, "../" KALLOC_LIBDIR "/" LIBRARY };

/* The folder of the running command, with a slash; "" if the host does not tell. */
static void own_folder(char folder[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	folder[n > 0 ? n : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		slash[1] = '\0';
}

/* Return: false if the library is nowhere. */
static bool find(char whole[PATH_MAX])
{
	char folder[PATH_MAX], path[2 * PATH_MAX];

	own_folder(folder);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", folder, places[i]);
		if (realpath(path, whole))
			return true;
	}
	return realpath(KALLOC_PREFIX "/" KALLOC_LIBDIR "/" LIBRARY, whole) != NULL;
}

int preload_set(const char *named, const char *who)
{
	const char *others = getenv("LD_PRELOAD");
	char whole[PATH_MAX], *all;
	size_t size;

	if (named ? !realpath(named, whole) : !find(whole)) {
		fprintf(stderr, "%s: %s: %s\n", who, named ? named : LIBRARY, strerror(errno));
		return STATUS_FAILED;
	}
	/* The dynamic linker would say so and go on without. */
	if (!executable_has_malloc(whole)) {
		fprintf(stderr, "%s: %s: no library with a malloc()\n", who, whole);
		return STATUS_FAILED;
	}
	/* Names in LD_PRELOAD end there, and nothing quotes them. */
	if (strpbrk(whole, " :$")) {
		fprintf(stderr, "%s: %s: LD_PRELOAD cannot hold a path with ' ', ':' or '$'\n", who,
			whole);
		return STATUS_FAILED;
	}
	size = strlen(whole) + (others ? strlen(others) : 0) + 2;
	all = memory_new(size, 1);
	snprintf(all, size, "%s%s%s", whole, others && *others ? ":" : "", others ? others : "");
	setenv("LD_PRELOAD", all, 1);
	free(all);
	return STATUS_OK;
}
