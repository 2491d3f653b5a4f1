/* SPDX-License-Identifier: MIT */
/*
 * Recorder: watches the current machine while a command works on it and writes a report,
 * one HTML file that shows what happened (docs/report.md).
 *
 * A command has the options of recorder_argp as a child of its own, calls recorder_open()
 * once its machine is entered, tells of each operation, and closes:
 *
 *	struct recorder *recorder = recorder_open(&setup);
 *	recorder_traced(recorder, &event);	what the machine recorded meanwhile, before
 *	recorder_event(recorder, &event);	after each operation
 *	recorder_failure(recorder, &failure);	if it failed
 *	recorder_step(recorder, "label");	wherever the machine is worth a look
 *	status = recorder_close(recorder);
 *
 * A *step* is the state of the whole machine at one moment. Steps are taken where the
 * command says, and every so many operations. Without a report asked for the recorder is
 * NULL, and all of these do nothing.
 *
 * The report appears when all of it has been written; what was in its place stays until
 * then. Taking steps changes nothing in the machine.
 */
#ifndef TOOLS_RECORDER_H
#define TOOLS_RECORDER_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include <kalloc/explain.h>
#include <kalloc/trace.h>

struct recorder;

/* What the options say, and what the command adds. */
struct recorder_setup {
	const char *path;     /* of the report; NULL: none is wanted */
	const char *source;   /* the file that the command reads, which stays; NULL: none */
	unsigned long every;  /* operations from step to step; 0: as fits */
	const char *caches;   /* names, separated by commas, whose slabs are shown in any case */
	const char *command;  /* "kalloc replay" */
	const char *title;    /* what was done */
	unsigned long nr_ops; /* how many will come; 0: not known */
	const struct kalloc_explain *record; /* of the thread; NULL: the recorder gives one */
};

/* --report and its like; the input is a struct recorder_setup. */
extern const struct argp recorder_argp;

/* A text that need not be terminated; NULL: none. */
struct recorder_text {
	const char *text;
	size_t len;
};

#define RECORDER_NO_PFN (~0ul)

/* An operation. */
struct recorder_event {
	struct recorder_text what;  /* "kmalloc" */
	struct recorder_text owner; /* the cache or the like */
	struct recorder_text site;  /* who asked */
	int cpu;		    /* -1: not known */
	const void *object;	    /* NULL: frames, or nothing */
	unsigned long pfn;
	int order; /* -1: it is no block of frames */
	unsigned long bytes;
	gfp_t gfp;
	bool has_gfp;
	bool failed;
};

/* A request that got nothing. */
struct recorder_failure {
	const struct recorder_event *event;
	unsigned int order; /* of the frames that were missing */
};

/*
 * How many of the failures are told of one by one, how many events are kept, and how many of the
 * machine's own.
 */
#define RECORDER_FAILURES 64
#define RECORDER_EVENTS	  4096
#define RECORDER_TRACED	  16384

/*
 * Begin a report of the current machine, with a step. *@recorder is NULL if none is wanted.
 * Return: 0, or -1 after a message: the file cannot be made, or is the one that is read, or the
 * machine is too large.
 */
int recorder_open(struct recorder **recorder, const struct recorder_setup *setup);

void recorder_event(struct recorder *recorder, const struct recorder_event *event);

/* An event of the machine's, which is part of the operation that is told of next. */
void recorder_traced(struct recorder *recorder, const struct kalloc_trace_event *event);

/*
 * To be called while the thread's record still has that request. Takes a step, too, so that
 * the state at that moment can be looked at.
 */
void recorder_failure(struct recorder *recorder, const struct recorder_failure *failure);

/* @label: a few words, or NULL. */
void recorder_step(struct recorder *recorder, const char *label);

/*
 * Take the last step and write the file; with @keep false forget all instead.
 * Return: 0, or -1 after a message.
 */
int recorder_close(struct recorder *recorder, bool keep);

#endif
