/* SPDX-License-Identifier: MIT */
/*
 * Recording what the allocators of a machine do: the events of Linux 6.1's tracepoints
 * kmem:*, compaction:* and vmscan:*, each CPU's in a ring of its own.
 *
 * What is recorded can be had as ftrace's text, by kalloc_read() from
 * "/sys/kernel/tracing/trace" and the files around it (README.md lists them), or event by
 * event with kalloc_trace_drain(). Recording begins with the machine if its command line has
 * trace_event=, or with kalloc_trace_start(), or by kalloc_write() to set_event or an
 * `enable` file. A machine that nobody records does not ask about events on its hot paths.
 *
 * All of it is about the calling thread's current machine; other threads that use it are
 * recorded, too. Nobody gets another object or frame for being recorded.
 */
#ifndef KALLOC_TRACE_H
#define KALLOC_TRACE_H

#include <kalloc/types.h>

KALLOC_BEGIN_DECLS

/* The most fields that an event has. */
#define KALLOC_TRACE_FIELDS 16

enum kalloc_trace_value {
	KALLOC_TRACE_NUMBER, /* shown in decimal, with a sign where it can have one */
	KALLOC_TRACE_WORD,   /* shown as a word: an address, flags, a name, yes or no */
	KALLOC_TRACE_HIDDEN, /* not part of the text */
};

struct kalloc_trace_field {
	const char *name; /* as it stands in the text */
	unsigned char as; /* enum kalloc_trace_value */
	long long value;  /* of a name: its number, which means nothing outside */
};

/* An event as it was recorded. */
struct kalloc_trace_event {
	const char *group;	 /* "kmem", "compaction", "vmscan"; "ftrace" for a mark */
	const char *name;	 /* "kmalloc"; "tracing_mark_write" for a mark */
	unsigned long long time; /* nanoseconds since the host booted; a count, with the clock
				    "counter" */
	unsigned int cpu;
	int pid;		    /* the thread's own number */
	char comm[16];		    /* its name (kalloc_task()), as it was last */
	unsigned int preempt_depth; /* of atomic sections it was in, at most 15 */
	bool in_irq;
	unsigned int nr_fields;
	struct kalloc_trace_field fields[KALLOC_TRACE_FIELDS];

	const void *source; /* the library's own */
};

/**
 * kalloc_trace_start() - record events from now on, these and no others
 * @events: names separated by commas or blanks: "kmem:kmalloc", "kmem:*", "vmscan",
 *	"mm_page_*"; "!" before a name takes events out again. As in set_event of Linux,
 *	a word without a colon means a group or events of any group
 *
 * What was recorded before stays. May sleep; not from within a callback of the library's.
 *
 * Return: 0; -EINVAL if @events is NULL or a word means no event; -ENOMEM if the host has
 * no address space for the rings. Nothing is changed by an error.
 */
KALLOC_API int kalloc_trace_start(const char *events) KALLOC_MUST;

/**
 * kalloc_trace_stop() - record nothing from now on
 *
 * What was recorded stays and can be read. May sleep.
 */
KALLOC_API void kalloc_trace_stop(void);

/**
 * kalloc_trace_resize() - set how much is kept
 * @bytes: of each CPU's ring; rounded up to a power of 2 from 4 KiB to 1 GiB. An event takes
 *	128 bytes, so 2 MiB, the default, are the last 16384
 *
 * Address space is reserved for all CPUs; the host commits it as it is written to. What was
 * recorded is gone, unless the size stays the same. May sleep.
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
KALLOC_API int kalloc_trace_resize(size_t bytes) KALLOC_MUST;

/**
 * kalloc_trace_drain() - take what was recorded
 * @visit: called for each event, oldest first; with no lock held, so that it may allocate.
 *	What it is given holds until it returns
 * @ctx: handed to @visit
 *
 * What was recorded until the call is taken out of the rings; two threads that call it at
 * once get different events. Each thread's events come in their order, and those of all CPUs
 * in the order of time; but if threads share a CPU, one that was held up while it recorded may
 * have an event stand before others that have an earlier time. May sleep.
 *
 * Return: how many events there were; -EINVAL if @visit is NULL, -ENOMEM.
 */
KALLOC_API long kalloc_trace_drain(void (*visit)(void *ctx, const struct kalloc_trace_event *event),
				   void *ctx);

/**
 * kalloc_trace_lost() - how many events were overwritten before anybody read them
 *
 * Since recording began, the rings were resized or cleared. May sleep.
 */
KALLOC_API unsigned long long kalloc_trace_lost(void);

/**
 * kalloc_trace_show() - an event as a line of ftrace's text
 * @event: what a visitor was given
 * @buf: receives the line without its newline, terminated if @size > 0; may be NULL if
 *	@size is 0. An event of an object may need a mark before it (README.md): then there
 *	are two lines, with a newline between
 * @size: bytes in @buf
 *
 * May take the dynamic linker's lock, to find names of functions.
 *
 * Return: length of the whole text, as snprintf does.
 */
KALLOC_API int kalloc_trace_show(const struct kalloc_trace_event *event, char *buf, size_t size);

/**
 * kalloc_trace_show_field() - the value of one field as it stands in the text
 * @event: what a visitor was given
 * @index: of the field
 * @buf: receives it, as in kalloc_trace_show()
 * @size: bytes in @buf
 *
 * Return: length of the whole text, as snprintf does; -EINVAL if there is no such field.
 */
KALLOC_API int kalloc_trace_show_field(const struct kalloc_trace_event *event, unsigned int index,
				       char *buf, size_t size);

/**
 * kalloc_trace_mark() - put a text between the events
 * @text: what happens next; shown as "tracing_mark_write: <text>". A text of more than 103
 *	bytes becomes several marks
 *
 * As a write to trace_marker does in Linux; recorded whichever events are, unless
 * tracing_on is 0. May sleep.
 *
 * Return: 0; -EINVAL if @text is NULL; -ENOMEM.
 */
KALLOC_API int kalloc_trace_mark(const char *text);

KALLOC_END_DECLS

#endif
