/* SPDX-License-Identifier: MIT */
/* What was meant by a word that is none. */
#ifndef SCENARIO_SUGGEST_H
#define SCENARIO_SUGGEST_H

#include <stddef.h>

/* Verb number @i, function number @i. Return: NULL past the last. */
const char *suggest_verb(size_t i);
const char *suggest_function(size_t i);

/* Return: of @words the one most like text[0..len), or NULL if none is much like it. */
const char *suggest(const char *text, size_t len, const char *(*words)(size_t i));

#endif
