/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <kalloc/kalloc.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "target.h"

static int number_of(const char *text, unsigned long least, unsigned long most,
		     unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return end == text || *end || errno || *text == '-' || *number < least || *number > most
		       ? -1
		       : 0;
}

int choose_number(const char *text, unsigned int *number)
{
	unsigned long value;
	int err = number_of(text, 0, UINT_MAX, &value);

	*number = (unsigned int)value;
	return err;
}

int choose_pid(const char *text, pid_t *pid)
{
	unsigned long value;
	int err = number_of(text, 1, INT_MAX, &value);

	*pid = (pid_t)value;
	return err;
}

const char *choose_file(const char *name)
{
	const char *path;

	if (name[0] == '/')
		return name; /* also those of caches, which have no fixed list */
	for (unsigned int i = 0; (path = kalloc_files(i)); i++)
		if (strcmp(strrchr(path, '/') + 1, name) == 0 && !strchr(path, '<'))
			return path;
	return NULL;
}

struct listing {
	FILE *to; /* NULL: only count */
	unsigned int nr;
	pid_t pid;
};

static void process_list(const struct target *target, void *ctx)
{
	struct listing *listing = ctx;

	if (listing->to && listing->nr == 0)
		fprintf(listing->to, "%7s %8s  %s\n", "PID", "MACHINES", "COMMAND");
	if (listing->to)
		fprintf(listing->to, "%7d %8zu  %s\n", (int)target->pid, target->nr_heads,
			target->comm);
	listing->pid = target->pid;
	listing->nr++;
}

static const char none[] = "no process that may be looked at uses libkalloc\n";

unsigned int choose_list(FILE *to)
{
	struct listing listing = { .to = to };

	target_each(process_list, &listing);
	if (!listing.nr)
		fputs(none, stderr);
	return listing.nr;
}

pid_t choose_only(const char *command)
{
	struct listing listing = { 0 };

	target_each(process_list, &listing);
	if (listing.nr == 1)
		return listing.pid;
	if (!listing.nr) {
		fprintf(stderr, "%s: %s", command, none);
		return 0;
	}
	fprintf(stderr, "%s: %u processes use libkalloc: name one\n", command, listing.nr);
	choose_list(stderr);
	return 0;
}
