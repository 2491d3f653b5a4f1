/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kalloc/kalloc.h>

#include "../commands.h"
#include "../memory.h"
#include "preload.h"
#include "executable.h"

#define ME "kalloc exec"

/* As of env and other commands that run a command. */
#define STATUS_CANNOT_RUN 126
#define STATUS_NOT_FOUND  127

enum {
	KEY_MACHINE = 0x100,
	KEY_REPORT,
	KEY_STATS,
	KEY_TRACE,
	KEY_LIBRARY
};

struct run {
	const char *mem;
	const char *machine;
	const char *report;
	const char *library;
	bool stats;
	bool trace;
	char **command;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;

	switch (key) {
	case 'm':
		run->mem = arg;
		return 0;
	case KEY_MACHINE:
		run->machine = arg;
		return 0;
	case KEY_REPORT:
		run->report = arg;
		return 0;
	case KEY_STATS:
		run->stats = true;
		return 0;
	case KEY_TRACE:
		run->trace = true;
		return 0;
	case KEY_LIBRARY:
		run->library = arg;
		return 0;
	case ARGP_KEY_ARGS:
		run->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no PROGRAM given");
		return EINVAL;
	case ARGP_KEY_SUCCESS:
		if (run->trace && !run->report)
			argp_error(state, "--trace writes to the files of --report=DIR");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The machine's words, to be freed: mem= is the last, so it holds. */
static char *words_of(const struct run *run)
{
	const char *machine = run->machine ? run->machine : "", *mem = run->mem ? run->mem : "";
	size_t size = strlen(machine) + strlen(mem) + 16;
	char *words = memory_new(size, 1);

	snprintf(words, size, "%s%s%s", machine, run->mem ? " mem=" : "", mem);
	return words;
}

/* Each process boots a machine of these words: whether one can be had is found out here. */
static int try_machine(const char *words)
{
	size_t size = strlen(words) + 64;
	char *cmdline = memory_new(size, 1);
	struct kalloc_machine *machine;
	int err;

	snprintf(cmdline, size, "kalloc.ram=private %s", words);
	machine = kalloc_boot(cmdline);
	err = errno;
	free(cmdline);
	if (!machine)
		return err == ENOMEM ? STATUS_FAILED : STATUS_USAGE;
	kalloc_halt(machine);
	return STATUS_OK;
}

/* Otherwise errno says so. */
static bool is_folder(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return false;
	errno = ENOTDIR;
	return S_ISDIR(status.st_mode);
}

/* Make the folder and set its whole path, as programs change theirs. */
static int set_report(const char *report)
{
	char whole[PATH_MAX];

	if ((mkdir(report, 0777) && errno != EEXIST) || !realpath(report, whole) ||
	    !is_folder(whole) || access(whole, W_OK | X_OK)) {
		fprintf(stderr, ME ": --report=%s: %s\n", report, strerror(errno));
		return STATUS_USAGE;
	}
	setenv("KALLOC_MALLOC_REPORT", whole, 1);
	return STATUS_OK;
}

/* One variable for each process that the program starts, too. */
static int set_environment(const struct run *run, const char *words)
{
	setenv("KALLOC_MALLOC", words, 1);
	unsetenv("KALLOC_MALLOC_STATS");
	unsetenv("KALLOC_MALLOC_REPORT");
	unsetenv("KALLOC_MALLOC_TRACE");
	if (run->stats)
		setenv("KALLOC_MALLOC_STATS", "1", 1);
	if (run->trace)
		setenv("KALLOC_MALLOC_TRACE", "1", 1);
	return run->report ? set_report(run->report) : STATUS_OK;
}

/* Return: only if it cannot be run, the exit status. */
static int run_program(char **command)
{
	struct executable program = executable_find(command[0]);

	if (program.unfit) {
		fprintf(stderr, ME ": %s: %s\n", command[0], program.unfit);
		return STATUS_CANNOT_RUN;
	}
	if (program.path[0])
		execvp(program.path, command);
	else
		errno = program.error;
	fprintf(stderr, ME ": %s: %s\n", command[0], strerror(errno));
	return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

int command_exec(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "mem", 'm', "SIZE", 0,
		  "The machine's memory, in each process (as much as fits, "
		  "up to 64G)",
		  0 },
		{ "machine", KEY_MACHINE, "WORDS", 0, "The machine's command line, in quotes", 0 },
		{ "stats", KEY_STATS, NULL, 0,
		  "At its end, each process prints a line of counts on "
		  "standard error",
		  0 },
		{ "report", KEY_REPORT, "DIR", 0,
		  "At its end, each process leaves its machine's "
		  "files in DIR/NAME.PID",
		  0 },
		{ "trace", KEY_TRACE, NULL, 0,
		  "With --report: each call is in DIR/NAME.PID/trace, "
		  "for kalloc replay",
		  0 },
		{ "library", KEY_LIBRARY, "FILE", 0,
		  "libkalloc-malloc.so, if it is not where it was "
		  "built or installed",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[--] PROGRAM [ARGUMENT...]",
		.doc = "Run a program whose malloc() is kvmalloc() on a machine.\v"
		       "What it starts runs so, too, each process on a machine of its own. The exit "
		       "status is the program's; 127 if it is not found, 126 if it cannot be run so.\n\n"
		       "  kalloc exec --mem=4G --stats -- python3 program.py",
	};
	struct run run = { 0 };
	char *words;
	int status;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &run);
	words = words_of(&run);
	status = try_machine(words);
	if (status == STATUS_OK)
		status = set_environment(&run, words);
	free(words);
	if (status == STATUS_OK)
		status = preload_set(run.library, ME);
	return status == STATUS_OK ? run_program(run.command) : status;
}
