/* SPDX-License-Identifier: MIT */
/*
 * One round of a program's shapes: each in a child process, one line each on standard
 * output, "NAME<tab>VALUE". The value is "-" where there is no such thing here, and
 * "failed" if the child did not end well; then the exit status is 1.
 *
 * usage: PROGRAM --list | PROGRAM --malloc | PROGRAM MS SHAPE...
 *
 * MS is the CPU time that a shape's loop is to take. --malloc prints which file malloc
 * comes from, so that a preloaded one is known to be there.
 */
#include <dlfcn.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shape.h"

void shape_fail(const char *why)
{
	fprintf(stderr, "%s\n", why);
	_exit(1);
}

static const struct shape *shape_find(const char *name)
{
	for (const struct shape *s = shapes; s->name; s++) {
		if (!strcmp(s->name, name))
			return s;
	}
	return NULL;
}

/* To the last CPU that this process may use: the first has the most to do besides. */
static void pin(void)
{
	cpu_set_t allowed, one;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	CPU_ZERO(&one);
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
		if (CPU_ISSET(cpu, &allowed)) {
			CPU_SET(cpu, &one);
			sched_setaffinity(0, sizeof(one), &one);
			return;
		}
	}
}

static void run_here(const struct shape *shape)
{
	double value;

	if (!shape->free_to_move)
		pin();
	value = shape->measure(shape);
	if (isnan(value))
		printf("%s\t-\n", shape->name);
	else
		printf("%s\t%.4f\n", shape->name, value);
	fflush(stdout);
	_exit(0); /* what the shape leaves behind is not measured, nor worth cleaning up */
}

static bool run_apart(const struct shape *shape)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		run_here(shape);
	if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
		return true;
	printf("%s\tfailed\n", shape->name);
	return false;
}

static int list(void)
{
	for (const struct shape *s = shapes; s->name; s++)
		puts(s->name);
	return 0;
}

static int show_malloc(void)
{
	Dl_info where;
	void *(*function)(size_t) = malloc;
	void *address;

	memcpy(&address, &function, sizeof(address));
	if (!dladdr(address, &where))
		return 1;
	puts(where.dli_fname);
	return 0;
}

int main(int argc, char **argv)
{
	bool ok = true;

	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	if (argc == 2 && !strcmp(argv[1], "--malloc"))
		return show_malloc();
	if (argc < 3 || atof(argv[1]) <= 0) {
		fprintf(stderr, "usage: %s --list | --malloc | MS SHAPE...\n", argv[0]);
		return 2;
	}
	budget_ns = atof(argv[1]) * 1e6;
	for (int i = 2; i < argc; i++) {
		const struct shape *shape = shape_find(argv[i]);

		if (!shape) {
			fprintf(stderr, "%s: no shape %s\n", argv[0], argv[i]);
			return 2;
		}
		ok = run_apart(shape) && ok;
	}
	return !ok;
}
