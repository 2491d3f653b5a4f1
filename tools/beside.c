/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "beside.h"
#include "memory.h"
#include "names.h"
#include "slabinfo.h"

struct row {
	const char *text;
	size_t label; /* length of the label, blanks behind it not counted */
	size_t len;
};

/* Cut a line where the run of numbers at its end begins. */
static struct row read_row(const char *line)
{
	struct row row = { .text = line, .len = strcspn(line, "\n") };
	size_t at;

	while (row.len && line[row.len - 1] == ' ')
		row.len--;
	for (at = row.len; at && (isdigit((unsigned char)line[at - 1]) || line[at - 1] == ' ');)
		at--;
	while (at < row.len && line[at] != ' ') /* "DMA32" */
		at++;
	row.label = at;
	return row;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

/* Rows of figures begin with the node they are about; all other lines are headings. */
static bool has_figures(const struct row *row)
{
	return strncmp(row->text, "Node", 4) == 0 && row->label < row->len;
}

static bool is_zero(const struct row *row)
{
	return strspn(row->text + row->label, " 0") >= row->len - row->label;
}

static bool same_label(const struct row *a, const struct row *b)
{
	return a->label == b->label && memcmp(a->text, b->text, a->label) == 0;
}

/* The row of @theirs with the label of @row, a row of @ours: labels repeat in a second table. */
static bool find_row(const char *ours, const struct row *row, const char *theirs, struct row *found)
{
	unsigned int nth = 0;

	for (; ours != row->text; ours = next_line(ours)) {
		struct row before = read_row(ours);

		nth += same_label(&before, row);
	}
	for (; *theirs; theirs = next_line(theirs)) {
		*found = read_row(theirs);
		if (same_label(found, row) && nth-- == 0)
			return true;
	}
	return false;
}

static void show_figures(const char *who, const struct row *row, FILE *out)
{
	fprintf(out, "    %-7s%.*s\n", who, (int)(row->len - row->label), row->text + row->label);
}

void beside_rows(const char *title, const char *ours, const char *theirs, FILE *out)
{
	fprintf(out, "%s\n", title);
	for (const char *line = ours; *line; line = next_line(line)) {
		struct row row = read_row(line), other;
		bool both;

		if (!has_figures(&row)) {
			fprintf(out, "%.*s\n", (int)row.len, row.text);
			continue;
		}
		both = theirs && find_row(ours, &row, theirs, &other);
		if (is_zero(&row) && (!both || is_zero(&other)))
			continue;
		fprintf(out, "%.*s\n", (int)row.label, row.text);
		show_figures("replay", &row, out);
		if (both)
			show_figures("kernel", &other, out);
	}
}

struct pair {
	const char *name;
	struct slabinfo_row ours, theirs;
};

static unsigned long pages_of(const struct slabinfo_row *row)
{
	return row->slabs * row->pages_per_slab;
}

static int by_pages(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	unsigned long most_a = pages_of(&a->ours), most_b = pages_of(&b->ours);

	if (pages_of(&a->theirs) > most_a)
		most_a = pages_of(&a->theirs);
	if (pages_of(&b->theirs) > most_b)
		most_b = pages_of(&b->theirs);
	if (most_a != most_b)
		return most_a > most_b ? -1 : 1;
	return strcmp(a->name, b->name);
}

struct pairs {
	struct names names;
	struct pair *list;
	size_t capacity;
};

static void collect(struct pairs *pairs, const char *text, bool is_ours)
{
	struct slabinfo_row row;

	while (text && slabinfo_next(&text, &row)) {
		size_t id = names_id(&pairs->names, row.name, strlen(row.name));

		pairs->list =
			memory_grow(pairs->list, &pairs->capacity, id + 1, sizeof(*pairs->list));
		if (is_ours)
			pairs->list[id].ours = row;
		else
			pairs->list[id].theirs = row;
	}
}

/* Caches of the same object size in both: does our arithmetic give the slabs of the kernel's? */
static void show_orders(const struct pairs *pairs, FILE *out)
{
	size_t common = 0, same = 0;

	for (size_t i = 0; i < pairs->names.count; i++) {
		const struct pair *pair = &pairs->list[i];

		if (!pair->theirs.size || pair->ours.size != pair->theirs.size)
			continue;
		common++;
		same += pair->ours.pages_per_slab == pair->theirs.pages_per_slab &&
			pair->ours.objects_per_slab == pair->theirs.objects_per_slab;
	}
	fprintf(out,
		"pages and objects of a slab as the kernel's: %zu of %zu caches of like object size\n",
		same, common);
}

static void show_pair(const struct pair *pair, bool both, FILE *out)
{
	fprintf(out, "%-25.25s %6lu %8lu %7lu %7lu", pair->name,
		pair->ours.size ? pair->ours.size : pair->theirs.size, pair->ours.objects,
		pair->ours.slabs, pages_of(&pair->ours));
	if (both)
		fprintf(out, " | %8lu %7lu %7lu", pair->theirs.objects, pair->theirs.slabs,
			pages_of(&pair->theirs));
	fputc('\n', out);
}

void beside_slabinfo(const char *ours, const char *theirs, unsigned long limit, FILE *out)
{
	struct pairs pairs = { 0 };
	size_t shown;

	collect(&pairs, ours, true);
	collect(&pairs, theirs, false);
	for (size_t i = 0; i < pairs.names.count; i++)
		pairs.list[i].name = pairs.names.texts[i];
	qsort(pairs.list, pairs.names.count, sizeof(*pairs.list), by_pages);
	shown = limit && limit < pairs.names.count ? limit : pairs.names.count;

	fprintf(out, "slabinfo: %zu of %zu caches, those with the most pages\n", shown,
		pairs.names.count);
	fprintf(out, "%-25s %6s %24s", "", "object", "replay: objects   slabs   pages");
	fputs(theirs ? " |  kernel: objects slabs pages\n" : "\n", out);
	for (size_t i = 0; i < shown; i++)
		show_pair(&pairs.list[i], theirs, out);
	if (theirs)
		show_orders(&pairs, out);
	names_fini(&pairs.names);
	free(pairs.list);
}
