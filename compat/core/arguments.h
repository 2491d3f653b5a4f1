/* SPDX-License-Identifier: MIT */
/* What the program was told: the layer's own arguments. */
#ifndef KALLOC_KERNEL_ARGUMENTS_H
#define KALLOC_KERNEL_ARGUMENTS_H

#include <linux/types.h>

extern struct arguments {
	long long warns, live, init_errors; /* expected */
	long long fail_nth, fail_each, nr_jobs, limit_s;
	bool leaks, leak_sites;
} arguments;

/*
 * Take all of them, module parameters too. What --machine=, --cat= and --write= say is left
 * to others. With --help the program ends. Return: false if one is wrong, which was told.
 */
bool arguments_take(int argc, char **argv);

#endif
