/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "commands.h"
#include "pagemap.h"
#include "text_file.h"
#include "tree.h"

struct boot {
	const char *cmdline;
	char **paths;
	int nr_paths;
	bool list;
	const char *tree;
	enum pagemap_by map;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct boot *boot = state->input;

	switch (key) {
	case 'l':
		boot->list = true;
		return 0;
	case 'm':
		if (pagemap_parse(arg, &boot->map))
			argp_error(state, "--map=%s: not type, order or none", arg);
		return 0;
	case 'w':
		boot->tree = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (!boot->cmdline) {
			boot->cmdline = arg;
			return 0;
		}
		if (strcmp(arg, "cat") != 0)
			argp_error(
				state,
				"'%s' is not 'cat': a command line of several words is one argument "
				"in quotes",
				arg);
		boot->paths = state->argv + state->next;
		boot->nr_paths = state->argc - state->next;
		state->next = state->argc;
		if (boot->nr_paths == 0)
			argp_error(state, "cat needs a path");
		return 0;
	case ARGP_KEY_END:
		if (!boot->cmdline)
			argp_error(state, "no CMDLINE given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show_file(const char *path)
{
	if (text_file_copy(path, stdout)) {
		fprintf(stderr, "kalloc boot: %s: %s\n", path, strerror(errno));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static int show(const struct boot *boot)
{
	int status = STATUS_OK;

	if (boot->list) {
		const char *path;

		for (unsigned int i = 0; (path = kalloc_files(i)); i++)
			puts(path);
		return STATUS_OK;
	}
	if (boot->tree && tree_write(boot->tree, "kalloc boot"))
		return STATUS_FAILED;
	for (int i = 0; i < boot->nr_paths; i++)
		if (show_file(boot->paths[i]) != STATUS_OK)
			status = STATUS_USAGE;
	if (boot->nr_paths == 0 && !boot->tree) {
		status = show_file("/proc/buddyinfo");
		pagemap_show(boot->map, stdout);
	}
	return status;
}

int command_boot(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "list", 'l', NULL, 0, "List the paths of the machine's files", 0 },
		{ "map", 'm', "BY", 0, "Page map by type (the default), by order, or none", 0 },
		{ "write-tree", 'w', "DIR", 0, "Write the machine's files to DIR/proc and DIR/sys",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "CMDLINE [-- cat PATH...]",
		.doc = "Boot a machine from a kernel command line and print its files.\v"
		       "CMDLINE is one argument, in quotes if it has several words; '' boots the "
		       "default size. Without PATH: the free blocks and a page map.\n\n"
		       "  kalloc boot 'mem=1G numa=fake=2' -- cat /proc/buddyinfo /proc/zoneinfo",
	};
	struct boot boot = { .map = PAGEMAP_TYPE };
	struct kalloc_machine *machine;
	int status;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &boot);
	machine = kalloc_boot(boot.cmdline);
	if (!machine) {
		fprintf(stderr, "kalloc boot: '%s': %s\n", boot.cmdline, strerror(errno));
		return errno == ENOMEM ? STATUS_FAILED : STATUS_USAGE;
	}
	kalloc_enter(machine);
	status = show(&boot);
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return status;
}
