/* SPDX-License-Identifier: MIT */
/*
 * Recording what a command does on its machine, as files: ftrace's text, which
 * 'kalloc replay' reads, and a file for Perfetto (perfetto.h); and for the page of a report
 * (recorder.h), if the command makes one.
 *
 * A command that offers this has tracing_argp among its children, with the struct tracing as
 * its input, and two calls: tracing_begin() once the machine is the current one, tracing_end()
 * before it is halted. Where many events may come in between it calls tracing_poll() now and
 * then, so that none are overwritten before they are written; and before each operation that
 * it tells the report of.
 */
#ifndef TOOLS_TRACING_H
#define TOOLS_TRACING_H

#include <argp.h>
#include <stdbool.h>

#include "output.h"
#include "perfetto.h"
#include "recorder.h"

struct tracing {
	/* The options. */
	const char *trace_path;	   /* --trace; NULL: none */
	const char *perfetto_path; /* --perfetto; NULL: none */
	const char *events;	   /* --events; NULL: all */

	const char *source;	   /* the file that the command reads, which stays; NULL: none */
	const char *report;	   /* the page that it will write; NULL: none */
	struct recorder *recorder; /* is told of the events, too; NULL: none */
	const char *who;	   /* for messages */
	struct output *trace;	   /* take their places at the end, see output.h */
	struct output *json;
	struct perfetto perfetto;
	bool failed; /* a message was printed */
};

/* The options, to be parsed as a child. */
extern const struct argp tracing_argp;

/*
 * Open the files that the options name and record the current machine from now on; without
 * options, nothing. @who begins messages. Return: the exit status (commands.h), after a
 * message if it is not 0.
 */
int tracing_begin(struct tracing *tracing, const char *who);

/* Write what was recorded. */
void tracing_poll(struct tracing *tracing);

/* Write the rest, record nothing any more and close the files. Return: likewise. */
int tracing_end(struct tracing *tracing);

#endif
