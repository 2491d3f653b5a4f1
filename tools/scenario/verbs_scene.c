/* SPDX-License-Identifier: MIT */
/* What sets a scene: memory that is short or in pieces, chance, questions. */
#include <stdlib.h>

#include <kalloc/fragment.h>
#include <kalloc/page.h>

#include "explain.h"
#include "facts.h"
#include "predict.h"
#include "pressure.h"
#include "verb.h"

static bool run_fragment(struct session *session, const struct args *args, struct value *result)
{
	unsigned int order = (unsigned int)args_number(args, "order");
	double to = args_fraction(args, "to");
	double index = kalloc_fragment(order, to, (unsigned long)args_number(args, "seed"));

	if (index < 0)
		return session_complain(session, "fragment: an order from 1 to the largest, and an "
						 "index from 0.0 to 1.0");
	*result = value_fraction(index);
	return true;
}

static bool run_defragment(struct session *session, const struct args *args, struct value *result)
{
	kalloc_defragment();
	return true;
}

static bool run_compact(struct session *session, const struct args *args, struct value *result)
{
	return kalloc_write("/proc/sys/vm/compact_memory", "1") > 0;
}

/* Add a frame of a zone to a list. Return: false if it has none left. */
static bool take_one(struct session *session, struct pressure *pressure, struct value_list *list)
{
	struct value item = { .kind = VALUE_NOTHING };
	struct page *page = pressure_take(pressure);

	if (!page)
		return false;
	verb_hold(session, THING_PAGES, page, &item)->pfn = page_to_pfn(page);
	value_list_add(list, item);
	return true;
}

/* Add frames of a zone to a list until no more than @leave of it are free. */
static void take_all_but(struct session *session, const char *zone, struct pressure *pressure,
			 long leave, struct value_list *list)
{
	bool took = true;
	long free;

	/* The CPU's list takes several at a time: so look how many are left, and go on. */
	while (took && facts_zone(0, zone, "nr_free_pages", &free)) {
		took = false;
		for (; free > leave && take_one(session, pressure, list); free--)
			took = true;
	}
}

static bool run_pressure(struct session *session, const struct args *args, struct value *result)
{
	const char *zone = args_text(args, "zone");
	struct pressure pressure;
	long managed;

	if (!pressure_begin(&pressure, zone, (gfp_t)args_number(args, "gfp")) ||
	    !facts_zone(0, zone, "managed", &managed) || !managed)
		return session_complain(session,
					"pressure: no zone \"%s\" on node 0; "
					"/proc/zoneinfo shows the zones",
					zone);
	*result = value_list_new();
	take_all_but(session, zone, &pressure, args_number(args, "leave"), result->list);
	pressure_end(&pressure);
	return true;
}

static bool run_explain(struct session *session, const struct args *args, struct value *result)
{
	char *text = explain_text(session);

	fprintf(session->options.out, "%s", *text ? text : "Nothing was asked for.\n");
	free(text);
	return true;
}

static bool run_seed(struct session *session, const struct args *args, struct value *result)
{
	session->random = (unsigned long)args_number(args, "number");
	return true;
}

static bool run_predict(struct session *session, const struct args *args, struct value *result)
{
	return predict(session, args->given[0], args_text(args, "question"), result);
}

const struct verb verbs_scene[] = {
	{ .name = "free",
	  .form = VERB_THINGS,
	  .things = THING_SET(NR_THING_KINDS) - 1,
	  .each = verb_give_back,
	  .help = "give back whatever it is" },
	{ .name = "pressure",
	  .params = { { .name = "zone", .kind = PARAM_TEXT },
		      { .name = "leave", .kind = PARAM_NUMBER, .most = __LONG_MAX__ },
		      { .name = "gfp",
			.kind = PARAM_NUMBER,
			.optional = true,
			.most = 0xffffffffl } },
	  .run = run_pressure,
	  .help = "a list of single pages: all of a zone of node 0 but so many free ones" },
	{ .name = "fragment",
	  .params = { { .name = "order", .kind = PARAM_NUMBER, .least = 1, .most = 18 },
		      { .name = "to", .kind = PARAM_FRACTION },
		      { .name = "seed", .kind = PARAM_NUMBER, .optional = true } },
	  .run = run_fragment,
	  .help = "pin pages until the unusable index of an order is so high; the index" },
	{ .name = "defragment", .run = run_defragment, .help = "free what fragment pinned" },
	{ .name = "compact", .run = run_compact, .help = "write 1 to /proc/sys/vm/compact_memory" },
	{ .name = "explain",
	  .is_aside = true,
	  .run = run_explain,
	  .help = "say why the last call took the way that it took, or failed" },
	{ .name = "seed",
	  .needs_no_machine = true,
	  .is_aside = true,
	  .params = { { .name = "number", .kind = PARAM_NUMBER } },
	  .run = run_seed,
	  .help = "where random() begins" },
	{ .name = "predict",
	  .needs_no_machine = true,
	  .is_aside = true,
	  .params = { { .name = "answer", .kind = PARAM_ANY },
		      { .name = "question", .kind = PARAM_TEXT } },
	  .run = run_predict,
	  .help = "the answer; with --ask, what the reader answers" },
	{ 0 },
};
