/* SPDX-License-Identifier: MIT */
/*
 * A session line by line. A line is a statement of the language; one that opens a block goes
 * on until the block is closed. An expression alone is printed. What a call returns and
 * nobody assigns is shown and kept as `it`. What is wrong is told, and the session goes on.
 */
#ifndef SCENARIO_SHELL_H
#define SCENARIO_SHELL_H

#include "session.h"

/*
 * Run a session on the lines that @read returns, to be freed, until it returns NULL, or a
 * line says exit or quit. Return: the exit status, as of a script.
 */
int shell_run(struct session *session, char *(*read)(const char *prompt));

#endif
