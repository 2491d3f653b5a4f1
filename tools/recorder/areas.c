/* SPDX-License-Identifier: MIT */
#include <kalloc/page.h>
#include <kalloc/vmalloc.h>

#include "areas.h"
#include "text_file.h"

/* A line of the file: 0xSTART-0xEND BYTES what it is */
struct line {
	unsigned long start, end;
	const char *rest;
	size_t len;
};

static const char *read_line(const char *at, struct line *line)
{
	const char *stop = strchr(at, '\n');
	char *end;

	line->start = strtoul(at, &end, 16);
	line->end = strtoul(end + 1, &end, 16);
	strtoul(end, &end, 10);
	end += *end == ' ';
	line->rest = end;
	line->len = (size_t)(stop - end);
	return stop + 1;
}

/* Runs of frames, each as first pfn and how many, until one page shows nothing. */
static void write_frames(const struct line *line, struct json *json)
{
	unsigned long first = 0, nr = 0;

	json_begin(json, NULL, '[');
	for (unsigned long at = line->start; at <= line->end; at += PAGE_SIZE) {
		const struct page *page = at < line->end ? vmalloc_to_page((const void *)at) : NULL;
		unsigned long pfn = page ? page_to_pfn(page) : 0;

		if (nr && pfn == first + nr) {
			nr++;
			continue;
		}
		if (nr) {
			json_number(json, NULL, (long long)first);
			json_number(json, NULL, (long long)nr);
		}
		first = pfn;
		nr = page ? 1 : 0;
		if (!page)
			break;
	}
	json_end(json, ']');
}

static void write_area(const struct line *line, struct json *json)
{
	bool is_lazy = memmem(line->rest, line->len, "unpurged", 8);

	json_begin(json, NULL, '[');
	json_address(json, NULL, (const void *)line->start);
	json_number(json, NULL, (long long)((line->end - line->start) / PAGE_SIZE));
	json_text(json, NULL, line->rest, line->len);
	if (is_lazy) {
		json_begin(json, NULL, '[');
		json_end(json, ']');
	} else {
		write_frames(line, json);
	}
	json_end(json, ']');
}

void areas_step(struct memo *memo, struct json *json)
{
	char *text = text_file_read("/proc/vmallocinfo");
	struct json_piece piece;
	unsigned long nr = 0;

	json_piece_begin(&piece);
	for (const char *at = text; at && *at; nr++) {
		struct line line;

		at = read_line(at, &line);
		if (nr < AREAS_MOST)
			write_area(&line, &piece.json);
	}
	free(text);
	if (!memo_changes(memo, &piece))
		return;
	json_begin(json, "areas", '[');
	if (memo->len)
		json_raw(json, NULL, memo->text, memo->len);
	json_end(json, ']');
	json_number(json, "nr_areas", (long long)nr);
}
