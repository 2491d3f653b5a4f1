/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "states.h"

void states_begin(struct states *states, const char *name)
{
	states->list = memory_grow(states->list, &states->capacity, states->count + 1,
				   sizeof(*states->list));
	states->list[states->count++].name = memory_text(name, strlen(name));
}

void states_file(struct states *states, const char *name)
{
	struct state *state = &states->list[states->count - 1];
	struct state_file *file;

	state->files = memory_grow(state->files, &state->files_capacity, state->nr_files + 1,
				   sizeof(*state->files));
	file = &state->files[state->nr_files++];
	file->name = memory_text(name, strlen(name));
	file->text = memory_grow(NULL, &file->capacity, 1, 1);
}

bool states_line(struct states *states, const char *line)
{
	struct state *state = &states->list[states->count - 1];
	size_t len = strlen(line);
	struct state_file *file;

	if (state->nr_files == 0)
		return false;
	file = &state->files[state->nr_files - 1];
	file->text = memory_grow(file->text, &file->capacity, file->len + len + 2, 1);
	memcpy(file->text + file->len, line, len);
	file->len += len;
	file->text[file->len++] = '\n';
	return true;
}

const struct state *states_find(const struct states *states, const char *name)
{
	for (size_t i = 0; i < states->count; i++)
		if (strcmp(states->list[i].name, name) == 0)
			return &states->list[i];
	return NULL;
}

const char *state_text(const struct state *state, const char *file)
{
	for (size_t i = 0; state && i < state->nr_files; i++)
		if (strcmp(state->files[i].name, file) == 0)
			return state->files[i].text;
	return NULL;
}

static const char *next_line(const char *at)
{
	const char *newline = strchr(at, '\n');

	return newline ? newline + 1 : at + strlen(at);
}

bool state_counter(const struct state *state, const char *prefix, unsigned long long *sum)
{
	const char *at = state_text(state, "vmstat");
	bool found = false;

	*sum = 0;
	for (; at && *at; at = next_line(at)) {
		unsigned long long value;

		if (strncmp(at, prefix, strlen(prefix)) != 0 || sscanf(at, "%*s %llu", &value) != 1)
			continue;
		*sum += value;
		found = true;
	}
	return found;
}

bool state_layout(const struct state *state, struct state_layout *layout)
{
	const char *at = state_text(state, "zoneinfo");
	unsigned long spanned = 0, number;
	unsigned int node;

	*layout = (struct state_layout){ 0 };
	for (; at && *at; at = next_line(at)) {
		if (sscanf(at, "Node %u, zone", &node) == 1) {
			if (node < 1024 && node >= layout->nr_nodes)
				layout->nr_nodes = node + 1;
			spanned = 0;
		} else if (sscanf(at, " spanned %lu", &number) == 1) {
			spanned = number;
		} else if (sscanf(at, " start_pfn: %lu", &number) == 1 && spanned) {
			if (number + spanned > layout->end_pfn)
				layout->end_pfn = number + spanned;
		}
	}
	return layout->end_pfn && layout->nr_nodes;
}

void states_fini(struct states *states)
{
	for (size_t i = 0; i < states->count; i++) {
		struct state *state = &states->list[i];

		for (size_t j = 0; j < state->nr_files; j++) {
			free(state->files[j].name);
			free(state->files[j].text);
		}
		free(state->files);
		free(state->name);
	}
	free(states->list);
	*states = (struct states){ 0 };
}
