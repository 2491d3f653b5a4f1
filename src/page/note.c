/* SPDX-License-Identifier: MIT */
#include "block.h"
#include "note.h"
#include "pcp.h"

cold_path void note_request(gfp_t gfp, unsigned int order, int nid, unsigned long nr)
{
	gfp = task_gfp(gfp);
	explain_begin(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_PAGES,
		.pages = { .gfp = gfp,
			   .order = order,
			   .nr = nr,
			   .type = migratetype_names[request_type(gfp)],
			   .nid = nid < 0 ? NUMA_NO_NODE : nid },
	});
}

cold_path void note_request_end(const struct page *page, unsigned long nr)
{
	explain_end(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_PAGES_END,
		.end = { .nr = nr, .pfn = page ? page_to_pfn(page) : 0 },
	});
}

static enum kalloc_mark mark_of(unsigned int flags)
{
	static const unsigned char marks[] = {
		[WMARK_MIN] = KALLOC_MARK_MIN,
		[WMARK_LOW] = KALLOC_MARK_LOW,
		[WMARK_HIGH] = KALLOC_MARK_HIGH,
	};

	return flags & ALLOC_NO_WATERMARKS ? KALLOC_MARK_NONE
					   : (enum kalloc_mark)marks[flags & ALLOC_WMARK_MASK];
}

cold_path void note_step(enum kalloc_step step, unsigned int flags)
{
	explain_add(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_STEP,
		.step = { .step = (unsigned char)step,
			  .mark = (unsigned char)mark_of(flags),
			  .high = flags & ALLOC_MIN_RESERVE,
			  .atomic = flags & ALLOC_NON_BLOCK,
			  .no_mixing = flags & ALLOC_NOFRAGMENT },
	});
}

static int largest_free(const struct zone *zone, unsigned int flags)
{
	int order = (int)zone->buddy.max_order;

	while (order >= 0 && !zone_has_block(zone, (unsigned int)order, flags))
		order--;
	return order;
}

/* Whether the numbers of a note let its request have a block of some size. */
static bool has_enough(const struct kalloc_note *note)
{
	return note->zone.free - note->zone.block - note->zone.kept >
	       note->zone.least + note->zone.protection;
}

cold_path void note_zone(const struct alloc_request *req, struct zone *zone, unsigned int flags,
			 long block, enum kalloc_verdict verdict)
{
	struct kalloc_note note = {
		.kind = KALLOC_NOTE_ZONE,
		.zone = { .name = zone->name,
			  .nid = zone->nid,
			  .verdict = (unsigned char)verdict,
			  .mark = (unsigned char)mark_of(flags),
			  .largest = largest_free(zone, flags),
			  .free = READ_ONCE(zone->free_pages),
			  .exact = zone_free_exact(zone),
			  .block = block,
			  .protection = READ_ONCE(zone->lowmem_reserve[req->highest]) },
	};

	note.zone.kept = zone_unusable(zone, 0, flags);
	if (note.zone.mark != KALLOC_MARK_NONE) {
		note.zone.boost = (long)READ_ONCE(zone->watermark_boost);
		note.zone.full = (long)zone_mark(zone, flags & ALLOC_WMARK_MASK);
		note.zone.least = zone_least((unsigned long)note.zone.full, flags);
	}
	/* An atomic request for a single frame was let pass without the boost. */
	if (verdict == KALLOC_ZONE_ALLOWS && note.zone.boost && !has_enough(&note)) {
		note.zone.full -= note.zone.boost;
		note.zone.boost = 0;
		note.zone.least = zone_least((unsigned long)note.zone.full, flags);
	}
	if (verdict == KALLOC_ZONE_MARK && has_enough(&note))
		note.zone.verdict = KALLOC_ZONE_PIECES;
	explain_add(&note);
}

cold_path int note_source(const struct buddy *buddy, unsigned int order, enum migratetype mt)
{
	for (; order <= buddy->max_order; order++) {
		if (!buddy_is_empty(buddy, order, mt))
			return (int)order;
	}
	return -1;
}

cold_path void note_taken(const struct alloc_request *req, const struct zone *zone,
			  const struct page *page, int split)
{
	explain_add(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_TAKEN,
		.taken = { .zone = zone->name,
			   .nid = zone->nid,
			   .order = req->order,
			   .split = split,
			   .pfn = page_to_pfn(page) },
	});
}

cold_path void note_taken_from_cpu(const struct alloc_request *req, const struct zone *zone,
				   const struct page *page)
{
	explain_add(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_TAKEN,
		.taken = { .zone = zone->name,
			   .nid = zone->nid,
			   .from_cpu = true,
			   .cpu = req->cpu,
			   .order = req->order,
			   .count = READ_ONCE(zone->pcp[req->cpu].count),
			   .pfn = page_to_pfn(page) },
	});
}
