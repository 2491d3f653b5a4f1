/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "pack.h"
#include "page_file.h"
#include "page_text.h"

/* Where the document stands in the page. */
#define MARK   "@DOCUMENT@"

#define SUFFIX ".new"

struct page_file {
	char *path;
	char *beside; /* written and then put in its place; NULL: it is written itself */
	FILE *out;
};

static void forget(struct page_file *file)
{
	int err = errno;

	if (file->out)
		fclose(file->out);
	free(file->path);
	free(file->beside);
	free(file);
	errno = err;
}

/* A pipe or a device cannot be replaced. */
static bool is_replaced(const char *path)
{
	struct stat status;

	return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

struct page_file *page_file_open(const char *path)
{
	struct page_file *file = memory_new(1, sizeof(*file));
	char *behind_links = realpath(path, NULL);

	file->path = behind_links ? behind_links : memory_text(path, strlen(path));
	if (is_replaced(file->path)) {
		size_t len = strlen(file->path);

		file->beside = memory_new(len + sizeof(SUFFIX), 1);
		memcpy(file->beside, file->path, len);
		memcpy(file->beside + len, SUFFIX, sizeof(SUFFIX));
	}
	file->out = fopen(file->beside ? file->beside : file->path, "w");
	if (file->out)
		return file;
	forget(file);
	return NULL;
}

void page_file_drop(struct page_file *file)
{
	if (file->beside)
		unlink(file->beside);
	forget(file);
}

static int write_page(FILE *out, const char *document, size_t len)
{
	const char *mark = memmem(page_text, page_text_len, MARK, strlen(MARK));
	const char *rest = mark + strlen(MARK);

	fwrite(page_text, 1, (size_t)(mark - page_text), out);
	if (pack(document, len, out))
		return -1;
	fwrite(rest, 1, (size_t)(page_text + page_text_len - rest), out);
	return ferror(out) ? -1 : 0;
}

int page_file_finish(struct page_file *file, const char *document, size_t len)
{
	int err = write_page(file->out, document, len);

	/* What was not written when it was to be is told of here at the latest. */
	if (fclose(file->out) != 0)
		err = -1;
	file->out = NULL;
	if (!err && file->beside)
		err = rename(file->beside, file->path);
	if (err && file->beside) {
		int why = errno;

		unlink(file->beside);
		errno = why;
	}
	forget(file);
	return err;
}
