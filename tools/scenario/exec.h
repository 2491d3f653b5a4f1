/* SPDX-License-Identifier: MIT */
/* Statements, one after the other. */
#ifndef SCENARIO_EXEC_H
#define SCENARIO_EXEC_H

#include "session.h"
#include "syntax.h"

/*
 * Execute @stmt and those behind it. Return: false if one could not be, after a complaint,
 * or if an expectation failed and the session does not keep going.
 */
bool exec(struct session *session, const struct stmt *stmt);

#endif
