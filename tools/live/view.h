/* SPDX-License-Identifier: MIT */
/*
 * What kalloc top shows, as lines: first what is the same in every view, then the table of
 * one. The screen scrolls the table and knows nothing of what is in it.
 */
#ifndef LIVE_VIEW_H
#define LIVE_VIEW_H

#include <stdbool.h>

#include "sample.h"

enum view_kind {
	VIEW_CACHES, /* like slabtop */
	VIEW_ZONES,  /* free blocks by order, and marks */
	VIEW_CPUS,   /* lists of free pages of each CPU */
};

enum view_sort {
	SORT_SIZE,
	SORT_OBJECTS,
	SORT_ACTIVE,
	SORT_USE,
	SORT_NAME
};

struct view {
	enum view_kind kind;
	enum view_sort sort; /* of caches */
	const char *title;   /* which process */
};

struct view_lines {
	char **line;
	size_t nr, room;
	size_t nr_fixed; /* so many at the top do not scroll; the last of them is the table's head */
};

/* "caches", "zones", "cpus"; "size", "objects" ... Return: 0, or -1 if it is none of them. */
int view_kind_parse(const char *text, enum view_kind *kind);
int view_sort_parse(const char *text, enum view_sort *sort);

/* @before: the sample that rates are counted from, or NULL. Sorts @now's caches. */
void view_make(struct view_lines *lines, const struct view *view, struct sample *now,
	       const struct sample *before);
void view_free(struct view_lines *lines);

#endif
