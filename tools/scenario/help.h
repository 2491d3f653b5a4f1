/* SPDX-License-Identifier: MIT */
/* The verbs and functions, each with its parameters and what it is for. */
#ifndef SCENARIO_HELP_H
#define SCENARIO_HELP_H

#include <stdbool.h>
#include <stdio.h>

/* All of them. */
void help_list(FILE *out);

/* Those of one name. Return: false if there is none. */
bool help_word(FILE *out, const char *name);

#endif
