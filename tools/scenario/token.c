/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"

static const char *const signs[] = { "==", "!=", "<=", ">=", "<<", ">>", "<", ">",
				     "+",  "-",	 "*",  "/",  "%",  "&",	 "|", "^",
				     "~",  "(",	 ")",  "[",  "]",  ",",	 "=" };

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t\r");
}

static bool is_end(const char *at)
{
	return *at == '\0' || *at == '\n' || *at == '#';
}

static struct token bad(const char *at, size_t len, const char *why)
{
	return (struct token){ .kind = TOKEN_BAD, .at = at, .len = len, .why = why };
}

/* Bits by which the letter behind a number raises it; -1: none of them. */
static int shift_of(char letter)
{
	static const char letters[] = "KMGT";
	const char *found = letter ? strchr(letters, toupper((unsigned char)letter)) : NULL;

	return found ? 10 * (int)(found - letters + 1) : -1;
}

static size_t number_span(const char *at)
{
	size_t len = 0;

	while (is_name_char(at[len]) || (at[len] == '.' && isdigit((unsigned char)at[len + 1])))
		len++;
	return len;
}

static struct token take_fraction(const char *at, size_t len)
{
	char *end;
	double fraction = strtod(at, &end);

	if (end != at + len || memchr(at, 'x', len))
		return bad(at, len, "is no number");
	return (struct token){ .kind = TOKEN_FRACTION, .at = at, .len = len, .fraction = fraction };
}

static struct token take_number(const char *at)
{
	size_t len = number_span(at);
	bool hex = at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
	unsigned long number = 0;
	size_t i = hex ? 2 : 0;
	int shift = 0;

	if (memchr(at, '.', len))
		return take_fraction(at, len);
	for (; i < len && (hex ? isxdigit((unsigned char)at[i]) : isdigit((unsigned char)at[i]));
	     i++) {
		char digit[] = { at[i], '\0' };

		if (__builtin_mul_overflow(number, hex ? 16ul : 10ul, &number) ||
		    __builtin_add_overflow(number, strtoul(digit, NULL, 16), &number))
			return bad(at, len, "is too large");
	}
	if (hex && i == 2)
		return bad(at, len, "is no number");
	if (i + 1 == len)
		shift = shift_of(at[i++]);
	if (i != len || shift < 0)
		return bad(at, len, "is no number: only K, M, G or T may stand behind one");
	if (number > (unsigned long)__LONG_MAX__ >> shift)
		return bad(at, len, "is too large");
	return (struct token){
		.kind = TOKEN_NUMBER, .at = at, .len = len, .number = (long)(number << shift)
	};
}

static struct token take_text(const char *at)
{
	size_t len = strcspn(at + 1, "\"\n");

	if (at[1 + len] != '"')
		return bad(at, len + 1, "has no closing quote");
	return (struct token){ .kind = TOKEN_TEXT, .at = at + 1, .len = len };
}

static struct token take_sign(const char *at)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t len = strlen(signs[i]);

		if (strncmp(at, signs[i], len) == 0)
			return (struct token){ .kind = TOKEN_SIGN, .at = at, .len = len };
	}
	return bad(at, 1, "has no meaning here");
}

static struct token take(const char *at)
{
	size_t len = 0;

	if (is_end(at))
		return (struct token){ .kind = TOKEN_END, .at = at };
	if (isdigit((unsigned char)*at))
		return take_number(at);
	if (*at == '"')
		return take_text(at);
	if (!is_name_char(*at))
		return take_sign(at);
	while (is_name_char(at[len]))
		len++;
	return (struct token){ .kind = TOKEN_NAME, .at = at, .len = len };
}

struct token token_next(const char **cursor)
{
	const char *at = skip_blanks(*cursor);
	struct token token = take(at);

	token.apart = at != *cursor;
	*cursor = token.at + token.len + (token.kind == TOKEN_TEXT);
	return token;
}

struct token token_word(const char **cursor)
{
	const char *at = skip_blanks(*cursor), *end = at;
	bool quoted = false;

	while (*end && *end != '\n' && (quoted || !strchr(" \t\r#", *end))) {
		quoted ^= *end == '"';
		end++;
	}
	*cursor = end;
	if (quoted)
		return bad(at, (size_t)(end - at), "has no closing quote");
	return (struct token){ .kind = end == at ? TOKEN_END : TOKEN_NAME,
			       .at = at,
			       .len = (size_t)(end - at),
			       .apart = true };
}

bool token_is(const struct token *token, const char *text)
{
	return (token->kind == TOKEN_SIGN || token->kind == TOKEN_NAME) &&
	       strlen(text) == token->len && memcmp(text, token->at, token->len) == 0;
}

bool token_is_name(const char *text)
{
	if (!is_name_char(*text) || isdigit((unsigned char)*text))
		return false;
	while (is_name_char(*text))
		text++;
	return *text == '\0';
}
