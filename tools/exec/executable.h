/* SPDX-License-Identifier: MIT */
/*
 * A program that is to be run with another malloc(): where it is, and whether the dynamic
 * linker can give it one. What is no ELF file is a script, and its interpreter is not
 * looked at.
 */
#ifndef EXEC_EXECUTABLE_H
#define EXEC_EXECUTABLE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct executable {
	char path[PATH_MAX]; /* "" if it is not found */
	int error;	     /* then, why: ENOENT, EACCES or ENAMETOOLONG */
	const char *unfit;   /* why it cannot be given one; NULL: it can, or is not found */
};

/* @name: as execvp() takes it. */
struct executable executable_find(const char *name);

/* Why a file of these bytes cannot be given one; NULL: it can. It may be damaged in any way. */
const char *executable_unfit(const void *bytes, size_t size);

/* Whether a file is a library, or a program, of our word size that has a malloc(). */
bool executable_has_malloc(const char *path);

#endif
