/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "live/looker.h"

/* The C library looks for this name: it must not be hidden. */
__attribute__((visibility("default"))) const char *argp_program_version = "kalloc " KALLOC_VERSION;

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ LOOKER, command_look },	  { "boot", command_boot },	{ "exec", command_exec },
	{ "fragment", command_fragment }, { "parity", command_parity }, { "proc", command_proc },
	{ "replay", command_replay },	  { "run", command_run },	{ "shell", command_shell },
	{ "show", command_show },	  { "top", command_top },
};

/* What could not be written is not to be lost without a word. Return: the exit status. */
static int closed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "kalloc: standard output: %s\n", strerror(errno));
	return status == STATUS_OK ? STATUS_FAILED : status;
}

/* Run the command that @argv, with what follows it, begins with, and end. */
static void run(const struct argp_state *state, int argc, char **argv)
{
	static char title[64];

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		snprintf(title, sizeof(title), "%s %s", state->name, argv[0]);
		argv[0] = title;
		exit(closed(commands[i].run(argc, argv)));
	}
	argp_error(state, "unknown command '%s'", argv[0]);
}

/* 'kalloc help' is kalloc --help, and 'kalloc help COMMAND' kalloc COMMAND --help. */
static void help(const struct argp_state *state, char *command)
{
	static char option[] = "--help";

	if (command)
		run(state, 2, (char *[]){ command, option, NULL });
	else
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (strcmp(arg, "help") == 0)
			help(state, state->argv[state->next]);
		else
			run(state, state->argc - state->next + 1, state->argv + state->next - 1);
		return EINVAL;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "COMMAND [ARGUMENT...]",
		.doc = "The Linux kernel's allocator stack in userspace.\v"
		       "Commands:\n"
		       "  boot CMDLINE [-- cat PATH...]  boot a machine and print its files\n"
		       "  exec [--] PROGRAM...           run a program whose malloc() is on a machine\n"
		       "  fragment PROFILE               fragment memory as a profile says\n"
		       "  parity FILE...                 compare frames with a kernel's, one by one\n"
		       "  proc PID -- PROGRAM...         run a program that sees a process's files in /proc\n"
		       "  replay TRACE                   replay a kernel's allocation trace\n"
		       "  run SCRIPT                     run a script of allocations\n"
		       "  shell                          the same, line by line\n"
		       "  show [PID [FILE...]]           print files of a running process\n"
		       "  top [PID]                      watch a running process\n"
		       "\n"
		       "'kalloc help COMMAND' tells of each. Exit status: 0 if all went well, 2 for "
		       "bad arguments or bad input, 1 for any other trouble; of exec the program's.",
	};

	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, NULL);
	return STATUS_OK;
}
