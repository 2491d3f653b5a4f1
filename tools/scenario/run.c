/* SPDX-License-Identifier: MIT */
/* kalloc run: a script from a file. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "help.h"
#include "memory.h"
#include "scenario.h"

struct run {
	struct session_options session;
	bool list;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &run->session.report;
		state->child_inputs[1] = &run->session.tracing;
		return 0;
	case 'a':
		run->session.answers = stdin;
		run->session.keep_going = true;
		return 0;
	case 'e':
		run->session.echo = true;
		return 0;
	case 'k':
		run->session.keep_going = true;
		return 0;
	case 'l':
		run->session.may_leak = true;
		return 0;
	case 'v':
		run->list = true;
		return 0;
	case ARGP_KEY_ARG:
		if (run->session.name)
			argp_error(state, "one SCRIPT only: '%s'", arg);
		run->session.name = arg;
		return 0;
	case ARGP_KEY_END:
		if (!run->session.name && !run->list)
			argp_error(state, "no SCRIPT given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* All of a file; free() gives it back. NULL: *@why says why. */
static char *read_all(FILE *file, const char **why)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	errno = 0;
	len = getdelim(&text, &size, '\0', file);
	if (len > 0 && text[len - 1] == '\0') {
		*why = "binary data";
	} else if (len > 0 || feof(file)) {
		*why = NULL;
		if (len > 0)
			return text;
		free(text);
		return memory_new(1, 1);
	} else {
		*why = strerror(errno);
	}
	free(text);
	return NULL;
}

/* A script, from standard input for "-". Return: NULL after a message. */
static char *read_script(const char *path)
{
	bool is_input = strcmp(path, "-") == 0;
	FILE *file = is_input ? stdin : fopen(path, "r");
	const char *why = strerror(errno);
	char *text = file ? read_all(file, &why) : NULL;

	if (file && !is_input)
		fclose(file);
	if (!text)
		fprintf(stderr, "kalloc run: %s: %s\n", path, why);
	return text;
}

int command_run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "ask", 'a', NULL, 0,
		  "Let 'predict' ask for answers, and go on where one was wrong", 0 },
		{ "echo", 'e', NULL, 0, "Print the script's lines as they are reached", 0 },
		{ "keep-going", 'k', NULL, 0, "Go on after an expectation that failed", 0 },
		{ "leaks", 'l', NULL, 0, "What is not given back at the end is no failure", 0 },
		{ "verbs", 'v', NULL, 0, "List the verbs and functions", 0 },
		{ 0 },
	};
	static const struct argp_child children[] = {
		{ &recorder_argp, 0, NULL, 0 },
		{ &tracing_argp, 0, NULL, 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.args_doc = "SCRIPT",
		.doc = "Run a script of allocations on a machine of its own.\v"
		       "SCRIPT is a file, or - for standard input. Without 'boot' its machine is "
		       "'" SESSION_CMDLINE "'; the words behind 'boot' are added to that. "
		       "docs/scenarios.md describes the language.\n\n"
		       "Exit status: 0 if all went well, 1 if an expectation failed or something "
		       "was not given back, 2 for a bad script.",
	};
	struct run run = { .session = {
				   .out = stdout, .err = stderr, .report.command = "kalloc run" } };
	char *text;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &run);
	if (run.list) {
		help_list(stdout);
		return STATUS_OK;
	}
	text = read_script(run.session.name);
	if (!text)
		return STATUS_USAGE;
	status = scenario_run(&run.session, text);
	free(text);
	return status;
}
