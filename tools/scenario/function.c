/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "function.h"

static const struct function *const tables[] = {
	functions_of_things,
	functions_of_memory,
	functions_of_machine,
};

const struct function *function_at(size_t i)
{
	for (size_t table = 0; table < sizeof(tables) / sizeof(tables[0]); table++) {
		for (const struct function *function = tables[table]; function->name; function++) {
			if (!i--)
				return function;
		}
	}
	return NULL;
}

const struct function *function_find(const char *name, size_t len)
{
	const struct function *function;

	for (size_t i = 0; (function = function_at(i)); i++) {
		if (strlen(function->name) == len && memcmp(function->name, name, len) == 0)
			return function;
	}
	return NULL;
}

static bool wrong_kind(struct session *session, size_t i, const char *wanted, struct value value)
{
	const struct function *function = session->function;

	return session_complain(session, "%s(%s): argument %zu is to be %s, and is %s",
				function->name, function->args, i + 1, wanted,
				value_kind_name(value));
}

bool function_number(struct session *session, const struct value *args, size_t i, long *number)
{
	if (args[i].kind != VALUE_NUMBER)
		return wrong_kind(session, i, "a number", args[i]);
	*number = args[i].number;
	return true;
}

bool function_text(struct session *session, const struct value *args, size_t i, const char **text)
{
	if (args[i].kind != VALUE_TEXT)
		return wrong_kind(session, i, "a text", args[i]);
	*text = args[i].text;
	return true;
}

bool function_thing(struct session *session, const struct value *args, size_t i, unsigned int kinds,
		    struct thing **thing)
{
	char wanted[256];

	if (args[i].kind == VALUE_THING && kinds & THING_SET(args[i].thing->kind)) {
		*thing = args[i].thing;
		return true;
	}
	thing_kinds_show(kinds, wanted, sizeof(wanted));
	return wrong_kind(session, i, wanted, args[i]);
}

bool function_live_thing(struct session *session, const struct value *args, size_t i,
			 unsigned int kinds, struct thing **thing)
{
	if (!function_thing(session, args, i, kinds, thing))
		return false;
	if ((*thing)->alive)
		return true;
	return session_complain(session, "%s(%s): %s that was given back on line %d",
				session->function->name, session->function->args,
				thing_kind_name((*thing)->kind), (*thing)->gone_at);
}
