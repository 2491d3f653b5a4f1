/* SPDX-License-Identifier: MIT */
/*
 * A trace file as a stream of events. It is either trace text from its first
 * line to its last, or a log whose sections say what their lines are:
 *
 *   @@STATE name ... @@ENDSTATE   the kernel's own files (states.h)
 *   @@TRACE ... @@ENDTRACE        trace text
 *
 * Which of the two is decided by the first line that is an event or begins with
 * "@@"; lines before it (a heading, the console's chatter) are passed over, and
 * so are lines between sections.
 */
#ifndef TOOLS_LOG_H
#define TOOLS_LOG_H

#include <stdbool.h>

#include "marks.h"
#include "states.h"
#include "trace.h"

struct source;

enum log_section {
	LOG_BEGIN,
	LOG_BETWEEN,
	LOG_IN_STATE,
	LOG_IN_TRACE,
	LOG_ALL_TRACE
};

struct log {
	struct source *source;
	enum log_section section;
	struct states states;
	struct marks marks;
	char *cmdline;	      /* of a machine of this library, whose recording it is; else NULL */
	uint64_t linear;      /* where that had frame 0 */
	unsigned int nr_cpus; /* "#P:" of the heading, 0 if there was none */
	unsigned long long buffered; /* "entries-in-buffer/entries-written" */
	unsigned long long written;
	unsigned long long lost;   /* events that the recorder says it lost */
	unsigned long long events; /* of any kind, so far */
	unsigned long long memory_events;
};

struct log *log_open(const char *path);
void log_close(struct log *log);

/*
 * Return: 1 with @event filled (its spans hold until the next call); 0 at the
 * end; -1 on an error, log_error() says which.
 */
int log_next(struct log *log, struct trace_event *event);

const char *log_error(const struct log *log);
double log_fraction(const struct log *log);

#endif
