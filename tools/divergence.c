/* SPDX-License-Identifier: MIT */
#include "contest.h"
#include "divergence.h"

/* How much of a list is shown. */
#define SHOWN 8

static const char *const type_names[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = "unmovable",     [MIGRATE_MOVABLE] = "movable",
	[MIGRATE_RECLAIMABLE] = "reclaimable", [MIGRATE_HIGHATOMIC] = "highatomic",
	[MIGRATE_ISOLATE] = "isolate",
};

/* The zone's or the CPU's entries, and one list among them. */
struct list {
	const struct kalloc_state_free *entries;
	unsigned long nr;
	bool pcp;
	unsigned int number; /* as in the entries: the order, or the number of the CPU's list */
	unsigned int type;   /* not of a CPU's list */
};

static struct list list_of(const struct kalloc_zone_state *state, bool pcp, unsigned int number,
			   unsigned int type)
{
	return (struct list){ .entries = pcp ? state->pcp : state->free,
			      .nr = pcp ? state->nr_pcp : state->nr_free,
			      .pcp = pcp,
			      .number = number,
			      .type = type };
}

/* The first entry of the list at or behind @at, or @nr. */
static unsigned long list_next(const struct list *list, unsigned long at)
{
	while (at < list->nr && (list->entries[at].list != list->number ||
				 (!list->pcp && list->entries[at].migratetype != list->type)))
		at++;
	return at;
}

static void tell_list_name(const struct list *list, FILE *out)
{
	if (list->pcp)
		fprintf(out, "per-CPU list %u (order %u)", list->number,
			transcript_list_order(list->number));
	else
		fprintf(out, "free list of order %u, %s", list->number, type_names[list->type]);
}

/* Up to SHOWN entries from number @skip on. */
static void tell_list(const struct list *list, unsigned long skip, FILE *out)
{
	unsigned long at = list_next(list, 0), shown = 0;

	for (; skip && at < list->nr; skip--)
		at = list_next(list, at + 1);
	if (at == list->nr)
		fputs(" (nothing)", out);
	for (; at < list->nr && shown < SHOWN; at = list_next(list, at + 1), shown++) {
		fprintf(out, " %lx", list->entries[at].pfn);
		if (list->pcp)
			fprintf(out, "/%s", type_names[list->entries[at].migratetype]);
	}
	fputs(at < list->nr ? " ...\n" : "\n", out);
}

static void tell_numbers(const struct kalloc_zone_state *state, FILE *out)
{
	fprintf(out,
		"    marks: min %lu low %lu high %lu, boost %lu; high-atomic reserve %lu\n"
		"    free: %ld folded %+ld, threshold %u; per-CPU %u, high %u batch %u factor %u\n",
		state->mark_min, state->mark_low, state->mark_high, state->watermark_boost,
		state->nr_reserved_highatomic, state->nr_free_folded, state->nr_free_unfolded,
		state->stat_threshold, state->pcp_count, state->pcp_high, state->pcp_batch,
		state->pcp_free_factor);
}

/* --- a call ------------------------------------------------------------ */

static unsigned int type_of(gfp_t gfp)
{
	if (gfp & __GFP_RECLAIMABLE)
		return MIGRATE_RECLAIMABLE;
	return gfp & __GFP_MOVABLE ? MIGRATE_MOVABLE : MIGRATE_UNMOVABLE;
}

/* The number of the CPU's list for an order and a type, or -1. */
static int pcp_list_of(unsigned int order, unsigned int type)
{
	for (unsigned int list = 0; list < KALLOC_STATE_LISTS; list++) {
		bool fits = list < KALLOC_STATE_BLOCK_LIST
				    ? list % MIGRATE_PCPTYPES == type
				    : (list > KALLOC_STATE_BLOCK_LIST) == (type == MIGRATE_MOVABLE);

		if (fits && transcript_list_order(list) == order)
			return (int)list;
	}
	return -1;
}

/* The state as far as a call of this order and type can see it first. */
static void tell_state(const struct kalloc_zone_state *state, unsigned int order, unsigned int type,
		       FILE *out)
{
	int number = pcp_list_of(order, type);
	struct list list;

	if (number >= 0) {
		list = list_of(state, true, (unsigned int)number, 0);
		fputs("    ", out);
		tell_list_name(&list, out);
		fputc(':', out);
		tell_list(&list, 0, out);
	}
	list = list_of(state, false, order, type);
	fputs("    ", out);
	tell_list_name(&list, out);
	fputc(':', out);
	tell_list(&list, 0, out);
	tell_numbers(state, out);
}

/* Where a frame lies among free entries. Return: false if it is in none. */
static bool tell_place_in(const struct kalloc_zone_state *state, bool pcp, unsigned long pfn,
			  FILE *out)
{
	const struct kalloc_state_free *entries = pcp ? state->pcp : state->free;
	unsigned long nr = pcp ? state->nr_pcp : state->nr_free;

	for (unsigned long i = 0; i < nr; i++) {
		unsigned int number = entries[i].list;
		unsigned int order = pcp ? transcript_list_order(number) : number;
		struct list list = list_of(state, pcp, number, entries[i].migratetype);
		unsigned long before = 0;

		if (pfn < entries[i].pfn || pfn - entries[i].pfn >= 1UL << order)
			continue;
		for (unsigned long at = list_next(&list, 0); at < i; at = list_next(&list, at + 1))
			before++;
		fprintf(out, "in block %lx, entry %lu of ", entries[i].pfn, before + 1);
		tell_list_name(&list, out);
		return true;
	}
	return false;
}

static void tell_outcome(const char *side, const struct kalloc_zone_state *state, unsigned long pfn,
			 FILE *out)
{
	if (!pfn) {
		fprintf(out, "    %-7s failed\n", side);
		return;
	}
	fprintf(out, "    %-7s %lx: before the call ", side, pfn);
	if (!tell_place_in(state, false, pfn, out) && !tell_place_in(state, true, pfn, out))
		fputs("in use", out);
	fputc('\n', out);
}

/* The frames that the transcript gives to calls like number @at, from that on. */
static void tell_next(const struct transcript *transcript, size_t at, FILE *out)
{
	const struct transcript_call *call = &transcript->calls[at];
	unsigned int shown = 0;

	fputs("  what Linux gave from then on for this order and type:", out);
	for (; at < transcript->nr_calls && shown < SHOWN; at++) {
		const struct transcript_call *later = &transcript->calls[at];

		if (later->give || later->order != call->order ||
		    type_of(later->gfp) != type_of(call->gfp))
			continue;
		fprintf(out, later->pfn ? " %lx" : " (failed)", later->pfn);
		shown++;
	}
	fputs(at < transcript->nr_calls ? " ...\n" : "\n", out);
}

void divergence_tell_call(const struct transcript *transcript, size_t at, FILE *out)
{
	const struct transcript_call *call = &transcript->calls[at];
	unsigned int type = type_of(call->gfp);
	struct kalloc_zone_state before, after;
	struct contest contest;
	char gfp[256];
	unsigned long got;

	kalloc_gfp_show(call->gfp, gfp, sizeof(gfp));
	fprintf(out, "  first divergence: line %lu, allocation %lu: order %u, %s, gfp 0x%x (%s)\n",
		call->line, call->id, call->order, type_names[type], call->gfp, gfp);
	if (contest_begin(&contest, transcript) != CONTEST_READY) {
		fprintf(out, "  it cannot be played again: %s\n", contest.why);
		return;
	}
	while (contest.next < at)
		contest_call(&contest);
	before = contest_state(&contest);
	got = contest_call(&contest);
	after = contest_state(&contest);

	tell_outcome("Linux", &before, call->pfn, out);
	tell_outcome("kalloc", &before, got, out);
	fputs("  before the call, on both sides:\n", out);
	tell_state(&before, call->order, type, out);
	fputs("  after it, kalloc:\n", out);
	tell_state(&after, call->order, type, out);
	tell_next(transcript, at, out);
	transcript_state_fini(&before);
	transcript_state_fini(&after);
	contest_end(&contest);
}

/* --- the end ----------------------------------------------------------- */

static bool lists_differ(const struct list *theirs, const struct list *ours, FILE *out)
{
	unsigned long a = list_next(theirs, 0), b = list_next(ours, 0), nr = 0;

	while (a < theirs->nr && b < ours->nr && theirs->entries[a].pfn == ours->entries[b].pfn &&
	       theirs->entries[a].migratetype == ours->entries[b].migratetype) {
		a = list_next(theirs, a + 1);
		b = list_next(ours, b + 1);
		nr++;
	}
	if (a == theirs->nr && b == ours->nr)
		return false;
	if (!out)
		return true;
	fputs("  first divergence: at the end, ", out);
	tell_list_name(theirs, out);
	fprintf(out, ", from entry %lu on\n    Linux: ", nr + 1);
	tell_list(theirs, nr, out);
	fputs("    kalloc:", out);
	tell_list(ours, nr, out);
	return true;
}

static bool all_lists_differ(const struct kalloc_zone_state *theirs,
			     const struct kalloc_zone_state *ours, FILE *out)
{
	for (unsigned int number = 0; number < KALLOC_STATE_LISTS; number++) {
		struct list a = list_of(theirs, true, number, 0);
		struct list b = list_of(ours, true, number, 0);

		if (lists_differ(&a, &b, out))
			return true;
	}
	/* Entries of either side that have no list among these would be of no order at all. */
	for (unsigned int order = 0; order < 32; order++) {
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++) {
			struct list a = list_of(theirs, false, order, type);
			struct list b = list_of(ours, false, order, type);

			if (lists_differ(&a, &b, out))
				return true;
		}
	}
	return false;
}

static bool blocks_differ(const struct kalloc_zone_state *theirs,
			  const struct kalloc_zone_state *ours, FILE *out)
{
	for (unsigned long i = 0; i < theirs->nr_blocks; i++) {
		unsigned int a = theirs->blocks[i].migratetype, b = ours->blocks[i].migratetype;

		if (a == b)
			continue;
		if (out)
			fprintf(out,
				"  first divergence: at the end, pageblock %lx: Linux %s, kalloc "
				"%s\n",
				theirs->blocks[i].pfn, type_names[a], type_names[b]);
		return true;
	}
	return false;
}

static bool numbers_differ(const struct kalloc_zone_state *theirs,
			   const struct kalloc_zone_state *ours)
{
	return theirs->watermark_boost != ours->watermark_boost ||
	       theirs->nr_reserved_highatomic != ours->nr_reserved_highatomic ||
	       theirs->nr_free_folded != ours->nr_free_folded ||
	       theirs->nr_free_unfolded != ours->nr_free_unfolded ||
	       theirs->pcp_count != ours->pcp_count ||
	       theirs->pcp_free_factor != ours->pcp_free_factor;
}

bool divergence_at_end(const struct kalloc_zone_state *theirs, const struct kalloc_zone_state *ours,
		       FILE *out)
{
	bool numbers = numbers_differ(theirs, ours);

	if (!all_lists_differ(theirs, ours, out) && !blocks_differ(theirs, ours, out)) {
		if (!numbers)
			return false;
		if (out)
			fputs("  first divergence: at the end, the counts\n", out);
	}
	if (!out)
		return true;
	fputs("  at the end, Linux:\n", out);
	tell_numbers(theirs, out);
	fputs("  at the end, kalloc:\n", out);
	tell_numbers(ours, out);
	return true;
}
