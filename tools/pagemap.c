/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <kalloc/inspect.h>

#include "memory.h"
#include "pagemap.h"
#include "zone_text.h"

#define MAX_ROWS      16
#define DEFAULT_WIDTH 80

/* What a frame is to the map by type. */
enum kind {
	HOLE,
	FREE,
	PCP,
	SLAB,
	UNMOVABLE,
	MOVABLE,
	RECLAIMABLE,
	OTHER,
	KINDS
};

static const struct {
	char letter;
	const char *colour; /* of the cell, as a terminal sequence's parameters */
	const char *text;
} kinds[KINDS] = {
	[HOLE] = { '-', "2", "never used" },
	[FREE] = { '.', "32", "free" },
	[PCP] = { 'p', "30;46", "per-CPU list" },
	[SLAB] = { 'S', "30;43", "slab" },
	[UNMOVABLE] = { 'U', "30;41", "unmovable" },
	[MOVABLE] = { 'M', "30;42", "movable" },
	[RECLAIMABLE] = { 'R', "30;44", "reclaimable" },
	[OTHER] = { 'X', "30;45", "highatomic or isolated" },
};

struct cell {
	unsigned long frames[KINDS];
	int top_order; /* of the free blocks in it; -1: nothing free */
};

struct stretch { /* one zone of one node */
	unsigned int node, zone;
	unsigned long first, end; /* pfns */
	struct cell *cells;
};

struct map {
	enum pagemap_by by;
	bool colour;
	char painting[24];  /* the colour in force, "" for the terminal's own */
	unsigned int width; /* cells in a row */
	unsigned int shift; /* a cell is 2^shift frames */
	struct stretch *stretches;
	size_t nr_stretches, capacity;
};

int pagemap_parse(const char *text, enum pagemap_by *by)
{
	static const char *const names[] = { "none", "type", "order" };

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			*by = (enum pagemap_by)i;
			return 0;
		}
	return -1;
}

static enum kind kind_of(const struct kalloc_block *block)
{
	switch (block->state) {
	case KALLOC_FRAMES_FREE:
		return FREE;
	case KALLOC_FRAMES_PCP:
		return PCP;
	case KALLOC_FRAMES_SLAB:
		return SLAB;
	case KALLOC_FRAMES_USED:
		if (block->migratetype < MIGRATE_PCPTYPES)
			return (enum kind)(UNMOVABLE + block->migratetype);
		return OTHER;
	default:
		return HOLE;
	}
}

static void measure(void *ctx, const struct kalloc_block *block)
{
	struct map *map = ctx;
	struct stretch *last = map->nr_stretches ? &map->stretches[map->nr_stretches - 1] : NULL;

	if (!last || last->node != block->node || last->zone != block->zone) {
		map->stretches = memory_grow(map->stretches, &map->capacity, map->nr_stretches + 1,
					     sizeof(*map->stretches));
		last = &map->stretches[map->nr_stretches++];
		*last = (struct stretch){ .node = block->node,
					  .zone = block->zone,
					  .first = block->pfn };
	}
	last->end = block->pfn + (1ul << block->order);
}

static struct stretch *stretch_of(struct map *map, const struct kalloc_block *block)
{
	for (size_t i = 0; i < map->nr_stretches; i++) {
		struct stretch *stretch = &map->stretches[i];

		if (stretch->node == block->node && stretch->zone == block->zone &&
		    block->pfn >= stretch->first && block->pfn < stretch->end)
			return stretch;
	}
	return NULL;
}

static void fill(void *ctx, const struct kalloc_block *block)
{
	struct map *map = ctx;
	struct stretch *stretch = stretch_of(map, block);
	unsigned long pfn = block->pfn, end = pfn + (1ul << block->order);
	enum kind kind = kind_of(block);

	if (!stretch)
		return;
	if (end > stretch->end)
		end = stretch->end;
	while (pfn < end) {
		unsigned long index = (pfn >> map->shift) - (stretch->first >> map->shift);
		unsigned long next = ((pfn >> map->shift) + 1) << map->shift;
		struct cell *cell = &stretch->cells[index];

		if (next > end)
			next = end;
		cell->frames[kind] += next - pfn;
		if (kind == FREE && cell->top_order < (int)block->order)
			cell->top_order = (int)block->order;
		pfn = next;
	}
}

static unsigned long nr_cells(const struct map *map, const struct stretch *stretch)
{
	return ((stretch->end - 1) >> map->shift) - (stretch->first >> map->shift) + 1;
}

static void choose_scale(struct map *map, FILE *out)
{
	struct winsize size;
	unsigned int columns = DEFAULT_WIDTH;
	unsigned long rows;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		columns = size.ws_col;
	/* A power of two, so that rows begin at round frame numbers. */
	for (map->width = 16; 2 * map->width <= columns - 2; map->width *= 2)
		;
	do {
		rows = 0;
		for (size_t i = 0; i < map->nr_stretches; i++)
			rows += (nr_cells(map, &map->stretches[i]) + map->width - 1) / map->width;
	} while (rows > MAX_ROWS + map->nr_stretches && ++map->shift);
	for (size_t i = 0; i < map->nr_stretches; i++) {
		struct stretch *stretch = &map->stretches[i];

		stretch->cells = memory_new(nr_cells(map, stretch), sizeof(*stretch->cells));
		for (unsigned long j = 0; j < nr_cells(map, stretch); j++)
			stretch->cells[j].top_order = -1;
	}
}

static void put_cell(struct map *map, const char *colour, char letter, FILE *out)
{
	if (map->colour && strcmp(map->painting, colour) != 0) {
		fprintf(out, "\033[0;%sm", colour);
		snprintf(map->painting, sizeof(map->painting), "%s", colour);
	}
	fputc(letter, out);
}

static void end_colour(struct map *map, FILE *out)
{
	if (map->painting[0])
		fputs("\033[0m", out);
	map->painting[0] = '\0';
}

static enum kind most_of(const struct cell *cell)
{
	enum kind most = HOLE;

	for (unsigned int kind = 0; kind < KINDS; kind++)
		if (cell->frames[kind] > cell->frames[most])
			most = (enum kind)kind;
	return most;
}

static void show_type(struct map *map, const struct cell *cell, FILE *out)
{
	enum kind most = most_of(cell);

	put_cell(map, kinds[most].colour, kinds[most].letter, out);
}

static void show_order(struct map *map, const struct cell *cell, FILE *out)
{
	/* From red (nothing larger than a frame) to green, in the 256-colour cube. */
	static const unsigned char shades[] = {
		196, 202, 208, 214, 220, 226, 190, 154, 118, 82, 46
	};
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	unsigned int order = (unsigned int)cell->top_order;
	char colour[24];

	if (cell->top_order < 0) {
		put_cell(map, kinds[HOLE].colour, most_of(cell) == HOLE ? kinds[HOLE].letter : '#',
			 out);
		return;
	}
	snprintf(colour, sizeof(colour), "30;48;5;%u",
		 shades[order < sizeof(shades) ? order : sizeof(shades) - 1]);
	put_cell(map, colour, letters[order < sizeof(letters) - 1 ? order : sizeof(letters) - 2],
		 out);
}

static void show_stretch(struct map *map, const struct stretch *stretch, FILE *out)
{
	unsigned long cells = nr_cells(map, stretch);

	fprintf(out, "Node %u, zone %s\n", stretch->node, zone_text(stretch->zone));
	for (unsigned long i = 0; i < cells; i++) {
		if (i % map->width == 0)
			fputs("  ", out);
		if (map->by == PAGEMAP_TYPE)
			show_type(map, &stretch->cells[i], out);
		else
			show_order(map, &stretch->cells[i], out);
		if ((i + 1) % map->width && i + 1 < cells)
			continue;
		end_colour(map, out);
		fputc('\n', out);
	}
}

static void show_legend(struct map *map, FILE *out)
{
	fputs("  ", out);
	if (map->by == PAGEMAP_ORDER) {
		fputs("0-9a- order of the largest free block, # nothing free, - never used\n", out);
		return;
	}
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		put_cell(map, kinds[kind].colour, kinds[kind].letter, out);
		end_colour(map, out);
		fprintf(out, " %s%s", kinds[kind].text, kind + 1 < KINDS ? ", " : "\n");
	}
}

void pagemap_show(enum pagemap_by by, FILE *out)
{
	struct map map = { .by = by, .colour = isatty(fileno(out)) && !getenv("NO_COLOR") };

	if (by == PAGEMAP_NONE)
		return;
	kalloc_inspect_frames(measure, &map);
	choose_scale(&map, out);
	kalloc_inspect_frames(fill, &map);
	fprintf(out, "Page map by %s, %lu KiB a cell\n", by == PAGEMAP_TYPE ? "type" : "free order",
		(PAGE_SIZE / 1024) << map.shift);
	for (size_t i = 0; i < map.nr_stretches; i++) {
		show_stretch(&map, &map.stretches[i], out);
		free(map.stretches[i].cells);
	}
	show_legend(&map, out);
	free(map.stretches);
}
