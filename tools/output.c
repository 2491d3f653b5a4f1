/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "output.h"

#define SUFFIX ".new"

struct output {
	char *path;
	char *beside; /* written and then put in its place; NULL: it is written itself */
	FILE *stream;
};

static void forget(struct output *output)
{
	int err = errno;

	if (output->stream)
		fclose(output->stream);
	free(output->path);
	free(output->beside);
	free(output);
	errno = err;
}

/* A pipe or a device cannot be replaced; a link whose target is yet to be is not to be. */
static bool is_replaced(const char *path)
{
	struct stat status;

	return lstat(path, &status) != 0 || S_ISREG(status.st_mode);
}

/* The end of the file at @path, if this process prints to it already; otherwise NULL. */
static FILE *open_printed(const char *path)
{
	struct stat wanted, status;

	if (stat(path, &wanted) != 0 || !S_ISREG(wanted.st_mode))
		return NULL;
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &status) != 0 || status.st_dev != wanted.st_dev ||
		    status.st_ino != wanted.st_ino)
			continue;
		fflush(stdout);
		return fdopen(dup(fd), "w");
	}
	return NULL;
}

/* A new file, whatever there is beside @output->path already. */
static FILE *open_beside(struct output *output)
{
	size_t size = strlen(output->path) + sizeof(SUFFIX) + 11;
	FILE *stream = NULL;

	output->beside = memory_new(size, 1);
	snprintf(output->beside, size, "%s" SUFFIX, output->path);
	for (unsigned int i = 1; !(stream = fopen(output->beside, "wx")) && errno == EEXIST; i++)
		snprintf(output->beside, size, "%s" SUFFIX "%u", output->path, i);
	return stream;
}

struct output *output_open(const char *path)
{
	struct output *output = memory_new(1, sizeof(*output));
	char *behind_links = realpath(path, NULL);

	output->path = behind_links ? behind_links : memory_text(path, strlen(path));
	output->stream = open_printed(output->path);
	if (!output->stream && is_replaced(output->path))
		output->stream = open_beside(output);
	else if (!output->stream)
		output->stream = fopen(output->path, "w");
	if (output->stream)
		return output;
	forget(output);
	return NULL;
}

FILE *output_stream(struct output *output)
{
	return output->stream;
}

void output_drop(struct output *output)
{
	int err = errno;

	if (output->beside)
		unlink(output->beside);
	errno = err;
	forget(output);
}

int output_finish(struct output *output)
{
	int err = ferror(output->stream) ? -1 : 0;

	/* What was not written when it was to be is told of here at the latest. */
	if (fclose(output->stream) != 0)
		err = -1;
	output->stream = NULL;
	if (!err && output->beside)
		err = rename(output->beside, output->path);
	if (err)
		output_drop(output);
	else
		forget(output);
	return err;
}
