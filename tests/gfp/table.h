/* SPDX-License-Identifier: MIT */
/*
 * The table: a text file of blank-separated words, `#` begins a comment.
 *
 *	class NAME FLAGS ...		flags that act alike; more lines may add to it
 *	state NAME [frames=N] [clean=N|dirty=N|anon=N] [swap] [pinned|movable]
 *	      [gave_up] [in=CONTEXT]	how memory stands before the requests below
 *	ORDER LAYERS  RESULT RECLAIMED WOKE WARNED SLEPT DUG ZEROED  :  CLASS ...
 *
 * LAYERS is `all` or a list with commas; a line that names a layer is for that layer
 * instead of the line that says `all`. Anything else is an error, reported with its
 * line number; so is a row (class, state, order, layer) that two lines describe.
 */
#ifndef TEST_GFP_TABLE_H
#define TEST_GFP_TABLE_H

#include <kalloc/gfp.h>

#include "outcome.h"

#define MOST_CLASSES 40
#define MOST_FLAGS   16
#define MOST_STATES  40
#define MOST_LINES   3000

struct table_class {
	char name[24];
	unsigned int nr;
	gfp_t gfp[MOST_FLAGS];
};

enum context {
	IN_NOTHING,
	IN_ATOMIC,
	IN_NOFS,
	IN_NOIO,
	IN_NORECLAIM,
};

/* How frames that are not free lie between those that are. */
enum scattering {
	SCATTER_NOT,
	SCATTER_PINNED,	 /* every second frame is in use for good */
	SCATTER_MOVABLE, /* every second frame can be moved, and nothing freed */
};

struct table_state {
	char name[24];
	long nr_free;		  /* frames; -1: as many as there are */
	unsigned int nr_pages[3]; /* on the LRU lists, by enum kalloc_page_kind */
	bool swap;		  /* there is swap space */
	bool gave_up;		  /* kswapd has */
	enum scattering scattering;
	enum context context;
};

struct table_line {
	unsigned int number; /* in the file; one line there is one here for each class */
	const struct table_class *class;
	const struct table_state *state;
	unsigned int order;
	unsigned int layers; /* a bit for each; all of them: those that no other line names */
	struct outcome outcome;
};

struct table {
	struct table_class classes[MOST_CLASSES];
	struct table_state states[MOST_STATES];
	struct table_line lines[MOST_LINES];
	unsigned int nr_classes;
	unsigned int nr_states;
	unsigned int nr_lines;
};

/* Read a file. Return: false after a report on standard error. */
bool table_read(struct table *table, const char *path);

/* The layers that a line is for, once those that other lines name are left out. */
unsigned int table_layers(const struct table *table, const struct table_line *line);

#endif
