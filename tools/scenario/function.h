/* SPDX-License-Identifier: MIT */
/* The functions of expressions: what things and the machine are like. They change nothing. */
#ifndef SCENARIO_FUNCTION_H
#define SCENARIO_FUNCTION_H

#include "session.h"
#include "syntax.h"
#include "value.h"

struct function {
	const char *name;
	const char *args; /* their names, for messages: "thing[, page]" */
	unsigned int least, most;
	/* Return: false after a complaint; else *@result is the caller's. */
	bool (*run)(struct session *session, const struct value *args, size_t nr,
		    struct value *result);
	const char *help;
};

/* Return: the function of that name, or NULL. */
const struct function *function_find(const char *name, size_t len);

/* Function number @i, or NULL past the last. */
const struct function *function_at(size_t i);

/*
 * For functions: their argument @i as a number, a text, a thing of @kinds, dead or alive, and
 * one that must be alive. Return: false after a complaint.
 */
bool function_number(struct session *session, const struct value *args, size_t i, long *number);
bool function_text(struct session *session, const struct value *args, size_t i, const char **text);
bool function_thing(struct session *session, const struct value *args, size_t i, unsigned int kinds,
		    struct thing **thing);
bool function_live_thing(struct session *session, const struct value *args, size_t i,
			 unsigned int kinds, struct thing **thing);

/* The tables, by what the functions are about; the last entry of each has no name. */
extern const struct function functions_of_things[];
extern const struct function functions_of_memory[];
extern const struct function functions_of_machine[];

#endif
