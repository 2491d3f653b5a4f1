/* SPDX-License-Identifier: MIT */
/*
 * A text file read line by line, plain or compressed (known by its first bytes,
 * not by its name).
 *
 * Errors stick: after the first one source_line() returns NULL for good and
 * source_error() has the message, which names the file and, where one is to
 * blame, the line.
 */
#ifndef TOOLS_SOURCE_H
#define TOOLS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#define SOURCE_LINE_MAX 65536

struct source;

/* Never NULL; a file that cannot be read has source_error() set. */
struct source *source_open(const char *path);

void source_close(struct source *source);

/*
 * Return: the next line without its newline, valid until the next call; NULL at
 * the end and on an error.
 */
const char *source_line(struct source *source);

/* Return: the message of the first error, or NULL. */
const char *source_error(const struct source *source);

/* Set the message "PATH: line N: ..." unless there is one already. */
void source_fail(struct source *source, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True if the line last returned ended with the file, not with a newline. */
bool source_cut(const struct source *source);

/* The part of the file that has been read, 0 to 1. */
double source_fraction(const struct source *source);

#endif
