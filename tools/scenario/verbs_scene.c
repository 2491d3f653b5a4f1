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

/* What is wrong with a profile, or with this machine for it, is said by the library. */
static bool run_fragment(struct session *session, const struct args *args, struct value *result)
{
	struct kalloc_fragment_profile profile;
	struct kalloc_fragmentation *fragmentation;

	if (kalloc_fragment_parse(&profile, args->words) ||
	    kalloc_fragment_apply(&profile, &fragmentation))
		return session_complain(session,
					"fragment %s: not so; 'kalloc fragment --help' tells "
					"of the profiles",
					args->words);
	verb_hold(session, THING_FRAGMENTATION, fragmentation, result);
	return true;
}

/* The report, if there is one, shows the machine as it is now. */
static bool run_mark(struct session *session, const struct args *args, struct value *result)
{
	recorder_step(session->recorder, args_text(args, "label"));
	return true;
}

static bool run_sustain(struct session *session, const struct args *args, struct value *result)
{
	*result = value_number(kalloc_fragment_sustain(args_thing(args, "fragmentation")->at));
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

	fprintf(session->options.out, "%s",
		*text ? text : "The last call asked for no memory, and gave no page back.\n");
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
	{ .name = "mark",
	  .is_aside = true,
	  .params = { { .name = "label", .kind = PARAM_TEXT } },
	  .run = run_mark,
	  .help = "a step of the report (--report), with a label" },
	{ .name = "free",
	  .form = VERB_THINGS,
	  .things = THING_SET(NR_THING_KINDS) - 1,
	  .each = verb_free,
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
	  .form = VERB_WORDS,
	  .run = run_fragment,
	  .help = "hold pages as a profile says: target order=3 index=0.9, aged steps=1000 ..." },
	{ .name = "sustain",
	  .params = { { .name = "fragmentation",
			.kind = PARAM_THING,
			.things = THING_SET(THING_FRAGMENTATION) } },
	  .run = run_sustain,
	  .help = "bring it back to its level; 0, or a negative error" },
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
	  .asks = true,
	  .is_aside = true,
	  .params = { { .name = "answer", .kind = PARAM_ANY },
		      { .name = "question", .kind = PARAM_TEXT } },
	  .run = run_predict,
	  .help = "the answer; with --ask, what the reader answers" },
	{ 0 },
};
