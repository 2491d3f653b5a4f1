/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "history_path.h"
#include "memory.h"

/* Every folder of @path. What cannot be made shows when the file cannot be written. */
static void make_folders(char *path)
{
	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
}

char *history_path(void)
{
	static const char name[] = "/kalloc/history", state[] = "/.local/state";
	const char *folder = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool is_state = folder && folder[0] == '/';
	size_t size;
	char *path;

	if (!is_state && (!home || !*home))
		return NULL;
	if (!is_state)
		folder = home;
	size = strlen(folder) + sizeof(state) + sizeof(name);
	path = memory_new(size, 1);
	snprintf(path, size, "%s%s%s", folder, is_state ? "" : state, name);
	make_folders(path);
	return path;
}
