/* SPDX-License-Identifier: MIT */
/*
 * Report: what a watched process leaves behind.
 *
 *   KALLOC_MALLOC_STATS       a line on standard error at its end
 *   KALLOC_MALLOC_REPORT=DIR  DIR/NAME.PID/ with
 *       summary      counts (count.h), frames in use, the host's peak
 *       proc/...     the machine's files as they are then, as in a kernel
 *       trace        each call, if KALLOC_MALLOC_TRACE is set (calls.h)
 *       console      what the machine said, among it the report of each request that failed
 *
 * A process leaves it when it returns from main() or calls exit() or _exit(); not one that
 * a signal ends, nor what an exec replaces.
 *
 * Written with plain calls of the host: nothing here allocates.
 */
#ifndef MALLOC_REPORT_H
#define MALLOC_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* Read the environment, which the program may change later. Before the machine boots. */
void report_prepare(void);

bool report_is_wanted(void);

/* The machine is up: what it says, failed requests included, goes where it is wanted. */
void report_begin(void);

void report_write(void);

/*
 * A request of @bytes has failed: say so on standard error, once, if the machine has as many
 * at all.
 */
void report_failure(size_t bytes);

/* Open a file of this process's report to write to it. Return: -1 if it cannot be. */
int report_file_open(const char *name, int how);

/* Return: false if not all is written. */
bool report_write_all(int fd, const char *text, size_t len);

/* Print one line on standard error. */
void report_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
