/* SPDX-License-Identifier: MIT */
/*
 * The current machine's frames as a map: one cell for a run of frames, zone by
 * zone in address order. A cell shows what most of its frames are (by type), or
 * the largest free block that lies in it (by order). On a terminal the cells are
 * coloured; NO_COLOR in the environment, or output that is no terminal, leaves
 * the letters alone.
 */
#ifndef TOOLS_PAGEMAP_H
#define TOOLS_PAGEMAP_H

#include <stdio.h>

enum pagemap_by {
	PAGEMAP_NONE,
	PAGEMAP_TYPE,
	PAGEMAP_ORDER
};

/* Read "type", "order" or "none". Return: 0, or -1 for anything else. */
int pagemap_parse(const char *text, enum pagemap_by *by);

/* Print the map of the current machine; nothing for PAGEMAP_NONE. */
void pagemap_show(enum pagemap_by by, FILE *out);

#endif
