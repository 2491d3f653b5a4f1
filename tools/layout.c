/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "commands.h"
#include "frame_map.h"
#include "layout.h"
#include "memory.h"
#include "output.h"
#include "source.h"

#define PROFILE_MARK "# profile "
#define HELD_MARK    "# held "

static const char type_letters[] = "umr";

static char *message(const char *path, const char *why)
{
	char *text;

	return asprintf(&text, "%s: %s", path, why) < 0 ? memory_text(why, strlen(why)) : text;
}

/* --- saving ------------------------------------------------------------- */

static void write_profile(const struct kalloc_fragment_profile *profile, FILE *out)
{
	size_t size = kalloc_fragment_show(profile, NULL, 0) + 1;
	char *text = memory_new(size, 1);

	kalloc_fragment_show(profile, text, size);
	fprintf(out, PROFILE_MARK "%s\n", text);
	free(text);
}

static void write_block(void *ctx, const struct kalloc_fragment_block *block)
{
	fprintf(ctx, HELD_MARK "%c %u %lx\n", type_letters[block->migratetype], block->order,
		block->pfn);
}

/* The remarks of a layout, to be freed. NULL if there is no memory. */
static char *remarks_of(struct kalloc_fragmentation *fragmentation,
			const struct kalloc_fragment_profile *profile)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	if (profile)
		write_profile(profile, out);
	kalloc_fragment_visit(fragmentation, write_block, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static char *write_file(const struct transcript *transcript, const char *remarks, const char *path)
{
	struct output *file = output_open(path);

	if (!file)
		return message(path, strerror(errno));
	transcript_write(transcript, remarks, output_stream(file));
	return output_finish(file) ? message(path, strerror(errno)) : NULL;
}

char *layout_save(struct kalloc_fragmentation *fragmentation,
		  const struct kalloc_fragment_profile *profile, const char *path)
{
	struct kalloc_fragment_report report;
	struct transcript transcript;
	char *remarks, *wrong;

	kalloc_fragment_measure(fragmentation, &report);
	transcript = (struct transcript){ .max_order = report.max_order,
					  .before = transcript_state(report.nid, report.zone) };
	transcript.after = transcript.before;
	remarks = remarks_of(fragmentation, profile);
	if (!contest_is_possible(&transcript))
		wrong = message(path, "a zone that begins where each machine has one cannot be "
				      "restored: another node's can (--mem)");
	else if (!remarks)
		wrong = message(path, strerror(ENOMEM));
	else
		wrong = write_file(&transcript, remarks, path);
	free(remarks);
	transcript_state_fini(&transcript.before);
	return wrong;
}

/* --- restoring ---------------------------------------------------------- */

struct reader {
	struct layout *layout;
	struct source *source;
	struct frame_map known;	  /* frames that are free, or held */
	unsigned int *nr_movable; /* of each pageblock: that are held and can move */
};

static unsigned int block_order(const struct layout *layout)
{
	return layout->transcript.max_order < 9 ? layout->transcript.max_order : 9;
}

/* The number of a frame's pageblock. */
static unsigned long block_of(const struct layout *layout, unsigned long pfn)
{
	unsigned int order = block_order(layout);

	return (pfn >> order) - (layout->transcript.before.start_pfn >> order);
}

static void add_block(struct layout *layout, struct kalloc_fragment_block block)
{
	layout->blocks = memory_grow(layout->blocks, &layout->max_blocks, layout->nr_blocks + 1,
				     sizeof(block));
	layout->blocks[layout->nr_blocks++] = block;
}

/* Return: NULL, or why such a block cannot be held. */
static const char *enter(struct reader *reader, const struct kalloc_fragment_block *block)
{
	const struct layout *layout = reader->layout;
	const struct kalloc_zone_state *state = &layout->transcript.before;
	unsigned long at = block->pfn - state->start_pfn, nr = 1UL << block->order;

	if (block->pfn < state->start_pfn || at >= state->spanned_pages ||
	    nr > state->spanned_pages - at)
		return "outside the zone";
	if (block->pfn & (nr - 1))
		return "not aligned to its order";
	if (block->migratetype == MIGRATE_MOVABLE && block->order)
		return "only single frames can move";
	if (frame_map_enter(&reader->known, block->pfn, block->order))
		return "a frame of it is free, or held twice";
	if (block->migratetype == MIGRATE_MOVABLE)
		reader->nr_movable[block_of(layout, block->pfn)]++;
	return NULL;
}

static void read_held(struct reader *reader, const char *line)
{
	struct kalloc_fragment_block block = { 0 };
	const char *letter, *wrong;
	unsigned int order;
	char type, behind;

	if (sscanf(line, HELD_MARK "%c %2u %lx%c", &type, &order, &block.pfn, &behind) != 3 ||
	    order > reader->layout->transcript.max_order ||
	    !(letter = strchr(type_letters, type)) || !*letter) {
		source_fail(reader->source, "malformed: '%.40s'", line);
		return;
	}
	block.order = (unsigned char)order;
	block.migratetype = (unsigned char)(letter - type_letters);
	wrong = enter(reader, &block);
	if (wrong)
		source_fail(reader->source, "block %lx of order %u: %s", block.pfn, order, wrong);
	else
		add_block(reader->layout, block);
}

/* The console of kalloc_fragment_parse(). */
static void fail_source(void *ctx, const char *text)
{
	source_fail(ctx, "%.*s", (int)strcspn(text, "\n"), text);
}

static void read_profile(struct reader *reader, const char *line)
{
	struct layout *layout = reader->layout;

	kalloc_set_console(fail_source, reader->source);
	layout->has_profile = !kalloc_fragment_parse(&layout->profile, line + strlen(PROFILE_MARK));
	kalloc_set_console(NULL, NULL);
}

/* The first frames in use of a pageblock that are not known yet can move. */
static void hold_first(struct reader *reader, unsigned long index)
{
	struct layout *layout = reader->layout;
	const struct kalloc_zone_state *state = &layout->transcript.before;
	unsigned long pfn = state->blocks[index].pfn >> block_order(layout) << block_order(layout);
	unsigned int nr = state->blocks[index].nr_movable;

	if (nr < reader->nr_movable[index]) {
		source_fail(reader->source,
			    "pageblock %lx: %u frames are held that can move, of %u",
			    state->blocks[index].pfn, reader->nr_movable[index], nr);
		return;
	}
	nr -= reader->nr_movable[index];
	if (pfn < state->start_pfn)
		pfn = state->start_pfn;
	for (; nr && block_of(layout, pfn) == index; pfn++) {
		struct kalloc_fragment_block block = { .pfn = pfn, .migratetype = MIGRATE_MOVABLE };

		if (enter(reader, &block))
			continue;
		add_block(layout, block);
		nr--;
	}
}

static void enter_free(struct reader *reader)
{
	const struct kalloc_zone_state *state = &reader->layout->transcript.before;

	frame_map_begin(&reader->known, state->start_pfn, state->spanned_pages);
	for (unsigned long i = 0; i < state->nr_free; i++)
		frame_map_enter(&reader->known, state->free[i].pfn, state->free[i].list);
	for (unsigned long i = 0; i < state->nr_pcp; i++)
		frame_map_enter(&reader->known, state->pcp[i].pfn,
				transcript_list_order(state->pcp[i].list));
}

/* What is held, by a file whose transcript has been read. */
static char *read_remarks(struct layout *layout, const char *path)
{
	const struct kalloc_zone_state *state = &layout->transcript.before;
	struct reader reader = {
		.layout = layout,
		.source = source_open(path),
		.nr_movable = memory_new(state->nr_blocks, sizeof(*reader.nr_movable)),
	};
	const char *line, *error;
	char *wrong;

	enter_free(&reader);
	while ((line = source_line(reader.source))) {
		if (strncmp(line, HELD_MARK, strlen(HELD_MARK)) == 0)
			read_held(&reader, line);
		else if (strncmp(line, PROFILE_MARK, strlen(PROFILE_MARK)) == 0)
			read_profile(&reader, line);
	}
	for (unsigned long i = 0; i < state->nr_blocks; i++)
		hold_first(&reader, i);
	error = source_error(reader.source);
	wrong = error ? memory_text(error, strlen(error)) : NULL;
	frame_map_fini(&reader.known);
	free(reader.nr_movable);
	source_close(reader.source);
	return wrong;
}

static int put_layout(void *ctx, const struct kalloc_zone_state *before)
{
	struct layout *layout = ctx;

	return kalloc_fragment_restore(before, layout->blocks, layout->nr_blocks,
				       layout->has_profile ? &layout->profile : NULL,
				       &layout->fragmentation);
}

static char *put(struct layout *layout, const char *path, int *status)
{
	switch (contest_begin_with(&layout->contest, &layout->transcript, put_layout, layout)) {
	case CONTEST_READY:
		*status = STATUS_OK;
		return NULL;
	case CONTEST_NO_HOST:
		*status = STATUS_FAILED;
		return message(path, layout->contest.why);
	default:
		*status = STATUS_USAGE;
		return message(path, layout->contest.why);
	}
}

static void layout_fini(struct layout *layout)
{
	transcript_fini(&layout->transcript);
	free(layout->blocks);
}

char *layout_restore(struct layout *layout, const char *path, int *status)
{
	char *wrong;

	*layout = (struct layout){ 0 };
	*status = STATUS_USAGE;
	wrong = transcript_read(&layout->transcript, path);
	if (!wrong)
		wrong = read_remarks(layout, path);
	if (!wrong)
		wrong = put(layout, path, status);
	if (wrong)
		layout_fini(layout);
	return wrong;
}

void layout_end(struct layout *layout)
{
	contest_end(&layout->contest);
	layout_fini(layout);
}
