/* SPDX-License-Identifier: MIT */
#include "words.h"

#include "plat.h"

void words_add_gfp(struct text *text, gfp_t gfp)
{
	char flags[256];

	kalloc_gfp_show(gfp, flags, sizeof(flags));
	text_add(text, "%s", flags);
}

static const char *plural(unsigned long nr)
{
	return nr == 1 ? "" : "s";
}

/* --- requests --------------------------------------------------------------- */

static void add_pages(struct text *text, const struct kalloc_note *note)
{
	if (note->pages.nr)
		text_add(text, "%lu single pages, ", note->pages.nr);
	else if (note->pages.order)
		text_add(text, "A block of order %u (%lu pages), ", note->pages.order,
			 1UL << note->pages.order);
	else
		text_add(text, "A page, ");
	words_add_gfp(text, note->pages.gfp);
	text_add(text, ", type %s", note->pages.type);
	if (note->pages.nid >= 0)
		text_add(text, ", near node %d", note->pages.nid);
}

static void add_pages_end(struct text *text, const struct kalloc_note *note)
{
	if (!note->end.nr)
		text_add(text, "So there is no block: NULL");
	else if (note->end.nr > 1)
		text_add(text, "So it gets %lu pages, first frame %lu", note->end.nr,
			 note->end.pfn);
	else
		text_add(text, "So it gets frame %lu", note->end.pfn);
}

static void add_object(struct text *text, const struct kalloc_note *note)
{
	if (note->object.nr)
		text_add(text, "%lu objects", note->object.nr);
	else
		text_add(text, "An object");
	text_add(text, " of cache %s (%u bytes), ", note->object.name, note->object.size);
	words_add_gfp(text, note->object.gfp);
}

static void add_area(struct text *text, const struct kalloc_note *note)
{
	if (note->area.order)
		text_add(text, "In blocks of order %u", note->area.order);
	else
		text_add(text, "An area of %lu bytes in the vmalloc space", note->area.bytes);
	text_add(text, ", ");
	words_add_gfp(text, note->area.gfp);
}

static void add_address_end(struct text *text, const struct kalloc_note *note)
{
	if (note->end.nr > 1)
		text_add(text, "So it gets %lu", note->end.nr);
	else if (note->end.nr)
		text_add(text, "So it gets one");
	else
		text_add(text, "So there is none: NULL");
}

static void add_cache(struct text *text, const struct kalloc_note *note)
{
	text_add(text, "A cache \"%s\" for objects of %u bytes", note->cache.name,
		 note->cache.size);
	if (note->cache.align)
		text_add(text, ", aligned to %u", note->cache.align);
}

/* --- on the way of a block -------------------------------------------------- */

static const char *const mark_names[] = {
	[KALLOC_MARK_MIN] = "min",
	[KALLOC_MARK_LOW] = "low",
	[KALLOC_MARK_HIGH] = "high",
};

static void add_mark(struct text *text, const struct kalloc_note *note)
{
	if (note->step.mark == KALLOC_MARK_NONE)
		text_add(text, "without regard to marks");
	else if (note->step.high && note->step.atomic)
		text_add(text, "at 3/8 of the %s mark, for it has __GFP_HIGH and cannot sleep",
			 mark_names[note->step.mark]);
	else if (note->step.high)
		text_add(text, "at half the %s mark", mark_names[note->step.mark]);
	else
		text_add(text, "at the %s mark", mark_names[note->step.mark]);
	if (note->step.no_mixing)
		text_add(text, ", and no pageblock is mixed");
}

static void add_step(struct text *text, const struct kalloc_note *note)
{
	static const char *const names[] = {
		[KALLOC_STEP_FIRST] = "First attempt",
		[KALLOC_STEP_BULK] = "From the CPU's list",
		[KALLOC_STEP_RUN] = "What the node has at hand",
		[KALLOC_STEP_MIXING] = "Once more, and pageblocks may be mixed",
		[KALLOC_STEP_MIN] = "The slow path begins",
		[KALLOC_STEP_COMPACTED] = "Then once more",
		[KALLOC_STEP_RESERVES] = "With all that it may use",
		[KALLOC_STEP_RECLAIMED] = "After reclaim",
		[KALLOC_STEP_DRAINED] = "After the CPUs' lists were given back",
		[KALLOC_STEP_HIGH] = "Before the OOM policy, in case others have freed much",
		[KALLOC_STEP_NO_MARK] = "After the OOM policy, as it may not fail",
		[KALLOC_STEP_LAST] = "At last, as it may not fail",
	};

	text_add(text, "%s, ", names[note->step.step]);
	add_mark(text, note);
}

/* "the min mark 256", "96, which is what it may go down to below the min mark 256" */
static void add_least(struct text *text, const struct kalloc_note *note)
{
	if (note->zone.least != note->zone.full)
		text_add(text, "%ld, of the %s mark %ld", note->zone.least,
			 mark_names[note->zone.mark], note->zone.full);
	else
		text_add(text, "%s mark %ld", mark_names[note->zone.mark], note->zone.full);
	if (note->zone.boost)
		text_add(text, " (with a boost of %ld)", note->zone.boost);
}

/* What is free and counts, beside what has to be left. */
static void add_comparison(struct text *text, const struct kalloc_note *note)
{
	bool enough = note->zone.free - note->zone.block - note->zone.kept >
		      note->zone.least + note->zone.protection;

	text_add(text, "%ld free", note->zone.free);
	if (note->zone.exact != note->zone.free)
		text_add(text, " (%ld with what the CPUs have not reported)", note->zone.exact);
	if (note->zone.block)
		text_add(text, " - %ld of the block", note->zone.block);
	if (note->zone.kept)
		text_add(text, " - %ld high-atomic", note->zone.kept);
	text_add(text, enough ? " > " : " <= ");
	add_least(text, note);
	if (note->zone.protection)
		text_add(text, " + protection %ld", note->zone.protection);
}

static void add_largest(struct text *text, const struct kalloc_note *note, unsigned int order)
{
	text_add(text, ": enough, but in pieces: no free block of order %u or more", order);
	if (note->zone.largest >= 0)
		text_add(text, ", the largest is of order %d", note->zone.largest);
	else
		text_add(text, ", nor any that it may have");
}

static void add_zone(struct text *text, const struct kalloc_note *note, unsigned int order)
{
	text_add(text, "node %d, zone %s: ", note->zone.nid, note->zone.name);
	if (note->zone.verdict == KALLOC_ZONE_DIRTY) {
		text_add(text, "its node has its share of dirty pages");
		return;
	}
	if (note->zone.verdict == KALLOC_ZONE_REMOTE) {
		text_add(text, "another node, and rather than that pageblocks are mixed here");
		return;
	}
	if (note->zone.mark == KALLOC_MARK_NONE) {
		text_add(text, "%ld free", note->zone.free);
		return;
	}
	add_comparison(text, note);
	if (note->zone.verdict == KALLOC_ZONE_ALLOWS)
		text_add(text, ": enough");
	else if (note->zone.verdict == KALLOC_ZONE_MARK)
		text_add(text, ": too few");
	else
		add_largest(text, note, order);
}

static void add_claim(struct text *text, const struct kalloc_note *note)
{
	text_add(text, "; with it %lu free pages of its pageblock", note->steal.moved);
	if (note->steal.alike)
		text_add(text, ", and %lu used ones count as %s", note->steal.alike,
			 note->steal.to);
	text_add(text,
		 note->steal.retyped ? ": at least half, so it becomes %s"
				     : ": less than half, so it stays %s",
		 note->steal.retyped ? note->steal.to : note->steal.from);
}

static void add_steal(struct text *text, const struct kalloc_note *note)
{
	text_add(text, "no such block is %s: one of order %u at frame %lu is taken from %s",
		 note->steal.to, note->steal.order, note->steal.pfn, note->steal.from);
	if (note->steal.claimed)
		add_claim(text, note);
	else if (note->steal.retyped)
		text_add(text, ", and its %u pageblock%s become%s %s", note->steal.retyped,
			 plural(note->steal.retyped), note->steal.retyped == 1 ? "s" : "",
			 note->steal.to);
	else
		text_add(text, ", and nothing else of its pageblock");
	if (note->steal.boost)
		text_add(text, "; the zone's marks have a boost of %lu now", note->steal.boost);
}

static void add_refill(struct text *text, const struct kalloc_note *note)
{
	text_add(text, "CPU %u's list of order %u, %s, is empty: ", note->refill.cpu,
		 note->refill.order, note->refill.type);
	if (!note->refill.pages) {
		text_add(text, "and the zone has none for it");
		return;
	}
	text_add(text, "%lu page%s from the zone's lists", note->refill.pages,
		 plural(note->refill.pages));
	if (note->refill.split > (int)note->refill.order)
		text_add(text, ", first by splitting a block of order %d", note->refill.split);
}

static void add_taken(struct text *text, const struct kalloc_note *note)
{
	text_add(text, "frame %lu, ", note->taken.pfn);
	if (note->taken.from_cpu)
		text_add(text, "from CPU %u's list of order %u; %u page%s left on its lists",
			 note->taken.cpu, note->taken.order, note->taken.count,
			 note->taken.count == 1 ? " is" : "s are");
	else if (note->taken.split > (int)note->taken.order)
		text_add(text, "from the zone's lists, split off a block of order %d",
			 note->taken.split);
	else if (note->taken.split >= 0)
		text_add(text, "from the zone's lists, a block of just this order");
	else
		text_add(text, "from the zone's lists");
}

static void add_kswapd(struct text *text, const struct kalloc_note *note)
{
	if (!note->kswapd.may_run)
		text_add(text, "kswapd cannot work inside this request");
	else if (!note->kswapd.ran)
		text_add(text, "kswapd and kcompactd find nothing to do");
	else
		text_add(text, "kswapd frees %lu page%s, kcompactd moves %lu", note->kswapd.pages,
			 plural(note->kswapd.pages), note->kswapd.moved);
}

static void add_reclaim(struct text *text, const struct kalloc_note *note)
{
	text_add(text, "direct reclaim looks at %lu page%s of the LRU lists and frees %lu",
		 note->reclaim.scanned, plural(note->reclaim.scanned), note->reclaim.pages);
	if (note->reclaim.ready)
		text_add(text, "; enough for compaction to begin");
}

static void add_compact(struct text *text, const struct kalloc_note *note)
{
	static const char *const results[] = {
		[KALLOC_COMPACT_SKIPPED] = ("skipped, since too few pages are free or "
					    "whole blocks are not what lacks"),
		[KALLOC_COMPACT_DEFERRED] = "put off, since it failed lately",
		[KALLOC_COMPACT_PARTIAL] = "a part of it gone through",
		[KALLOC_COMPACT_COMPLETE] = "all of it gone through",
		[KALLOC_COMPACT_STOPPED] = "stopped, no free page to move to",
		[KALLOC_COMPACT_SUCCESS] = "such a block is free now",
	};

	text_add(text, "compaction of node %d, zone %s%s: ", note->compact.nid, note->compact.zone,
		 note->compact.async ? ", asynchronous" : "");
	if (note->compact.result > KALLOC_COMPACT_DEFERRED)
		text_add(text, "%lu page%s moved, ", note->compact.moved,
			 plural(note->compact.moved));
	text_add(text, "%s", results[note->compact.result]);
	if (note->compact.result != KALLOC_COMPACT_DEFERRED && note->compact.index >= 0)
		text_add(text, " (fragmentation index 0.%03d)", min(note->compact.index, 999));
}

static void add_oom(struct text *text, const struct kalloc_note *note)
{
	switch (note->oom.what) {
	case KALLOC_OOM_NOTIFIED:
		text_add(text, "out of memory: notifiers free %lu page%s", note->oom.pages,
			 plural(note->oom.pages));
		break;
	case KALLOC_OOM_NO_FS:
		text_add(text, "out of memory: without __GFP_FS nobody is killed for it");
		break;
	case KALLOC_OOM_KILLED:
		text_add(text, "out of memory: task %d (%s) is killed, which has %lu page%s",
			 note->oom.pid, note->oom.name, note->oom.pages, plural(note->oom.pages));
		break;
	case KALLOC_OOM_FAILED:
		text_add(text, "out of memory: the policy is to let it fail");
		break;
	default:
		text_add(text, "out of memory: another thread sees to it");
		break;
	}
}

static void add_give_up(struct text *text, const struct kalloc_note *note)
{
	static const char *const reasons[] = {
		[KALLOC_GIVE_UP_ORDER] = "the machine has no blocks of this order",
		[KALLOC_GIVE_UP_ZONE] = "no zone that the flags allow has memory",
		[KALLOC_GIVE_UP_SLEEP] = "gives up: without __GFP_DIRECT_RECLAIM it may not wait",
		[KALLOC_GIVE_UP_RECLAIM] = "gives up: the thread is reclaiming already",
		[KALLOC_GIVE_UP_NORETRY] = "gives up: __GFP_NORETRY is for one round",
		[KALLOC_GIVE_UP_COSTLY] = ("gives up: an order above 3 gets one round without "
					   "__GFP_RETRY_MAYFAIL"),
		[KALLOC_GIVE_UP_COMPACT] = ("gives up: compaction does not run, and "
					    "__GFP_NORETRY does without reclaim"),
		[KALLOC_GIVE_UP_NO_OOM] = "gives up: killing would not help such a request",
		[KALLOC_GIVE_UP_OOM] = "gives up: nothing more can be freed",
	};

	text_add(text, "%s", reasons[note->number]);
}

/* --- on the way of an object, an area, a cache, an element ------------------- */

static void add_from(struct text *text, const struct kalloc_note *note)
{
	switch (note->from.where) {
	case KALLOC_FROM_SHEAF:
		text_add(text, "from the host CPU's sheaf of free objects");
		break;
	case KALLOC_FROM_SPARE:
		text_add(text, "the host CPU's sheaf is empty: from its spare one");
		break;
	case KALLOC_FROM_BARN:
		text_add(text, "the host CPU's sheaves are empty: a full one from the cache");
		break;
	case KALLOC_FROM_CPU:
		text_add(text, "from the free list of CPU %u's slab", note->from.cpu);
		break;
	case KALLOC_FROM_GIVEN_BACK:
		text_add(text,
			 "the free list of CPU %u is empty: from what was freed to its slab since",
			 note->from.cpu);
		break;
	case KALLOC_FROM_CPU_PARTIAL:
		text_add(text, "CPU %u's slab is full: the next of its partial slabs",
			 note->from.cpu);
		break;
	default:
		text_add(text, "CPU %u has no partial slab: one of node %d", note->from.cpu,
			 note->from.nid);
		break;
	}
}

static void add_slab(struct text *text, const struct kalloc_note *note)
{
	text_add(text,
		 "no slab has a free object: a new slab of order %u at frame %lu, %u object%s",
		 note->slab.order, note->slab.pfn, note->slab.objects, plural(note->slab.objects));
	if (note->slab.order != note->slab.wanted)
		text_add(text, ", since one of order %u was not to be had", note->slab.wanted);
}

/* "16 pages in 2 blocks: 1 of order 3, 1 of order 2" */
static void add_blocks(struct text *text, const struct kalloc_note *note)
{
	unsigned long blocks = 0, pages = 0;
	const char *comma = ":";

	for (unsigned int order = 0; order < ARRAY_SIZE(note->blocks.nr); order++) {
		blocks += note->blocks.nr[order];
		pages += (unsigned long)note->blocks.nr[order] << order;
	}
	text_add(text, "%lu page%s in %lu block%s", pages, plural(pages), blocks, plural(blocks));
	for (unsigned int order = ARRAY_SIZE(note->blocks.nr); order-- > 0;) {
		if (!note->blocks.nr[order])
			continue;
		text_add(text, "%s %u of order %u", comma, note->blocks.nr[order], order);
		comma = ",";
	}
}

static void add_shared(struct text *text, const struct kalloc_note *note)
{
	static const char *const reasons[] = {
		[KALLOC_SHARED_NOMERGE] = "slab_nomerge",
		[KALLOC_SHARED_CTOR] = "it has a constructor or a region for users",
		[KALLOC_SHARED_FLAGS] = "its flags forbid sharing",
		[KALLOC_SHARED_NONE] = "none that is there has its size and kind",
	};

	if (note->shared.how == KALLOC_SHARED_WITH)
		text_add(text, "shared with %s, which has its size and kind", note->shared.name);
	else
		text_add(text, "a cache of its own: %s", reasons[note->shared.how]);
}

static void add_lack(struct text *text, const struct kalloc_note *note)
{
	static const char *const lacks[] = {
		[KALLOC_LACK_TOTAL] = "that is more than the machine has",
		[KALLOC_LACK_RECORD] = "there is no memory for the area's record",
		[KALLOC_LACK_ARRAY] = "there is no memory for the array of its pages",
		[KALLOC_LACK_PAGES] = "there are not enough pages",
		[KALLOC_LACK_ADDRESSES] = "the vmalloc space has no such range left",
		[KALLOC_LACK_MAPPINGS] = "the host grants no more mappings",
	};

	text_add(text, "%s", lacks[note->number]);
}

static void add_second(struct text *text, const struct kalloc_note *note)
{
	text_add(text,
		 note->second.may
			 ? "kvmalloc: %lu bytes are asked of vmalloc"
			 : "kvmalloc: %lu bytes are not asked of vmalloc, which is for more "
			   "than a page and for those who may sleep",
		 note->second.bytes);
}

static void add_reserve(struct text *text, const struct kalloc_note *note)
{
	if (note->reserve.taken)
		text_add(text, "mempool: an element of the reserve, %d of %d left",
			 note->reserve.left, note->reserve.min_nr);
	else
		text_add(text, "mempool: nothing is left of the reserve of %d%s",
			 note->reserve.min_nr,
			 note->reserve.waits ? ": waits for an element to come back" : "");
}

void words_add(struct text *text, const struct kalloc_note *note, unsigned int order)
{
	static void (*const add[])(struct text *, const struct kalloc_note *) = {
		[KALLOC_NOTE_PAGES] = add_pages,     [KALLOC_NOTE_PAGES_END] = add_pages_end,
		[KALLOC_NOTE_OBJECT] = add_object,   [KALLOC_NOTE_OBJECT_END] = add_address_end,
		[KALLOC_NOTE_AREA] = add_area,	     [KALLOC_NOTE_AREA_END] = add_address_end,
		[KALLOC_NOTE_CACHE] = add_cache,     [KALLOC_NOTE_CACHE_END] = add_address_end,
		[KALLOC_NOTE_STEP] = add_step,	     [KALLOC_NOTE_STEAL] = add_steal,
		[KALLOC_NOTE_REFILL] = add_refill,   [KALLOC_NOTE_TAKEN] = add_taken,
		[KALLOC_NOTE_KSWAPD] = add_kswapd,   [KALLOC_NOTE_RECLAIM] = add_reclaim,
		[KALLOC_NOTE_COMPACT] = add_compact, [KALLOC_NOTE_OOM] = add_oom,
		[KALLOC_NOTE_GIVE_UP] = add_give_up, [KALLOC_NOTE_FROM] = add_from,
		[KALLOC_NOTE_SLAB] = add_slab,	     [KALLOC_NOTE_SHARED] = add_shared,
		[KALLOC_NOTE_BLOCKS] = add_blocks,   [KALLOC_NOTE_LACK] = add_lack,
		[KALLOC_NOTE_SECOND] = add_second,   [KALLOC_NOTE_RESERVE] = add_reserve,
	};

	if (note->kind == KALLOC_NOTE_ZONE)
		add_zone(text, note, order);
	else if (note->kind == KALLOC_NOTE_ROUND)
		text_add(text, "Round %u", note->number);
	else if (note->kind == KALLOC_NOTE_FAULT)
		text_add(text, "it fails because /proc/thread-self/fail-nth says so");
	else
		add[note->kind](text, note);
}
