/* SPDX-License-Identifier: MIT */
/* What the two halves of the parser, statements and expressions, share. */
#ifndef SCENARIO_PARSER_H
#define SCENARIO_PARSER_H

#include "syntax.h"
#include "token.h"

struct parser {
	struct script *script;
	struct names *names;
	struct complaint *complaint;
	const char *cursor; /* behind `token` */
	struct token token; /* the next one */
	struct token next;  /* the one behind it */
	const char *end;    /* of the token before `token` */
	int line;
	bool unfinished;
};

/* Go to the next token of the line. */
void parser_advance(struct parser *parser);

/* Return: whether the next token is @text; if so it is passed. */
bool parser_accept(struct parser *parser, const char *text);

/* Complain about the next token: "@what, not '...'". Return: false. */
bool parser_expected(struct parser *parser, const char *what);

/* Complain on the present line. Return: false. */
#define parser_complain(parser, ...) complain((parser)->complaint, (parser)->line, __VA_ARGS__)

/* A zeroed object that lives as long as the script. */
void *parser_new(struct parser *parser, size_t size);

/* text[0..len), which lives as long as the session. */
const char *parser_text(struct parser *parser, const char *text, size_t len);

/* The number of a variable. Return: false after a complaint: the name is a word of ours. */
bool parser_variable(struct parser *parser, const struct token *name, size_t *number);

/* Whether @name is a flag of gfp.h or another constant. */
bool parser_is_constant(const struct token *name);

/* Whether the next token can begin an expression. */
bool parser_at_expr(const struct parser *parser);

/* Return: an expression; NULL after a complaint. */
struct expr *parser_expr(struct parser *parser);

#endif
