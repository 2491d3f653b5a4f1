/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/context.h>

#include "function.h"
#include "memory.h"
#include "parser.h"
#include "suggest.h"
#include "verb.h"

/* An object of a script. */
struct piece {
	struct piece *next;
	long object[];
};

const char *const syntax_keywords[] = { "and",	 "as",	  "cpu",  "else", "end",   "expect",
					"if",	 "in",	  "not",  "or",	  "print", "repeat",
					"scope", "while", "NULL", NULL };

void parser_advance(struct parser *parser)
{
	parser->end = parser->token.at + parser->token.len + (parser->token.kind == TOKEN_TEXT);
	parser->token = parser->next;
	parser->next = token_next(&parser->cursor);
}

/* Begin with the tokens at @at. */
static void parser_begin(struct parser *parser, const char *at)
{
	parser->cursor = parser->end = at;
	parser->token = token_next(&parser->cursor);
	parser->next = token_next(&parser->cursor);
}

bool parser_accept(struct parser *parser, const char *text)
{
	if (!token_is(&parser->token, text))
		return false;
	parser_advance(parser);
	return true;
}

bool parser_expected(struct parser *parser, const char *what)
{
	const struct token *token = &parser->token;

	if (token->kind == TOKEN_BAD)
		return parser_complain(parser, "'%.*s' %s", (int)token->len, token->at, token->why);
	if (token->kind == TOKEN_END)
		return parser_complain(parser, "%s is missing at the end of the line", what);
	return parser_complain(parser, "%s is missing before '%.*s'", what, (int)token->len,
			       token->at);
}

void *parser_new(struct parser *parser, size_t size)
{
	struct piece *piece = memory_new(1, sizeof(*piece) + size);

	piece->next = parser->script->pieces;
	parser->script->pieces = piece;
	return piece->object;
}

const char *parser_text(struct parser *parser, const char *text, size_t len)
{
	size_t id = names_id(parser->names, text, len);

	return parser->names->texts[id];
}

static bool is_keyword(const struct token *name)
{
	for (size_t i = 0; syntax_keywords[i]; i++) {
		if (token_is(name, syntax_keywords[i]))
			return true;
	}
	return false;
}

bool parser_variable(struct parser *parser, const struct token *name, size_t *number)
{
	const struct function *function = function_find(name->at, name->len);
	const char *kind = NULL;

	if (verb_find(name->at, name->len))
		kind = "a verb, which stands first or behind '='";
	else if (function && !function->least)
		kind = "a function";
	else if (is_keyword(name))
		kind = "a word of the language";
	else if (parser_is_constant(name))
		kind = "a constant";
	if (kind)
		return parser_complain(parser, "'%.*s' is %s and cannot be a variable",
				       (int)name->len, name->at, kind);
	*number = names_id(parser->names, name->at, name->len);
	return true;
}

static bool parse_end_of_line(struct parser *parser)
{
	if (parser->token.kind == TOKEN_END)
		return true;
	if (parser->token.kind == TOKEN_BAD)
		return parser_expected(parser, "nothing");
	return parser_complain(parser, "'%.*s' is too much here%s", (int)parser->token.len,
			       parser->token.at,
			       token_is(&parser->token, "=") ? "; '==' compares" : "");
}

/* --- calls ------------------------------------------------------------------ */

static bool parse_argument(struct parser *parser, struct argument **tail)
{
	struct argument *argument = parser_new(parser, sizeof(*argument));

	if (parser->token.kind == TOKEN_NAME && token_is(&parser->next, "=")) {
		argument->name = parser_text(parser, parser->token.at, parser->token.len);
		parser_advance(parser);
		parser_advance(parser);
	} else if (!parser_at_expr(parser)) {
		return parser_expected(parser, "an argument");
	}
	argument->expr = parser_expr(parser);
	*tail = argument;
	return argument->expr != NULL;
}

static bool parse_arguments(struct parser *parser, struct stmt *call)
{
	struct argument **tail = &call->arguments;

	while (parser->token.kind != TOKEN_END) {
		if (token_is(&parser->token, ","))
			return parser_complain(parser, "arguments of %s are separated by blanks",
					       call->verb->name);
		if (!parse_argument(parser, tail))
			return false;
		tail = &(*tail)->next;
	}
	return true;
}

/* What stands behind the verb as it stands, without blanks around it. */
static bool parse_words(struct parser *parser, struct stmt *call, const char *at, bool one)
{
	const char *start = NULL, *end = at;
	struct token word;

	while ((word = token_word(&at)).kind == TOKEN_NAME) {
		start = start ? start : word.at;
		end = at;
		if (one)
			break;
	}
	if (word.kind == TOKEN_BAD)
		return parser_complain(parser, "'%.*s' %s", (int)word.len, word.at, word.why);
	call->words = start ? parser_text(parser, start, (size_t)(end - start)) : "";
	parser_begin(parser, at);
	return true;
}

static bool parse_call(struct parser *parser, struct stmt *call, const struct verb *verb)
{
	const char *behind = parser->token.at + parser->token.len;

	call->kind = STMT_CALL;
	call->verb = verb;
	if (token_is(&parser->next, "(") && !parser->next.apart)
		return parser_complain(parser,
				       "'%s(': the arguments of a verb stand behind it "
				       "without parentheses, as in '%s x'",
				       verb->name, verb->name);
	if (verb->form == VERB_WORDS || verb->form == VERB_PATH) {
		if (!parse_words(parser, call, behind, verb->form == VERB_PATH))
			return false;
	} else {
		parser_advance(parser);
	}
	return parse_arguments(parser, call);
}

/* A word at the beginning of a line, or behind '=', that begins nothing. */
static bool complain_of_word(struct parser *parser, const struct token *word)
{
	const char *meant = suggest(word->at, word->len, suggest_verb);

	if (meant)
		return parser_complain(parser, "no verb '%.*s'; did you mean '%s'?", (int)word->len,
				       word->at, meant);
	return parser_complain(parser,
			       "no verb '%.*s': a line is a call (verb argument ...), "
			       "name = value, expect, print, or a block; 'kalloc run --verbs' "
			       "lists the verbs",
			       (int)word->len, word->at);
}

/* --- statements ------------------------------------------------------------- */

static bool parse_expr_line(struct parser *parser, const struct expr **expr)
{
	*expr = parser_expr(parser);
	return *expr && parse_end_of_line(parser);
}

static bool parse_assigned(struct parser *parser, struct stmt *stmt)
{
	const struct token first = parser->token;

	stmt->expr = parser_expr(parser);
	if (!stmt->expr)
		return false;
	/* A variable with something behind it was meant to be a verb. */
	if (stmt->expr->kind == EXPR_VARIABLE && parser->token.kind != TOKEN_END)
		return complain_of_word(parser, &first);
	return parse_end_of_line(parser);
}

/* name = ..., name[i] = ... */
static bool parse_assignment(struct parser *parser, struct stmt *stmt)
{
	const struct token name = parser->token;
	const struct verb *verb;

	parser_advance(parser);
	if (parser_accept(parser, "[")) {
		stmt->place.has_index = true;
		stmt->place.index = parser_expr(parser);
		if (!stmt->place.index)
			return false;
		if (!parser_accept(parser, "]"))
			return parser_expected(parser, "']'");
	}
	if (!token_is(&parser->token, "="))
		return complain_of_word(parser, &name);
	if (!parser_variable(parser, &name, &stmt->place.variable))
		return false;
	parser_advance(parser);
	stmt->place.is_given = true;
	verb = parser->token.kind == TOKEN_NAME ? verb_find(parser->token.at, parser->token.len)
						: NULL;
	if (verb && !(token_is(&parser->next, "(") && !parser->next.apart &&
		      function_find(verb->name, parser->token.len)))
		return parse_call(parser, stmt, verb);
	stmt->kind = STMT_ASSIGN;
	return parse_assigned(parser, stmt);
}

static bool parse_print(struct parser *parser, struct stmt *stmt)
{
	struct argument **tail = &stmt->arguments;

	stmt->kind = STMT_PRINT;
	if (parser->token.kind == TOKEN_END)
		return true;
	do {
		*tail = parser_new(parser, sizeof(**tail));
		(*tail)->expr = parser_expr(parser);
		if (!(*tail)->expr)
			return false;
		tail = &(*tail)->next;
	} while (parser_accept(parser, ","));
	return parse_end_of_line(parser);
}

static bool parse_statements(struct parser *parser, struct stmt **first, bool is_inside);

/* Go to the next line. Return: false at the end of the text. */
static bool next_line(struct parser *parser)
{
	const char *end = strchrnul(parser->token.at, '\n');

	if (*end == '\0')
		return false;
	parser->line++;
	parser_begin(parser, end + 1);
	return true;
}

/* The lines up to "end", or up to "else". The head of the block has been parsed. */
static bool parse_body(struct parser *parser, struct stmt *stmt, const char *head)
{
	const int line = parser->line;

	if (!parse_end_of_line(parser))
		return false;
	if (next_line(parser)) {
		if (!parse_statements(parser, &stmt->body, true))
			return false;
		if (stmt->kind == STMT_IF && parser_accept(parser, "else")) {
			if (!parse_end_of_line(parser))
				return false;
			if (next_line(parser) && !parse_statements(parser, &stmt->otherwise, true))
				return false;
		}
		if (parser_accept(parser, "end"))
			return parse_end_of_line(parser);
		if (token_is(&parser->token, "else"))
			return parser_complain(parser, "'else' without its 'if'");
	}
	parser->unfinished = true;
	return complain(parser->complaint, line, "'%s' has no 'end'", head);
}

static bool parse_repeat(struct parser *parser, struct stmt *stmt)
{
	stmt->kind = STMT_REPEAT;
	stmt->expr = parser_expr(parser);
	if (!stmt->expr)
		return false;
	if (parser_accept(parser, "as")) {
		if (parser->token.kind != TOKEN_NAME)
			return parser_expected(parser, "the name of a variable");
		if (!parser_variable(parser, &parser->token, &stmt->place.variable))
			return false;
		stmt->place.is_given = true;
		parser_advance(parser);
	}
	return parse_body(parser, stmt, "repeat");
}

static bool parse_condition(struct parser *parser, struct stmt *stmt, enum stmt_kind kind,
			    const char *head)
{
	stmt->kind = kind;
	stmt->expr = parser_expr(parser);
	return stmt->expr && parse_body(parser, stmt, head);
}

static bool parse_cpu(struct parser *parser, struct stmt *stmt)
{
	if (!parser_accept(parser, "cpu"))
		return parser_expected(parser, "'cpu', as in 'as cpu 1',");
	return parse_condition(parser, stmt, STMT_CPU, "as cpu");
}

static bool parse_section(struct parser *parser, struct stmt *stmt)
{
	stmt->kind = STMT_SECTION;
	if (parser_accept(parser, "atomic"))
		stmt->flag = 1;
	else if (parser_accept(parser, "irq"))
		stmt->flag = KALLOC_IRQ_COUNT;
	else
		return parser_expected(parser, "'atomic' or 'irq'");
	return parse_body(parser, stmt, "in");
}

static bool parse_scope(struct parser *parser, struct stmt *stmt)
{
	static const struct {
		const char *name;
		unsigned int flag;
	} scopes[] = {
		{ "noio", PF_MEMALLOC_NOIO },
		{ "nofs", PF_MEMALLOC_NOFS },
		{ "noreclaim", PF_MEMALLOC },
		{ "pin", PF_MEMALLOC_PIN },
	};

	stmt->kind = STMT_SCOPE;
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (parser_accept(parser, scopes[i].name)) {
			stmt->flag = scopes[i].flag;
			return parse_body(parser, stmt, "scope");
		}
	}
	return parser_expected(parser, "'noio', 'nofs', 'noreclaim' or 'pin'");
}

static bool parse_statement(struct parser *parser, struct stmt *stmt)
{
	const struct token *token = &parser->token;
	const struct verb *verb;

	if (token->kind != TOKEN_NAME)
		return parser_expected(parser, "a statement");
	if (parser_accept(parser, "repeat"))
		return parse_repeat(parser, stmt);
	if (parser_accept(parser, "while"))
		return parse_condition(parser, stmt, STMT_WHILE, "while");
	if (parser_accept(parser, "if"))
		return parse_condition(parser, stmt, STMT_IF, "if");
	if (parser_accept(parser, "as"))
		return parse_cpu(parser, stmt);
	if (parser_accept(parser, "in"))
		return parse_section(parser, stmt);
	if (parser_accept(parser, "scope"))
		return parse_scope(parser, stmt);
	if (parser_accept(parser, "print"))
		return parse_print(parser, stmt);
	if (parser_accept(parser, "expect")) {
		stmt->kind = STMT_EXPECT;
		return parse_expr_line(parser, &stmt->expr);
	}
	verb = verb_find(token->at, token->len);
	return verb ? parse_call(parser, stmt, verb) : parse_assignment(parser, stmt);
}

/* Up to the end of the text, or to a line that ends a block. */
static bool parse_statements(struct parser *parser, struct stmt **first, bool is_inside)
{
	do {
		bool closes = token_is(&parser->token, "end") || token_is(&parser->token, "else");
		struct stmt *stmt;

		if (closes && is_inside)
			return true;
		if (closes)
			return parser_complain(parser, "'%.*s' without a block that it belongs to",
					       (int)parser->token.len, parser->token.at);
		if (parser->token.kind == TOKEN_END)
			continue;
		stmt = parser_new(parser, sizeof(*stmt));
		stmt->line = parser->line;
		if (!parse_statement(parser, stmt))
			return false;
		*first = stmt;
		first = &stmt->next;
	} while (next_line(parser));
	return true;
}

enum syntax_result syntax_parse(struct script *script, const char *text, int line,
				struct names *names, struct complaint *complaint)
{
	struct parser parser = {
		.script = script, .names = names, .complaint = complaint, .line = line
	};

	*script = (struct script){ NULL, NULL };
	parser_begin(&parser, text);
	if (parse_statements(&parser, &script->first, false))
		return SYNTAX_OK;
	syntax_fini(script);
	return parser.unfinished ? SYNTAX_UNFINISHED : SYNTAX_WRONG;
}

void syntax_fini(struct script *script)
{
	while (script->pieces) {
		struct piece *piece = script->pieces;

		script->pieces = piece->next;
		free(piece);
	}
}
