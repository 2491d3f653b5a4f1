/* SPDX-License-Identifier: MIT */
/* Scripts of allocations: the front door. docs/scenarios.md describes the language. */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "session.h"

/*
 * Run a script on a machine of its own, which is gone at the end. Return: the exit status:
 * 0; 1 if an expectation failed or something was not given back; 2 for a bad script.
 */
int scenario_run(const struct session_options *options, const char *text);

#endif
