/* SPDX-License-Identifier: MIT */
/*
 * A file that is written whole or not at all: beside its place, and put there when all of it
 * is written. What was there before stays until then. A link's target is what is replaced; a
 * pipe or a device, which cannot be, is written itself, and so is, after what is there, the
 * file that standard output or standard error goes to.
 */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdio.h>

struct output;

/* Make sure that @path can be written. Return: NULL with errno set. */
struct output *output_open(const char *path);

/* Where to write. */
FILE *output_stream(struct output *output);

/*
 * Put it in place, unless an error of the stream says that it is not whole. Return: 0, or -1
 * with errno set and everything as it was. Either way @output is gone.
 */
int output_finish(struct output *output);

/* Leave everything as it was, errno too. */
void output_drop(struct output *output);

#endif
