/* SPDX-License-Identifier: MIT */
/*
 * A session: what stays from statement to statement. Its machine, its variables, what it
 * holds, and what was expected of it.
 *
 * The machine is booted by the first statement that needs one, from SESSION_CMDLINE, or by
 * `boot` from that and the words behind it.
 */
#ifndef SCENARIO_SESSION_H
#define SCENARIO_SESSION_H

#include <stdbool.h>
#include <stdio.h>

#include <kalloc/explain.h>
#include <kalloc/kalloc.h>

#include "complaint.h"
#include "names.h"
#include "recorder.h"
#include "thing.h"
#include "tracing.h"
#include "value.h"

/*
 * Small, and the same in every run. Objects come back in the order of Linux 6.1, and what
 * /proc/slabinfo counts as in use is in use.
 */
#define SESSION_CMDLINE "mem=64M nr_cpus=1 kalloc.sheaves=off"

struct function;

/* How a session is to be run. */
struct session_options {
	const char *name; /* of the script, for messages */
	FILE *out, *err;
	FILE *answers;		      /* where `predict` reads; NULL: it does not ask */
	bool echo;		      /* the script's lines as they are reached */
	bool keep_going;	      /* past an expectation that failed */
	bool interactive;	      /* what a call returns is shown, and kept as `it` */
	bool may_leak;		      /* what is still held at the end is no failure */
	struct recorder_setup report; /* of the machine; of several, the last one */
	struct tracing tracing;	      /* likewise */
};

struct session {
	struct session_options options;
	struct kalloc_machine *machine;
	struct names names;	 /* of variables, and texts */
	struct value *variables; /* by the number of their names; NOTHING: never set */
	size_t nr_variables;
	struct things things;
	int line;			 /* of the statement under way */
	const struct function *function; /* that is being evaluated */
	struct complaint complaint;
	unsigned long nr_held, nr_failed; /* expectations */
	unsigned long nr_leaked;
	unsigned long random;
	struct recorder *recorder;     /* of the machine, or NULL */
	bool no_report;		       /* one could not be written, or a recording */
	struct kalloc_explain *record; /* of the last call */
	struct value gone;	       /* what the last call gave back, or NOTHING */
	char *said;		       /* the kernel's messages so far */
	size_t said_len, said_size;
	const char *text; /* the script's, for `echo` */
	int echoed;	  /* lines */
};

void session_init(struct session *session, const struct session_options *options);

/* Say what is still held, end the machine. */
void session_fini(struct session *session);

/* What is wrong, in the statement under way. Return: false. */
bool session_complain(struct session *session, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Print the complaint: "NAME:LINE: what is wrong". */
void session_report(const struct session *session);

/* Have a machine. Return: false after a complaint. */
bool session_need_machine(struct session *session);

/* Boot a machine from SESSION_CMDLINE and @words, in the place of the one there is. */
bool session_boot(struct session *session, const char *words);

/* End the machine, if there is one, after saying what is still held. */
void session_halt(struct session *session);

/* Let nothing that was recorded be lost. */
void session_poll(struct session *session);

struct value *session_variable(struct session *session, size_t number);

/* A text that lives as long as the session. */
const char *session_text(struct session *session, const char *text, size_t len);

/* Print the script's lines up to @line, if they are to be; the last of them not if @hide. */
void session_echo(struct session *session, int line, bool hide);

/* Print how many expectations held. */
void session_sum_up(const struct session *session);

/* 0: all went well; 1: an expectation failed, or something is left; see commands.h. */
int session_status(const struct session *session);

#endif
