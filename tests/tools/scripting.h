/* SPDX-License-Identifier: MIT */
/* Running scripts inside a test, where sanitizers and Valgrind see them. */
#ifndef TESTS_TOOLS_SCRIPTING_H
#define TESTS_TOOLS_SCRIPTING_H

#include "files.h"
#include "scenario/scenario.h"

/* Run @text as "t". *@output: what it printed, and complaints; free() gives it back. */
static inline int script_run_with(struct session_options options, const char *text, char **output)
{
	size_t size;
	FILE *out = open_memstream(output, &size);
	int status;

	assert_non_null(out);
	options.name = "t";
	options.out = options.err = out;
	status = scenario_run(&options, text);
	fclose(out);
	return status;
}

static inline int script_run(const char *text, char **output)
{
	return script_run_with((struct session_options){ 0 }, text, output);
}

#endif
