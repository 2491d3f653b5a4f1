/* SPDX-License-Identifier: MIT */
/*
 * Process: which memory the process's malloc() stands on, from its first call to its end.
 *
 *   DOWN     nothing yet: the first call boots the machine. What is asked for meanwhile, or
 *            before there is an environment, is early (early.h); the C library sets it when the
 *            dynamic linker has put everything in place, thread-local memory, too
 *   PLAIN    the machine
 *   WATCHED  the machine, and every call is counted: for a report, or since its objects
 *            have red zones (heap.h)
 *   HOST     the C library's own malloc(), as the process has no room for a machine
 *
 * The state goes from DOWN to one of the others once, before there is a second thread: the
 * C library allocates before it starts one.
 *
 * Environment, as "kalloc exec" sets it:
 *   KALLOC_MALLOC         command line of the machine, behind PROCESS_CMDLINE
 *   KALLOC_MALLOC_STATS   if set, a line on standard error at the end of the process
 *   KALLOC_MALLOC_TRACE   if set, each call is among them (calls.h)
 *   KALLOC_MALLOC_REPORT  folder in which it leaves its files at the end (report.h)
 *
 * Without mem= and kalloc.nodes= the machine is as large as the first of a few sizes that
 * the process has address space for.
 */
#ifndef MALLOC_PROCESS_H
#define MALLOC_PROCESS_H

#include <stddef.h>

enum process_state {
	PROCESS_DOWN,
	PROCESS_PLAIN,
	PROCESS_WATCHED,
	PROCESS_HOST
};

#define PROCESS_CMDLINE "kalloc.ram=private"

/* Read it with process_is_plain() or process_enter(). */
extern enum process_state process_state __attribute__((visibility("hidden")));

static inline int process_is_plain(void)
{
	return __builtin_expect(process_state == PROCESS_PLAIN, 1);
}

/* The state, in which the machine is up if it can be; PROCESS_DOWN: serve this call early. */
enum process_state process_enter(void);

/* Boot the machine if it is not up: the C library is in place, whatever the environment is. */
void process_boot(void);

/* A request of @bytes has no memory: set errno, and say so. */
void process_refuse(size_t bytes);

/* The process is about to end: write what was asked for, once. */
void process_end(void);

#endif
