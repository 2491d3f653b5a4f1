/* SPDX-License-Identifier: MIT */
/* Machines of a shape's choosing, in place of the default one. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <kalloc/kalloc.h>

/* Boot by this command line, with %ld for @n. Value: the machine; does not return without. */
struct kalloc_machine *machine_boot(const char *format, long n)
	__attribute__((__format__(__printf__, 1, 0)));

/* The same, as the thread's current machine. */
void machine_enter(const char *format, long n) __attribute__((__format__(__printf__, 1, 0)));

#endif
