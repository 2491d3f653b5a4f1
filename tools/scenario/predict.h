/* SPDX-License-Identifier: MIT */
/* Questions to the reader of a script. */
#ifndef SCENARIO_PREDICT_H
#define SCENARIO_PREDICT_H

#include "session.h"
#include "value.h"

/*
 * Ask @question, if the session asks at all, until the answer is an expression. *@result is
 * its value; @answer where there is none, or it is "?", or nobody is asked. Return: true.
 */
bool predict(struct session *session, struct value answer, const char *question,
	     struct value *result);

#endif
