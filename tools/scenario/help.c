/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "function.h"
#include "help.h"
#include "verb.h"

static void show_verb(FILE *out, const struct verb *verb)
{
	char call[256];

	verb_show(verb, call, sizeof(call));
	fprintf(out, "  %-52s %s\n", call, verb->help);
}

static void show_function(FILE *out, const struct function *function)
{
	char call[256];

	snprintf(call, sizeof(call), function->most ? "%s(%s)" : "%s", function->name,
		 function->args);
	fprintf(out, "  %-52s %s\n", call, function->help);
}

void help_list(FILE *out)
{
	fputs("Verbs\n", out);
	for (size_t i = 0; verb_at(i); i++)
		show_verb(out, verb_at(i));
	fputs("Functions\n", out);
	for (size_t i = 0; function_at(i); i++)
		show_function(out, function_at(i));
}

bool help_word(FILE *out, const char *name)
{
	const struct verb *verb = verb_find(name, strlen(name));
	const struct function *function = function_find(name, strlen(name));

	if (verb)
		show_verb(out, verb);
	if (function)
		show_function(out, function);
	return verb || function;
}
