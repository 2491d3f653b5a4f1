/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include <stdio.h>
#include <string.h>

#define MOST_WORDS 7

const char *const column_names[NR_COLUMNS] = {
	"result", "reclaimed", "woke", "warned", "slept", "dug", "zeroed",
};

static const char *const words[NR_COLUMNS][MOST_WORDS] = {
	[COLUMN_RESULT] = { "ok", "reserve", "null", "policy", "panic" },
	[COLUMN_RECLAIMED] = { "none", "clean", "dirty", "swap", "moved", "mixed" },
	[COLUMN_WOKE] = { "none", "kswapd", "kcompactd", "both" },
	[COLUMN_WARNED] = { "no", "warned" },
	[COLUMN_SLEPT] = { "no", "slept" },
	[COLUMN_DUG] = { "-", "high", "low", "min", "half", "3/8" },
	[COLUMN_ZEROED] = { "no", "zeroed" },
};

const char *outcome_word(enum column column, int value)
{
	return value >= 0 && value < MOST_WORDS ? words[column][value] : NULL;
}

bool outcome_parse(enum column column, const char *word, struct outcome *outcome)
{
	for (int value = 0; value < MOST_WORDS && words[column][value]; value++) {
		if (strcmp(words[column][value], word) == 0) {
			outcome->value[column] = value;
			return true;
		}
	}
	return false;
}

void outcome_show(const struct outcome *outcome, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (int column = 0; column < NR_COLUMNS && len < size; column++) {
		const char *word = outcome_word((enum column)column, outcome->value[column]);

		len += (size_t)snprintf(buf + len, size - len, "%-10s", word ? word : "?");
	}
}

unsigned int outcome_differs(const struct outcome *a, const struct outcome *b)
{
	unsigned int differs = 0;

	for (int column = 0; column < NR_COLUMNS; column++) {
		if (a->value[column] != b->value[column] && a->value[column] >= 0 &&
		    b->value[column] >= 0)
			differs |= 1u << column;
	}
	return differs;
}
