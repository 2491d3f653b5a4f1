/* SPDX-License-Identifier: MIT */
/* Blocks of pages. */
#include <kalloc/page.h>
#include <kalloc/reclaim.h>

#include "verb.h"

/* @nid is NUMA_NO_NODE: then the thread's policy decides. */
static struct page *alloc_near(gfp_t gfp, unsigned int order, int nid)
{
	return nid == NUMA_NO_NODE ? alloc_pages(gfp, order) : alloc_pages_node(nid, gfp, order);
}

static bool run_alloc_pages(struct session *session, const struct args *args, struct value *result)
{
	unsigned int order = (unsigned int)args_number(args, "order");
	struct page *page =
		alloc_near((gfp_t)args_number(args, "gfp"), order, (int)args_number(args, "nid"));
	struct thing *thing = verb_hold(session, THING_PAGES, page, result);

	if (thing) {
		thing->order = order;
		thing->pfn = page_to_pfn(page);
	}
	return true;
}

/* A list of as many single pages as the call gave. */
static bool run_bulk(struct session *session, const struct args *args, struct value *result)
{
	struct page *pages[512] = { NULL };
	unsigned long nr = (unsigned long)args_number(args, "nr_pages");
	unsigned long got = alloc_pages_bulk_array((gfp_t)args_number(args, "gfp"), nr, pages);

	*result = value_list_new();
	for (unsigned long i = 0; i < got; i++) {
		struct value page = { .kind = VALUE_NOTHING };

		verb_hold(session, THING_PAGES, pages[i], &page)->pfn = page_to_pfn(pages[i]);
		value_list_add(result->list, page);
	}
	return true;
}

static bool run_contig(struct session *session, const struct args *args, struct value *result)
{
	unsigned long nr = (unsigned long)args_number(args, "nr_pages");
	struct page *page = alloc_contig_pages(nr, (gfp_t)args_number(args, "gfp"),
					       (int)args_number(args, "nid"), NULL);
	struct thing *thing = verb_hold(session, THING_RANGE, page, result);

	if (thing) {
		thing->size = nr;
		thing->pfn = page_to_pfn(page);
	}
	return true;
}

const struct verb verbs_page[] = {
	{ .name = "alloc_pages",
	  .params = { PARAM_GFP,
		      { .name = "order", .kind = PARAM_NUMBER, .optional = true, .most = 63 },
		      PARAM_NID },
	  .run = run_alloc_pages,
	  .help = "a block of 2^order pages" },
	{ .name = "__free_pages",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_PAGES),
	  .each = verb_give_back,
	  .help = "give blocks back, each with the order it was allocated with" },
	{ .name = "alloc_pages_bulk_array",
	  .params = { PARAM_GFP,
		      { .name = "nr_pages", .kind = PARAM_NUMBER, .least = 1, .most = 512 } },
	  .run = run_bulk,
	  .help = "a list of single pages" },
	{ .name = "alloc_contig_pages",
	  .params = { { .name = "nr_pages",
			.kind = PARAM_NUMBER,
			.least = 1,
			.most = __LONG_MAX__ },
		      PARAM_GFP,
		      { .name = "nid", .kind = PARAM_NUMBER, .optional = true, .most = 63 } },
	  .run = run_contig,
	  .help = "an aligned range of pages, moving what is in its way" },
	{ .name = "free_contig_range",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_RANGE),
	  .each = verb_give_back,
	  .help = "give ranges back" },
	{ 0 },
};
