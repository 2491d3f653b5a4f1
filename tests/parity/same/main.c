/* SPDX-License-Identifier: MIT */
/*
 * The chapters against libkalloc, on a machine like the one that the kernel is given.
 *
 * usage: same [COMMAND-LINE [CHAPTER]]
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <kalloc/kalloc.h>

#include "same.h"

void same_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void same_read(const char *path, char *buf, size_t size)
{
	if (kalloc_read(path, buf, size) >= (long)size) {
		fprintf(stderr, "same: %s has more than %zu bytes\n", path, size);
		exit(1);
	}
}

/* The machine has no areas but this program's; only the caller has to be passed over. */
const char *same_own_area(const char *line)
{
	const char *caller = strstr(line, " 0x");

	return caller ? strchr(caller + 1, ' ') : NULL;
}

int main(int argc, char **argv)
{
	struct kalloc_machine *machine =
		kalloc_boot(argc > 1 ? argv[1] : "mem=256M nr_cpus=1 slab_nomerge");

	if (!machine)
		return 1;
	kalloc_enter(machine);
	same_chapters(argc > 2 ? argv[2] : NULL);
	kalloc_halt(machine);
	return 0;
}
