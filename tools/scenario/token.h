/* SPDX-License-Identifier: MIT */
/*
 * A line of a script as tokens. Pure: a token is a span of the line.
 *
 *   NAME      a letter or '_', then letters, digits and '_'
 *   NUMBER    decimal or 0x...; K, M, G and T behind it stand for 1024 and its powers
 *   FRACTION  digits '.' digits
 *   TEXT      between double quotes, without an escape
 *   SIGN      an operator, a parenthesis, a bracket, a comma
 *   END       the end of the line, or the '#' of a comment
 *   BAD       none of these: `why` says what is wrong
 */
#ifndef SCENARIO_TOKEN_H
#define SCENARIO_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_FRACTION,
	TOKEN_TEXT,
	TOKEN_SIGN,
	TOKEN_BAD,
};

struct token {
	enum token_kind kind;
	const char *at; /* the span; of a TEXT without its quotes */
	size_t len;
	bool apart; /* a blank stands before it */
	long number;
	double fraction;
	const char *why;
};

/* The token at *@cursor, which moves behind it. */
struct token token_next(const char **cursor);

/*
 * The word at *@cursor as it stands, up to a blank or a comment, for paths and parameters; of
 * length 0 at the end of the line. Inside double quotes blanks are part of it.
 */
struct token token_word(const char **cursor);

/* Whether a token is just this sign or name. */
bool token_is(const struct token *token, const char *text);

/* Whether @text could be a NAME. */
bool token_is_name(const char *text);

#endif
