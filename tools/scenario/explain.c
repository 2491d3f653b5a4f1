/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include <kalloc/fragment.h>

#include "explain.h"
#include "facts.h"
#include "frames.h"
#include "memory.h"

void explain_begin(struct session *session)
{
	session->record->nr_notes = session->record->nr_lost = 0;
	value_drop(session->gone);
	session->gone = (struct value){ .kind = VALUE_NOTHING };
}

void explain_gone(struct session *session, struct thing *thing)
{
	if (thing->kind != THING_PAGES)
		return;
	value_drop(session->gone);
	session->gone = value_copy((struct value){ .kind = VALUE_THING, .thing = thing });
}

static char *noted(const struct kalloc_explain *record)
{
	size_t len = kalloc_explain_text(record, NULL, 0);
	char *text = memory_new(len + 1, 1);

	kalloc_explain_text(record, text, len + 1);
	return text;
}

/* Why a block of @order did not merge with its buddy. */
static void tell_buddy(FILE *out, unsigned long buddy, unsigned int order)
{
	struct kalloc_block block;

	if (frames_at(buddy, &block) && block.state == KALLOC_FRAMES_FREE && block.pfn == buddy &&
	    block.order == order)
		fprintf(out, "is of another zone, or of a type that does not mix");
	else
		fprintf(out, "is not a free block of order %u", order);
}

/* The block at @pfn merged with one buddy after the other, up to what it is part of now. */
static void tell_merging(FILE *out, unsigned long pfn, unsigned int order,
			 const struct kalloc_block *block)
{
	for (unsigned int at = order; at < block->order; at++) {
		unsigned long buddy = pfn ^ 1UL << at;

		fprintf(out,
			"  its buddy at frame %lu (%lu ^ %lu) is free as well: together a block "
			"of order %u at frame %lu\n",
			buddy, pfn, 1UL << at, at + 1, pfn & buddy);
		pfn &= buddy;
	}
	if (kalloc_unusable_index(block->order + 1) < 0) {
		fprintf(out, "  a larger order than %u there is not\n", block->order);
		return;
	}
	fprintf(out, "  its %sbuddy, at frame %lu, ", block->order == order ? "" : "next ",
		pfn ^ 1UL << block->order);
	tell_buddy(out, pfn ^ 1UL << block->order, block->order);
	fprintf(out, ": it stays as it is\n");
}

static void tell_block(FILE *out, const struct thing *thing)
{
	unsigned long pfn = thing->pfn;
	struct kalloc_block block;

	fprintf(out, "A block of order %u at frame %lu is given back\n", thing->order, pfn);
	if (!frames_at(pfn, &block))
		return;
	if (block.state == KALLOC_FRAMES_FREE) {
		fprintf(out, "  to its zone's lists\n");
		tell_merging(out, pfn, thing->order, &block);
	} else if (block.state == KALLOC_FRAMES_PCP) {
		fprintf(out,
			"  to its CPU's list of order %u, where it merges with nothing and is "
			"the first to be taken again\n",
			thing->order);
	} else {
		fprintf(out, "  and is in use again\n");
	}
}

char *explain_text(const struct session *session)
{
	char *text;
	size_t size;
	FILE *out;

	if (session->record->nr_notes || session->gone.kind != VALUE_THING)
		return noted(session->record);
	out = open_memstream(&text, &size);
	if (!out)
		return memory_text("", 0);
	tell_block(out, session->gone.thing);
	fclose(out);
	return text;
}
