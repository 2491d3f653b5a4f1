/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"
#include "source.h"

struct log *log_open(const char *path)
{
	struct log *log = memory_new(1, sizeof(*log));

	log->source = source_open(path);
	return log;
}

void log_close(struct log *log)
{
	source_close(log->source);
	states_fini(&log->states);
	marks_fini(&log->marks);
	free(log->cmdline);
	free(log);
}

const char *log_error(const struct log *log)
{
	return source_error(log->source);
}

double log_fraction(const struct log *log)
{
	return source_fraction(log->source);
}

/* Return: the word behind @mark if @line is such a line, or NULL. */
static const char *marked(const char *line, const char *mark)
{
	size_t len = strlen(mark);

	return strncmp(line, mark, len) == 0 ? line + len : NULL;
}

static void read_mark(struct log *log, const char *line)
{
	enum log_section section = log->section;
	const char *name;

	if ((name = marked(line, "@@STATE ")) && section == LOG_BETWEEN) {
		states_begin(&log->states, name);
		log->section = LOG_IN_STATE;
	} else if ((name = marked(line, "@@FILE ")) && section == LOG_IN_STATE) {
		states_file(&log->states, name);
	} else if (strcmp(line, "@@ENDSTATE") == 0 && section == LOG_IN_STATE) {
		log->section = LOG_BETWEEN;
	} else if (strcmp(line, "@@TRACE") == 0 && section == LOG_BETWEEN) {
		log->section = LOG_IN_TRACE;
	} else if (strcmp(line, "@@ENDTRACE") == 0 && section == LOG_IN_TRACE) {
		log->section = LOG_BETWEEN;
	} else {
		source_fail(log->source, "'%.40s' is unknown or out of place here", line);
	}
}

/* "# kalloc: frame 0 at 0x7f..., booted with: ...", which this library's recorder writes. */
static void read_machine(struct log *log, const char *line)
{
	static const char booted[] = ", booted with: ";
	unsigned long long linear;
	const char *cmdline = strstr(line, booted);

	if (!cmdline || log->cmdline || sscanf(line, "# kalloc: frame 0 at %llx", &linear) != 1)
		return;
	cmdline += sizeof(booted) - 1;
	log->linear = linear;
	log->cmdline = memory_text(cmdline, strlen(cmdline));
}

static void read_heading(struct log *log, const char *line)
{
	const char *cpus = strstr(line, "#P:");

	read_machine(log, line);

	if (cpus)
		log->nr_cpus = (unsigned int)strtoul(cpus + 3, NULL, 10);
	sscanf(line, "# entries-in-buffer/entries-written: %llu/%llu", &log->buffered,
	       &log->written);
}

/* Lines that trace text may have between events: blank, and perf's call chains. */
static bool is_filler(const char *line)
{
	size_t blanks = strspn(line, " \t");

	if (line[blanks] == '\0')
		return true;
	return blanks && strspn(line + blanks, "0123456789abcdef") >= 8;
}

/* Return: true if @event is one to hand out. */
static bool read_trace_line(struct log *log, const char *line, struct trace_event *event)
{
	const char *wrong = trace_parse(line, event);

	if (line[0] == '#') {
		read_heading(log, line);
		return false;
	}
	if (wrong) {
		source_fail(log->source, "malformed event, %s: '%.200s'", wrong,
			    event->name.text ? event->name.text : line);
		return false;
	}
	if (event->kind == TRACE_LOST) {
		log->lost += event->lost;
		return false;
	}
	if (event->kind == TRACE_TEXT) {
		if (log->section != LOG_BEGIN && !is_filler(line))
			source_fail(log->source, "malformed event line: '%.200s'", line);
		return false;
	}
	if (source_cut(log->source)) {
		source_fail(log->source, "the file ends in the middle of this line: truncated");
		return false;
	}
	if (log->section == LOG_BEGIN)
		log->section = LOG_ALL_TRACE;
	marks_take(&log->marks, event);
	log->events++;
	if (event->kind != TRACE_UNKNOWN)
		log->memory_events++;
	return true;
}

static int finish(struct log *log)
{
	if (log->section == LOG_IN_STATE || log->section == LOG_IN_TRACE)
		source_fail(log->source, "the file ends inside %s: truncated",
			    log->section == LOG_IN_STATE ? "@@STATE, before @@ENDSTATE"
							 : "@@TRACE, before @@ENDTRACE");
	else if (log->memory_events == 0)
		source_fail(log->source, "no kmem event in this file");
	return log_error(log) ? -1 : 0;
}

int log_next(struct log *log, struct trace_event *event)
{
	const char *line;

	while ((line = source_line(log->source))) {
		if (marked(line, "@@") && log->section != LOG_ALL_TRACE) {
			if (log->section == LOG_BEGIN)
				log->section = LOG_BETWEEN;
			read_mark(log, line);
		} else if (log->section == LOG_IN_STATE) {
			if (!states_line(&log->states, line))
				source_fail(log->source,
					    "a line of @@STATE before its first @@FILE");
		} else if (log->section != LOG_BETWEEN) {
			if (read_trace_line(log, line, event))
				return 1;
		}
	}
	return log_error(log) ? -1 : finish(log);
}
