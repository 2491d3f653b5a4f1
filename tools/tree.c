/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <kalloc/kalloc.h>

#include "memory.h"
#include "slabinfo.h"
#include "text_file.h"
#include "tree.h"

#define ANY "<cache>"

/* A path put together; to be freed. */
static char *path_join(const char *head, size_t head_len, const char *middle, const char *tail)
{
	size_t size = head_len + strlen(middle) + strlen(tail) + 1;
	char *path = memory_new(size, 1);

	snprintf(path, size, "%.*s%s%s", (int)head_len, head, middle, tail);
	return path;
}

/* Make the folders that @path goes through. */
static int make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int err;

		*slash = '\0';
		err = mkdir(path, 0777);
		*slash = '/';
		if (err && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int write_file(const char *dir, const char *path, const char *who)
{
	char *name = path_join(dir, strlen(dir), "", path);
	FILE *to = make_folders(name) ? NULL : fopen(name, "wb");
	int err = to ? text_file_copy(path, to) : -1;

	if (to && fclose(to))
		err = -1;
	if (err)
		fprintf(stderr, "%s: %s: %s\n", who, name, strerror(errno));
	free(name);
	return err;
}

/* Write the file that @path stands for of each cache. */
static int write_caches(const char *dir, const char *path, const char *any, const char *who)
{
	char *slabinfo = text_file_read("/proc/slabinfo");
	const char *cursor = slabinfo;
	struct slabinfo_row row;
	int err = slabinfo ? 0 : -1;

	while (!err && slabinfo_next(&cursor, &row)) {
		char *of_cache;

		for (char *slash = row.name; (slash = strchr(slash, '/')) != NULL;)
			*slash = '!';
		of_cache = path_join(path, (size_t)(any - path), row.name, any + strlen(ANY));
		err = write_file(dir, of_cache, who);
		free(of_cache);
	}
	free(slabinfo);
	return err;
}

static bool can_read(const char *path)
{
	long n = kalloc_read_at(path, NULL, 0, 0);

	return n != -EACCES && n != -ENOENT;
}

int tree_write(const char *dir, const char *who)
{
	const char *path;
	int err = 0;

	for (unsigned int i = 0; !err && (path = kalloc_files(i)) != NULL; i++) {
		const char *any = strstr(path, ANY);

		if (any)
			err = write_caches(dir, path, any, who);
		else if (can_read(path))
			err = write_file(dir, path, who);
	}
	return err;
}
