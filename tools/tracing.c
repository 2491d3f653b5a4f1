/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "commands.h"
#include "output.h"
#include "same_file.h"
#include "tracing.h"
#include "text_file.h"

#define ALL_EVENTS "*:*"
#define TRACE_FILE "/sys/kernel/tracing/trace"

/* Of each CPU: what many calls record between two tracing_poll(). */
#define RING_BYTES (32u << 20)

/* No letters, which are the command's own. */
enum {
	KEY_TRACE = 0x100,
	KEY_PERFETTO,
	KEY_EVENTS
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tracing *tracing = state->input;

	switch (key) {
	case KEY_TRACE:
		tracing->trace_path = arg;
		return 0;
	case KEY_PERFETTO:
		tracing->perfetto_path = arg;
		return 0;
	case KEY_EVENTS:
		tracing->events = arg;
		return 0;
	case ARGP_KEY_END:
		if (tracing->events && !tracing->trace_path && !tracing->perfetto_path)
			argp_error(state, "--events: no --trace or --perfetto to write them to");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Recording:", 1 },
	{ "trace", KEY_TRACE, "FILE", 0,
	  "Write what the machine does as ftrace text, to be replayed", 1 },
	{ "perfetto", KEY_PERFETTO, "FILE", 0, "Write it as JSON for ui.perfetto.dev", 1 },
	{ "events", KEY_EVENTS, "LIST", 0, "Only these: 'kmem:kmalloc,vmscan:*' (all)", 1 },
	{ 0 },
};

const struct argp tracing_argp = { .options = options, .parser = parse };

static bool is_wanted(const struct tracing *tracing)
{
	return tracing->trace || tracing->json || tracing->recorder;
}

static void fail(struct tracing *tracing, const char *what, const char *why)
{
	if (!tracing->failed)
		fprintf(stderr, "%s: %s: %s\n", tracing->who, what, why);
	tracing->failed = true;
}

/* @other: what is being written already, or NULL. */
static struct output *file_open(struct tracing *tracing, const char *path, const char *other)
{
	struct output *file = NULL;
	const char *why = NULL;

	if (!path)
		return NULL;
	if (same_file(path, tracing->source))
		why = "it is what is read";
	else if (same_file(path, tracing->report))
		why = "it is the report, too";
	else if (same_file(path, other))
		why = "it is the other recording, too";
	else if (!(file = output_open(path)))
		why = strerror(errno);
	if (why)
		fail(tracing, path, why);
	return file;
}

/* To be called right after something was written. */
static void file_check(struct tracing *tracing, struct output *file, const char *path)
{
	if (ferror(output_stream(file)))
		fail(tracing, path, strerror(errno));
}

static void file_close(struct tracing *tracing, struct output *file, const char *path)
{
	/* What was written before may only fail now. */
	if (file && output_finish(file))
		fail(tracing, path, strerror(errno));
}

/* Nothing is recorded: what was there stays. */
static int begin_failed(struct tracing *tracing, int status)
{
	if (tracing->trace)
		output_drop(tracing->trace);
	if (tracing->json)
		output_drop(tracing->json);
	tracing->trace = tracing->json = NULL;
	return status;
}

/* The file's comments: nothing was recorded yet. */
static void write_heading(const struct tracing *tracing)
{
	char *heading = text_file_read(TRACE_FILE);

	fputs(heading ? heading : "", output_stream(tracing->trace));
	free(heading);
}

static void begin_files(struct tracing *tracing)
{
	if (tracing->trace)
		write_heading(tracing);
	if (tracing->json) {
		char *cmdline = text_file_read("/proc/cmdline");

		if (cmdline)
			cmdline[strcspn(cmdline, "\n")] = '\0';
		perfetto_begin(&tracing->perfetto, output_stream(tracing->json),
			       cmdline ? cmdline : "");
		free(cmdline);
	}
}

int tracing_begin(struct tracing *tracing, const char *who)
{
	const char *events = tracing->events ? tracing->events : ALL_EVENTS;
	int err;

	tracing->who = who;
	tracing->failed = false;
	tracing->trace = file_open(tracing, tracing->trace_path, NULL);
	tracing->json = file_open(tracing, tracing->perfetto_path, tracing->trace_path);
	if (tracing->failed)
		return begin_failed(tracing, STATUS_FAILED);
	if (!is_wanted(tracing))
		return STATUS_OK;
	err = kalloc_trace_resize(RING_BYTES);
	kalloc_write(TRACE_FILE, "");
	begin_files(tracing);
	if (!err)
		err = kalloc_trace_start(events);
	if (!err)
		return STATUS_OK;
	fail(tracing, events, err == -EINVAL ? "names no event" : strerror(-err));
	return begin_failed(tracing, err == -EINVAL ? STATUS_USAGE : STATUS_FAILED);
}

static void write_event(void *ctx, const struct kalloc_trace_event *event)
{
	struct tracing *tracing = ctx;
	char line[2048];

	recorder_traced(tracing->recorder, event);
	if (tracing->trace) {
		kalloc_trace_show(event, line, sizeof(line));
		fprintf(output_stream(tracing->trace), "%s\n", line);
		file_check(tracing, tracing->trace, tracing->trace_path);
	}
	if (tracing->json) {
		perfetto_event(&tracing->perfetto, event);
		file_check(tracing, tracing->json, tracing->perfetto_path);
	}
}

void tracing_poll(struct tracing *tracing)
{
	if (!is_wanted(tracing))
		return;
	if (kalloc_trace_drain(write_event, tracing) < 0)
		fail(tracing, "recording", "no memory to read the rings");
}

int tracing_end(struct tracing *tracing)
{
	unsigned long long lost;
	char what[64];

	if (!is_wanted(tracing))
		return tracing->failed ? STATUS_FAILED : STATUS_OK;
	kalloc_trace_stop();
	tracing_poll(tracing);
	lost = kalloc_trace_lost();
	/* A page shows the last ones only. */
	if (lost && (tracing->trace || tracing->json)) {
		snprintf(what, sizeof(what), "recording: %llu events", lost);
		fail(tracing, what, "lost, overwritten before they were written");
	}
	if (tracing->json)
		perfetto_end(&tracing->perfetto);
	file_close(tracing, tracing->trace, tracing->trace_path);
	file_close(tracing, tracing->json, tracing->perfetto_path);
	tracing->trace = tracing->json = NULL;
	tracing->recorder = NULL;
	return tracing->failed ? STATUS_FAILED : STATUS_OK;
}
