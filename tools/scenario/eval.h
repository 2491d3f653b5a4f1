/* SPDX-License-Identifier: MIT */
/* Expressions to values. */
#ifndef SCENARIO_EVAL_H
#define SCENARIO_EVAL_H

#include "session.h"
#include "syntax.h"

/* Return: true with *@result, which is the caller's; false after a complaint. */
bool eval(struct session *session, const struct expr *expr, struct value *result);

/* An expression that must be a number. */
bool eval_number(struct session *session, const struct expr *expr, long *number);

#endif
