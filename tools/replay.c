/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "commands.h"
#include "pagemap.h"
#include "progress.h"
#include "recorder.h"
#include "replay_record.h"
#include "report.h"
#include "slabinfo.h"
#include "text_file.h"
#include "tracing.h"

#define DEFAULT_CACHES 25

struct replay {
	struct plan_watch watch;
	struct progress progress;
	const char *path;
	const char *cmdline; /* given, or @derived from the trace */
	char derived[4096];
	enum pagemap_by map;
	unsigned long nr_caches;
	struct plan plan;
	struct recorder_setup page; /* of the report */
	struct tracing tracing;
	unsigned long traced_only; /* slab pages at the end of the first play, 0: not played */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct replay *replay = state->input;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &replay->page;
		state->child_inputs[1] = &replay->tracing;
		return 0;
	case 'c':
		replay->cmdline = arg;
		return 0;
	case 'm':
		if (pagemap_parse(arg, &replay->map))
			argp_error(state, "--map=%s: not type, order or none", arg);
		return 0;
	case 'n':
		replay->nr_caches = strtoul(arg, &end, 10);
		if (end == arg || *end || arg[0] == '-')
			argp_error(state, "--caches=%s: not a number", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (replay->path)
			argp_error(state, "'%s': one trace at a time", arg);
		replay->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!replay->path)
			argp_error(state, "no TRACE given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void update(struct plan_watch *watch, double fraction)
{
	struct replay *replay = (struct replay *)watch; /* its first member */

	progress_update(&replay->progress, fraction);
}

static int complain(struct replay *replay, const char *message)
{
	progress_end(&replay->progress);
	fprintf(stderr, "kalloc replay: %s\n", message);
	return STATUS_USAGE;
}

/* Read the trace once more and play it on the current machine, whose player is ready. */
static int play(struct replay *replay, struct player *player, struct recorder *recorder)
{
	struct log *log = log_open(replay->path);
	struct trace_event event;
	int got, status = STATUS_OK;

	progress_update(&replay->progress, 0);
	while ((got = log_next(log, &event)) > 0) {
		enum tally_reason reason = player_take(player, &event);

		if (recorder || log->events % 1024 == 0)
			tracing_poll(&replay->tracing);
		replay_record(recorder, player, &event, reason);
		if (log->events % 1024 == 0)
			progress_update(&replay->progress, log_fraction(log));
	}
	if (got < 0)
		status = complain(replay, log_error(log));
	log_close(log);
	return status;
}

static unsigned long slab_pages(void)
{
	char *slabinfo = text_file_read("/proc/slabinfo");
	unsigned long pages = slabinfo_pages(slabinfo);

	free(slabinfo);
	return pages;
}

static void report(struct replay *replay, const struct player *player)
{
	progress_end(&replay->progress);
	report_plan(&replay->plan, replay->path, replay->cmdline, stdout);
	report_events(player, stdout);
	report_files(&replay->plan, replay->nr_caches, stdout);
	pagemap_show(replay->map, stdout);
	fputc('\n', stdout);
	report_verdict(player, replay->traced_only, stdout);
}

/* The last play: with a page of it and a recording, if they are wanted, and a report. */
static int play_last(struct replay *replay, struct player *player)
{
	struct recorder *recorder;
	int status, written;

	if (recorder_open(&recorder, &replay->page))
		return STATUS_FAILED;
	replay->tracing.recorder = recorder;
	status = tracing_begin(&replay->tracing, "kalloc replay");
	if (status == STATUS_OK)
		status = play(replay, player, recorder);
	written = tracing_end(&replay->tracing);
	if (status == STATUS_OK)
		status = written;
	if (recorder_close(recorder, status == STATUS_OK))
		status = STATUS_FAILED;
	if (status == STATUS_OK)
		report(replay, player);
	return status;
}

/* Boot a machine, play the trace on it, and report if this is the @last play. */
static int round_of(struct replay *replay, bool born, bool last)
{
	struct kalloc_machine *machine = kalloc_boot(replay->cmdline);
	struct player player;
	int status;

	if (!machine) {
		progress_end(&replay->progress);
		fprintf(stderr, "kalloc replay: cannot boot a machine with '%s': %s\n",
			replay->cmdline, strerror(errno));
		return errno == ENOMEM ? STATUS_FAILED : STATUS_USAGE;
	}
	kalloc_enter(machine);
	player_init(&player, &replay->plan, born);
	if (last) {
		status = play_last(replay, &player);
	} else {
		status = play(replay, &player, NULL);
		replay->traced_only = slab_pages();
	}
	player_fini(&player);
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return status;
}

static int run(struct replay *replay)
{
	char *message;
	int status;

	progress_begin(&replay->progress, "replay", 4);
	message = plan_make(&replay->plan, replay->path, &replay->watch);
	if (message) {
		status = complain(replay, message);
		free(message);
		return status;
	}
	if (!replay->cmdline) {
		plan_cmdline(&replay->plan, replay->derived, sizeof(replay->derived));
		replay->cmdline = replay->derived;
	}
	replay->page.title = replay->path;
	replay->page.nr_ops = replay->plan.nr_events;
	replay->page.source = replay->path;
	replay->tracing.source = replay->path;
	replay->tracing.report = replay->page.path;
	/* Born objects are known only where the log tells; without them one play is enough. */
	if (replay->plan.has_before) {
		status = round_of(replay, false, false);
		if (status != STATUS_OK)
			return status;
	}
	return round_of(replay, replay->plan.has_before, true);
}

int command_replay(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "cmdline", 'c', "CMDLINE", 0,
		  "Boot this machine instead of one like the traced one", 0 },
		{ "map", 'm', "BY", 0, "Page map by type (the default), by order, or none", 0 },
		{ "caches", 'n', "N", 0, "Show the N caches with the most pages (25); 0 for all",
		  0 },
		{ 0 },
	};
	static const struct argp_child children[] = {
		{ &recorder_argp, 0, NULL, 0 },
		{ &tracing_argp, 0, NULL, 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.args_doc = "TRACE",
		.doc = "Replay the allocations of a Linux kernel, as its kmem:* trace events tell "
		       "them.\v"
		       "TRACE is text: ftrace's 'trace' file, the output of 'perf script', or a log "
		       "with @@STATE and @@TRACE sections; plain, gzip or xz. It is read several "
		       "times: twice to learn about it, then to play it.\n\n"
		       "Objects go through the slab allocator, pages that no object owns through the "
		       "page allocator. Events of other kinds are counted and skipped.",
	};
	struct replay replay = { .watch.update = update,
				 .map = PAGEMAP_TYPE,
				 .nr_caches = DEFAULT_CACHES,
				 .page.command = "kalloc replay" };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &replay);
	status = run(&replay);
	plan_fini(&replay.plan);
	return status;
}
