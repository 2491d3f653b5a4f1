/* SPDX-License-Identifier: MIT */
/* What the parts of the program "exercise" share, and what its other files do. */
#ifndef MALLOC_EXERCISE_H
#define MALLOC_EXERCISE_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MIB (1UL << 20)

static inline _Noreturn void wrong_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "line %d of %s: not so: %s\n", line, file, what);
	_exit(1);
}

#define HOLDS(condition)                                          \
	do {                                                      \
		if (!(condition))                                 \
			wrong_at(__FILE__, __LINE__, #condition); \
	} while (0)

/* The end of a case whose threads go on for ever. */
static inline _Noreturn void good_at_once(const char *name)
{
	printf("%s: good\n", name);
	fflush(stdout);
	_exit(0);
}

/* The compiler is not to know what malloc() does. */
static void *(*volatile alloc)(size_t size) = malloc;

/* All that one thread asks of malloc() and its relatives (exercise_family.c). */
void family(void);

#endif
