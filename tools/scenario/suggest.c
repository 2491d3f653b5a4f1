/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "function.h"
#include "suggest.h"
#include "verb.h"

#define WORD_MAX 32

const char *suggest_verb(size_t i)
{
	const struct verb *verb = verb_at(i);

	return verb ? verb->name : NULL;
}

const char *suggest_function(size_t i)
{
	const struct function *function = function_at(i);

	return function ? function->name : NULL;
}

/* How many letters have to be changed, put in or left out to make @b of a[0..len). */
static size_t distance(const char *a, size_t len, const char *b)
{
	size_t row[WORD_MAX + 1], nr = strlen(b);

	for (size_t j = 0; j <= nr; j++)
		row[j] = j;
	for (size_t i = 1; i <= len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nr; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[nr];
}

const char *suggest(const char *text, size_t len, const char *(*words)(size_t i))
{
	const char *best = NULL, *word;
	size_t least = len / 3 + 1;

	if (len < 3 || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; (word = words(i)); i++) {
		size_t far = strlen(word) <= WORD_MAX ? distance(text, len, word) : least;

		if (far < least) {
			least = far;
			best = word;
		}
	}
	return best;
}
