/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pack.h"
#include "page_file.h"
#include "page_text.h"

/* Where the document stands in the page. */
#define MARK "@DOCUMENT@"

int page_file_finish(struct output *file, const char *document, size_t len)
{
	const char *mark = memmem(page_text, page_text_len, MARK, strlen(MARK));
	const char *rest = mark + strlen(MARK);
	FILE *out = output_stream(file);

	fwrite(page_text, 1, (size_t)(mark - page_text), out);
	if (pack(document, len, out)) {
		output_drop(file);
		return -1;
	}
	fwrite(rest, 1, (size_t)(page_text + page_text_len - rest), out);
	return output_finish(file);
}
