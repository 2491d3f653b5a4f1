/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/page.h>

#include "facts.h"
#include "slabinfo.h"
#include "text_file.h"

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end && end[1] ? end + 1 : NULL;
}

/* The first word of a line is @word, perhaps with a colon. Return: what stands behind it. */
static const char *behind_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	line += strspn(line, " \t");
	if (strncmp(line, word, len) != 0)
		return NULL;
	line += len + (line[len] == ':');
	return isspace((unsigned char)*line) ? line : NULL;
}

/* The number behind @word on one of the lines from @line on, up to one that begins with @stop. */
static bool find_number(const char *line, const char *word, const char *stop, long *number)
{
	for (; line && !(stop && strncmp(line, stop, strlen(stop)) == 0); line = next_line(line)) {
		const char *at = behind_word(line, word);

		if (at) {
			*number = strtol(at, NULL, 10);
			return true;
		}
	}
	return false;
}

bool facts_named(const char *path, const char *name, long *number)
{
	char *text = text_file_read(path);
	bool found = text && find_number(text, name, NULL, number);

	free(text);
	return found;
}

/* The lines of a zone in /proc/zoneinfo or /proc/buddyinfo, from its heading on; or NULL. */
static const char *find_zone(const char *text, int nid, const char *zone)
{
	for (const char *line = text; line; line = next_line(line)) {
		char name[16];
		int node;

		if (sscanf(line, "Node %d, zone %15s", &node, name) == 2 && node == nid &&
		    strcmp(name, zone) == 0)
			return line;
	}
	return NULL;
}

/* Number @index of "protection: (0, 48, 48)". */
static bool find_protection(const char *lines, int index, long *number)
{
	const char *at = strstr(lines, "protection: (");

	if (!at)
		return false;
	at += strlen("protection: (");
	for (; index && *at && *at != ')'; at++)
		index -= *at == ',';
	*number = strtol(at, NULL, 10);
	return index == 0;
}

bool facts_zone(int nid, const char *zone, const char *field, long *number)
{
	char *text = text_file_read("/proc/zoneinfo");
	const char *lines = text ? find_zone(text, nid, zone) : NULL;
	bool found = false;

	if (lines && strcmp(field, "protection") == 0)
		found = find_protection(lines, ZONE_NORMAL, number);
	else if (lines && strcmp(field, "free") == 0)
		found = find_number(next_line(lines), "pages free", "Node", number);
	else if (lines)
		found = find_number(next_line(lines), field, "Node", number);
	free(text);
	return found;
}

bool facts_pcp(int nid, const char *zone, int cpu, const char *field, long *number)
{
	char *text = text_file_read("/proc/zoneinfo"), heading[32];
	const char *lines = text ? find_zone(text, nid, zone) : NULL;
	bool found = false;

	snprintf(heading, sizeof(heading), "    cpu: %d\n", cpu);
	for (lines = lines ? next_line(lines) : NULL; lines && strncmp(lines, "Node", 4) != 0;
	     lines = next_line(lines)) {
		if (strncmp(lines, heading, strlen(heading)) == 0) {
			found = find_number(next_line(lines), field, "    cpu:", number);
			break;
		}
	}
	free(text);
	return found;
}

long facts_nr_cpus(void)
{
	char *text = text_file_read("/proc/zoneinfo");
	long nr = 0;

	for (const char *line = text; line && !(nr && strncmp(line, "Node", 4) == 0);
	     line = next_line(line))
		nr += strncmp(line, "    cpu: ", 9) == 0;
	free(text);
	return nr;
}

bool facts_free_blocks(const char *zone, long order, long *number)
{
	char *text = text_file_read("/proc/buddyinfo");
	bool found = false;

	*number = 0;
	for (const char *line = text; line && order >= 0; line = next_line(line)) {
		char name[16], *end = NULL;
		int node, len;
		long count = 0;

		if (sscanf(line, "Node %d, zone %15s%n", &node, name, &len) != 2 ||
		    (zone && strcmp(zone, name) != 0))
			continue;
		for (long i = 0; i <= order; i++) {
			const char *at = end ? end : line + len;

			count = strtol(at + strspn(at, " "), &end, 10);
			if (end == at + strspn(at, " "))
				break;
			found |= i == order;
			*number += i == order ? count : 0;
		}
	}
	free(text);
	return found;
}

static bool slab_column(const struct slabinfo_row *row, const char *field, long *number)
{
	const struct {
		const char *name;
		unsigned long number;
	} columns[] = {
		{ "active_objs", row->active_objects },
		{ "num_objs", row->objects },
		{ "objsize", row->size },
		{ "objperslab", row->objects_per_slab },
		{ "pagesperslab", row->pages_per_slab },
		{ "num_slabs", row->slabs },
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (strcmp(field, columns[i].name) == 0) {
			*number = (long)columns[i].number;
			return true;
		}
	}
	return false;
}

/* A file that begins with a number. */
static bool slab_file(const char *cache, const char *field, long *number)
{
	char path[160], *text, *end = NULL;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", cache, field);
	text = text_file_read(path);
	if (text)
		*number = strtol(text, &end, 10);
	free(text);
	return text && end != text;
}

bool facts_slab(const char *cache, const char *field, long *number)
{
	char *text = text_file_read("/proc/slabinfo");
	struct slabinfo_row row;
	bool found = text && slabinfo_find(text, cache, &row) && slab_column(&row, field, number);

	free(text);
	return found || slab_file(cache, field, number);
}
