/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "areas.h"
#include "counters.h"
#include "events.h"
#include "frames.h"
#include "lists.h"
#include "memory.h"
#include "page_file.h"
#include "recorder.h"
#include "same_file.h"
#include "slabs.h"
#include "text_file.h"
#include "zone_text.h"

/* Steps that are taken by themselves, if it is known how many operations there will be. */
#define STEPS_WANTED 200

/* Where it is not known they come after each, and half as often after each STEPS_WANTED. */
#define EVERY_AT_FIRST 1

struct recorder {
	struct recorder_setup setup;
	struct kalloc_explain *own; /* record, where the command has none */
	struct output *file;
	struct zones zones;
	struct caches_seen caches;
	struct frames frames;
	struct lists lists;
	struct slabs slabs;
	struct memo areas;
	struct events events;
	struct json_piece steps;
	unsigned long nr_steps;
	unsigned long every;
	unsigned long last_op; /* of the last step */
};

int recorder_open(struct recorder **out, const struct recorder_setup *setup)
{
	struct recorder *recorder;
	const char *why = NULL;

	*out = NULL;
	if (!setup->path)
		return 0;
	recorder = memory_new(1, sizeof(*recorder));
	recorder->setup = *setup;
	zones_init(&recorder->zones);
	if (recorder->zones.nr_frames > FRAMES_MOST) {
		fprintf(stderr, "%s: --report: the machine has %lu frames, more than %lu\n",
			setup->command, recorder->zones.nr_frames, FRAMES_MOST);
		zones_fini(&recorder->zones);
		free(recorder);
		return -1;
	}
	if (same_file(setup->path, setup->source))
		why = "it is what is read";
	else if (!(recorder->file = output_open(setup->path)))
		why = strerror(errno);
	if (why) {
		fprintf(stderr, "%s: --report=%s: %s\n", setup->command, setup->path, why);
		zones_fini(&recorder->zones);
		free(recorder);
		return -1;
	}
	if (!setup->record) {
		recorder->own = memory_new(1, sizeof(*recorder->own));
		recorder->setup.record = recorder->own;
		kalloc_explain_start(recorder->own);
	}
	frames_init(&recorder->frames, &recorder->zones);
	lists_init(&recorder->lists, &recorder->zones);
	events_init(&recorder->events);
	recorder->slabs.named = setup->caches;
	recorder->every = setup->every;
	if (!recorder->every)
		recorder->every = setup->nr_ops ? setup->nr_ops / STEPS_WANTED + 1 : EVERY_AT_FIRST;
	json_piece_begin(&recorder->steps);
	recorder_step(recorder, "start");
	*out = recorder;
	return 0;
}

void recorder_step(struct recorder *recorder, const char *label)
{
	struct json *json;

	if (!recorder)
		return;
	json = &recorder->steps.json;
	caches_seen_look(&recorder->caches);
	json_begin(json, NULL, '{');
	json_number(json, "op", (long long)recorder->events.nr_ops);
	json_string(json, "label", label ? label : "");
	frames_step(&recorder->frames, &recorder->caches, json);
	lists_step(&recorder->lists, json);
	slabs_step(&recorder->slabs, &recorder->caches, &recorder->frames, json);
	areas_step(&recorder->areas, json);
	counters_step(json);
	json_end(json, '}');
	recorder->last_op = recorder->events.nr_ops;
	recorder->nr_steps++;
	if (!recorder->setup.every && !recorder->setup.nr_ops &&
	    recorder->nr_steps % STEPS_WANTED == 0)
		recorder->every *= 2;
}

void recorder_event(struct recorder *recorder, const struct recorder_event *event)
{
	if (!recorder)
		return;
	events_add(&recorder->events, event);
	if (recorder->events.nr_ops - recorder->last_op >= recorder->every)
		recorder_step(recorder, NULL);
}

void recorder_traced(struct recorder *recorder, const struct kalloc_trace_event *event)
{
	if (recorder)
		events_trace(&recorder->events, event);
}

static char *explain(const struct kalloc_explain *record)
{
	size_t len = kalloc_explain_text(record, NULL, 0);
	char *text = memory_new(len + 1, 1);

	kalloc_explain_text(record, text, len + 1);
	return text;
}

void recorder_failure(struct recorder *recorder, const struct recorder_failure *failure)
{
	char *why;

	if (!recorder)
		return;
	if (recorder->events.nr_failures < RECORDER_FAILURES &&
	    recorder->events.nr_ops != recorder->last_op)
		recorder_step(recorder, NULL);
	why = explain(recorder->setup.record);
	events_fail(&recorder->events, failure, recorder->nr_steps - 1, why);
	free(why);
}

static void write_machine(struct recorder *recorder, struct json *json)
{
	char *cmdline = text_file_read("/proc/cmdline");

	json_begin(json, "machine", '{');
	json_text(json, "cmdline", cmdline, strcspn(cmdline, "\n"));
	json_number(json, "page_size", PAGE_SIZE);
	json_address(json, "linear", phys_to_virt(0));
	zones_write(&recorder->zones, json);
	json_begin(json, "migratetypes", '[');
	for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
		json_string(json, NULL, migratetype_text(type));
	json_end(json, ']');
	json_end(json, '}');
	free(cmdline);
}

static void write_document(struct recorder *recorder, struct json *json)
{
	json_begin(json, NULL, '{');
	json_string(json, "format", "kalloc-report 1");
	json_string(json, "command", recorder->setup.command);
	json_string(json, "title", recorder->setup.title);
	write_machine(recorder, json);
	caches_seen_write(&recorder->caches, json);
	frames_write(&recorder->frames, json);
	counters_write(json);
	events_write(&recorder->events, json);
	json_piece_end(&recorder->steps);
	json_begin(json, "steps", '[');
	json_raw(json, NULL, recorder->steps.text, recorder->steps.len);
	json_end(json, ']');
	json_end(json, '}');
}

static void forget(struct recorder *recorder)
{
	if (recorder->own)
		kalloc_explain_stop();
	free(recorder->own);
	free(recorder->steps.text);
	free(recorder->areas.text);
	events_fini(&recorder->events);
	slabs_fini(&recorder->slabs);
	lists_fini(&recorder->lists);
	frames_fini(&recorder->frames);
	caches_seen_fini(&recorder->caches);
	zones_fini(&recorder->zones);
	free(recorder);
}

int recorder_close(struct recorder *recorder, bool keep)
{
	struct json_piece document;
	int err = 0;

	if (!recorder)
		return 0;
	if (keep && recorder->events.nr_ops != recorder->last_op)
		recorder_step(recorder, "end");
	json_piece_begin(&document);
	write_document(recorder, &document.json);
	json_piece_end(&document);
	if (!keep) {
		output_drop(recorder->file);
	} else if (page_file_finish(recorder->file, document.text, document.len)) {
		fprintf(stderr, "%s: --report=%s: %s\n", recorder->setup.command,
			recorder->setup.path, strerror(errno));
		err = -1;
	}
	free(document.text);
	forget(recorder);
	return err;
}

/* --- options -------------------------------------------------------------- */

enum {
	OPTION_REPORT = 0x5200,
	OPTION_EVERY,
	OPTION_CACHES
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct recorder_setup *setup = state->input;
	char *end;

	switch (key) {
	case OPTION_REPORT:
		setup->path = arg;
		return 0;
	case OPTION_EVERY:
		errno = 0;
		setup->every = strtoul(arg, &end, 10);
		if (end == arg || *end || arg[0] == '-' || errno || !setup->every)
			argp_error(state, "--report-every=%s: not a number above 0", arg);
		return 0;
	case OPTION_CACHES:
		setup->caches = arg;
		return 0;
	case ARGP_KEY_END:
		if ((setup->every || setup->caches) && !setup->path)
			argp_error(state, "--report-%s: no --report to write to",
				   setup->every ? "every" : "caches");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp recorder_argp = {
	.options =
		(const struct argp_option[]){
			{ "report", OPTION_REPORT, "FILE.html", 0,
			  "Write a page that shows what happened, to be opened in a browser", 0 },
			{ "report-every", OPTION_EVERY, "N", 0,
			  "Look at the machine every N operations, not 200 times in all", 0 },
			{ "report-caches", OPTION_CACHES, "NAME,...", 0,
			  "Show slabs of these caches, besides those with the most pages", 0 },
			{ 0 },
		},
	.parser = parse,
};
