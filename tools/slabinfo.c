/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "slabinfo.h"

int slabinfo_next(const char **cursor, struct slabinfo_row *row)
{
	while (**cursor) {
		const char *line = *cursor;
		const char *newline = strchr(line, '\n');

		*cursor = newline ? newline + 1 : line + strlen(line);
		if (sscanf(line,
			   "%63s %lu %lu %lu %lu %lu : tunables %*u %*u %*u : slabdata %*u %lu",
			   row->name, &row->active_objects, &row->objects, &row->size,
			   &row->objects_per_slab, &row->pages_per_slab, &row->slabs) == 7)
			return 1;
	}
	return 0;
}

int slabinfo_find(const char *text, const char *name, struct slabinfo_row *row)
{
	while (text && slabinfo_next(&text, row))
		if (strcmp(row->name, name) == 0)
			return 1;
	return 0;
}

unsigned long slabinfo_pages(const char *text)
{
	struct slabinfo_row row;
	unsigned long pages = 0;

	while (text && slabinfo_next(&text, &row))
		pages += row.slabs * row.pages_per_slab;
	return pages;
}
