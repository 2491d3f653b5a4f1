/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own files as a log carries them:
 *
 *   @@STATE after
 *   @@FILE buddyinfo
 *   ...the text of /proc/buddyinfo...
 *   @@FILE slabinfo
 *   ...
 *   @@ENDSTATE
 */
#ifndef TOOLS_STATES_H
#define TOOLS_STATES_H

#include <stdbool.h>
#include <stddef.h>

struct state_file {
	char *name;
	char *text;
	size_t len, capacity;
};

struct state {
	char *name;
	struct state_file *files;
	size_t nr_files, files_capacity;
};

struct states {
	struct state *list;
	size_t count, capacity;
};

void states_begin(struct states *states, const char *name);

/* Open a file in the state begun last, and add a line to the file opened last. */
void states_file(struct states *states, const char *name);
/* Return: false if no file was opened. */
bool states_line(struct states *states, const char *line);

/* Return: the state of that name, or NULL. */
const struct state *states_find(const struct states *states, const char *name);

/* Return: the text of a file, or NULL if @state is NULL or has no such file. */
const char *state_text(const struct state *state, const char *file);

/* Sum of the vmstat counters that begin with @prefix. Return: false if there is none. */
bool state_counter(const struct state *state, const char *prefix, unsigned long long *sum);

/* What zoneinfo says of the machine: one past its last frame, and its nodes. */
struct state_layout {
	unsigned long end_pfn;
	unsigned int nr_nodes;
};

/* Return: false if @state has no usable zoneinfo. */
bool state_layout(const struct state *state, struct state_layout *layout);

void states_fini(struct states *states);

#endif
