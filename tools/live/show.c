/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <kalloc/kalloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../commands.h"
#include "../memory.h"
#include "choose.h"
#include "look.h"

struct show {
	pid_t pid; /* 0: list the processes */
	unsigned int machine;
	char **names;
	int nr_names;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show *show = state->input;

	switch (key) {
	case 'm':
		if (choose_number(arg, &show->machine))
			argp_error(state, "--machine=%s: not a number", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (choose_pid(arg, &show->pid))
			argp_error(state, "'%s' is no process number", arg);
		show->names = state->argv + state->next;
		show->nr_names = state->argc - state->next;
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int print(const char *command, const struct show *show)
{
	struct look_file *files = memory_new((size_t)show->nr_names, sizeof(*files));
	int status = STATUS_OK;

	for (int i = 0; i < show->nr_names; i++) {
		files[i].path = choose_file(show->names[i]);
		if (!files[i].path) {
			fprintf(stderr, "%s: %s: no such file; '%s %d' lists them\n", command,
				show->names[i], command, (int)show->pid);
			free(files);
			return STATUS_USAGE;
		}
	}
	if (look(show->pid, show->machine, files, (size_t)show->nr_names)) {
		status = look_failed(command, show->pid, errno);
		free(files);
		return status;
	}
	for (int i = 0; i < show->nr_names; i++) {
		if (files[i].error) {
			fprintf(stderr, "%s: %s: %s\n", command, files[i].path,
				strerror(files[i].error));
			status = STATUS_USAGE;
		} else {
			fwrite(files[i].data, 1, files[i].len, stdout);
		}
	}
	look_free(files, (size_t)show->nr_names);
	free(files);
	return status;
}

static int list_files(const char *command, const struct show *show)
{
	const char *path;

	if (look(show->pid, show->machine, NULL, 0))
		return look_failed(command, show->pid, errno);
	for (unsigned int i = 0; (path = kalloc_files(i)); i++)
		puts(path);
	return STATUS_OK;
}

int command_show(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "machine", 'm', "N", 0, "Its machine N, counted from 0 (the default)", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[PID [FILE...]]",
		.doc = "Print files of a running process that uses libkalloc, which goes on "
		       "meanwhile.\v"
		       "FILE is a path, /proc/buddyinfo, or its last part, buddyinfo. Without "
		       "FILE: which there are. Without PID: which processes there are.\n\n"
		       "  kalloc show 4711 buddyinfo slabinfo",
	};
	struct show show = { 0 };

	argp_parse(&argp, argc, argv, 0, NULL, &show);
	if (!show.pid)
		return choose_list(stdout) ? STATUS_OK : STATUS_FAILED;
	return show.nr_names ? print(argv[0], &show) : list_files(argv[0], &show);
}
