/* SPDX-License-Identifier: MIT */
/*
 * What can be seen of a request afterwards, as one small value: a line of the table
 * says it, a run measures it, and the two are compared column by column.
 */
#ifndef TEST_GFP_OUTCOME_H
#define TEST_GFP_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

/* The columns, in the order of the table. */
enum column {
	COLUMN_RESULT,
	COLUMN_RECLAIMED,
	COLUMN_WOKE,
	COLUMN_WARNED,
	COLUMN_SLEPT,
	COLUMN_DUG,
	COLUMN_ZEROED,
	NR_COLUMNS
};

enum result {
	RESULT_OK,
	RESULT_RESERVE, /* a mempool's own element */
	RESULT_NULL,
	RESULT_POLICY, /* failed, but not before the OOM policy was asked */
	RESULT_PANIC,  /* may not fail, and can never be met */
};

enum reclaimed {
	RECLAIMED_NONE,
	RECLAIMED_CLEAN,
	RECLAIMED_DIRTY,
	RECLAIMED_SWAP,
	RECLAIMED_MOVED, /* nothing was freed, pages moved out of the way */
	RECLAIMED_MIXED, /* more than one of these: in no line of the table */
};

enum woke {
	WOKE_NONE,
	WOKE_KSWAPD,
	WOKE_KCOMPACTD,
	WOKE_BOTH,
};

enum answer {
	ANSWER_NO,
	ANSWER_YES,
};

/* Below which mark memory was when the request was granted. */
enum dug {
	DUG_NOTHING, /* not granted, or not from the zone */
	DUG_HIGH,    /* above the low mark */
	DUG_LOW,
	DUG_MIN,
	DUG_HALF,   /* of the min mark */
	DUG_ATOMIC, /* 3/8 of it */
};

/* Value of each column; -1: not looked at, equal to any. */
struct outcome {
	int value[NR_COLUMNS];
};

extern const char *const column_names[NR_COLUMNS];

/* The word for a column's value, or NULL. */
const char *outcome_word(enum column column, int value);

/* Read one word of a column. Return: false if it is none of the column's words. */
bool outcome_parse(enum column column, const char *word, struct outcome *outcome);

/* Write all columns, blank-separated. */
void outcome_show(const struct outcome *outcome, char *buf, size_t size);

/* Return: a bit for each column that differs. */
unsigned int outcome_differs(const struct outcome *a, const struct outcome *b);

#endif
