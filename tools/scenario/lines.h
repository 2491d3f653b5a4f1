/* SPDX-License-Identifier: MIT */
/*
 * Where the shell's lines come from: a terminal with history and completion, by GNU
 * readline; without that library, or where standard input is no terminal, plain lines.
 */
#ifndef SCENARIO_LINES_H
#define SCENARIO_LINES_H

#include "session.h"

/* Begin / end with the lines of standard input. @session has the words to complete. */
void lines_begin(const struct session *session);
void lines_end(void);

/* The next line, to be freed; NULL at the end. @prompt is shown on a terminal. */
char *lines_read(const char *prompt);

#endif
