/* SPDX-License-Identifier: MIT */
/*
 * Which words may stand at a place of a line: verbs and words of the language at its
 * beginning and behind '='; files behind cat and set; parameters of the line's verb, flags,
 * functions and variables elsewhere.
 */
#ifndef SCENARIO_COMPLETE_H
#define SCENARIO_COMPLETE_H

#include "session.h"

/*
 * All words that begin as line[start..end) does, sorted, each once. Return: a list with
 * NULL at its end; complete_fini() frees it.
 */
char **complete(const struct session *session, const char *line, size_t start, size_t end);

void complete_fini(char **words);

#endif
