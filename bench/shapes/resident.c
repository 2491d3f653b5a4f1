/* SPDX-License-Identifier: MIT */
#include "resident.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Value: the bytes that a line "KEY: N kB" of @text tells, -1 if there is none. */
static long value_of(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? atol(line + strlen(key)) * 1024 : -1;
}

bool resident_read(struct resident *resident)
{
	static char text[4096];
	int fd = open("/proc/self/smaps_rollup", O_RDONLY);
	ssize_t bytes;

	if (fd < 0)
		return false;
	bytes = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[bytes > 0 ? bytes : 0] = 0;
	resident->private_bytes = value_of(text, "Pss_Anon:");
	resident->shared_bytes = value_of(text, "Pss_Shmem:");
	return resident->private_bytes >= 0 && resident->shared_bytes >= 0;
}
