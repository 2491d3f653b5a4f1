/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <kalloc/gfp.h>
#include <kalloc/mempolicy.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>

#include "function.h"
#include "parser.h"

/* Operators by how tightly they bind, the loosest first. */
struct level {
	struct {
		const char *sign;
		enum op op;
	} ops[3];
};

static const struct level levels[] = {
	{ { { "|", OP_BIT_OR } } },
	{ { { "^", OP_BIT_XOR } } },
	{ { { "&", OP_BIT_AND } } },
	{ { { "<<", OP_LEFT }, { ">>", OP_RIGHT } } },
	{ { { "+", OP_ADD }, { "-", OP_SUBTRACT } } },
	{ { { "*", OP_MULTIPLY }, { "/", OP_DIVIDE }, { "%", OP_REMAINDER } } },
};
#define NR_LEVELS (sizeof(levels) / sizeof(levels[0]))

static const struct {
	const char *sign;
	enum op op;
} comparisons[] = {
	{ "==", OP_EQUAL }, { "!=", OP_UNEQUAL },	{ "<=", OP_LESS_EQUAL },
	{ "<", OP_LESS },   { ">=", OP_GREATER_EQUAL }, { ">", OP_GREATER },
};

#define CONSTANT(name)      \
	{                   \
#name, name \
	}

static const struct {
	const char *name;
	long number;
} constants[] = {
	CONSTANT(PAGE_SIZE),
	CONSTANT(SLAB_HWCACHE_ALIGN),
	CONSTANT(SLAB_CACHE_DMA),
	CONSTANT(SLAB_CACHE_DMA32),
	CONSTANT(SLAB_RECLAIM_ACCOUNT),
	CONSTANT(SLAB_TYPESAFE_BY_RCU),
	CONSTANT(SLAB_ACCOUNT),
	CONSTANT(SLAB_RED_ZONE),
	CONSTANT(SLAB_POISON),
	CONSTANT(SLAB_STORE_USER),
	CONSTANT(MPOL_DEFAULT),
	CONSTANT(MPOL_PREFERRED),
	CONSTANT(MPOL_BIND),
	CONSTANT(MPOL_INTERLEAVE),
	CONSTANT(MPOL_LOCAL),
	CONSTANT(MPOL_PREFERRED_MANY),
	{ "CLEAN", KALLOC_PAGE_CLEAN },
	{ "DIRTY", KALLOC_PAGE_DIRTY },
	{ "ANON", KALLOC_PAGE_ANON },
};

const char *syntax_constant(size_t i)
{
	return i < sizeof(constants) / sizeof(constants[0]) ? constants[i].name : NULL;
}

/* A flag of gfp.h, or one of the constants. */
static bool find_constant(const struct token *name, long *number)
{
	char text[64];
	gfp_t gfp;

	if (name->len >= sizeof(text))
		return false;
	memcpy(text, name->at, name->len);
	text[name->len] = '\0';
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		*number = constants[i].number;
		if (strcmp(text, constants[i].name) == 0)
			return true;
	}
	if (!strstr(text, "GFP_") || kalloc_gfp_parse(text, &gfp))
		return false;
	*number = (long)gfp;
	return true;
}

bool parser_is_constant(const struct token *name)
{
	long number;

	return find_constant(name, &number);
}

/* A node that begins at @start and, for now, ends before the next token. */
static struct expr *node(struct parser *parser, enum expr_kind kind, const char *start)
{
	struct expr *expr = parser_new(parser, sizeof(*expr));

	expr->kind = kind;
	expr->source = start;
	expr->source_len = parser->end > start ? (size_t)(parser->end - start) : 0;
	return expr;
}

static struct expr *value_node(struct parser *parser, const char *start, struct value value)
{
	struct expr *expr;

	parser_advance(parser);
	expr = node(parser, EXPR_VALUE, start);
	expr->value = value;
	return expr;
}

static struct expr *binary_node(struct parser *parser, enum op op, struct expr *left,
				struct expr *right)
{
	struct expr *expr;

	if (!right)
		return NULL;
	expr = node(parser, EXPR_BINARY, left->source);
	expr->op = op;
	expr->operand[0] = left;
	expr->operand[1] = right;
	expr->nr_operands = 2;
	return expr;
}

static struct expr *unary_node(struct parser *parser, enum op op, const char *start,
			       struct expr *operand)
{
	struct expr *expr;

	if (!operand)
		return NULL;
	expr = node(parser, EXPR_UNARY, start);
	expr->op = op;
	expr->operand[0] = operand;
	expr->nr_operands = 1;
	return expr;
}

/* The arguments of a function, between parentheses. */
static bool parse_args(struct parser *parser, struct expr *call)
{
	const struct function *function = call->function;

	if (parser_accept(parser, ")"))
		return true;
	for (;;) {
		struct expr *arg;

		if (call->nr_operands == function->most)
			return parser_complain(parser, "%s takes no more than %u: %s(%s)",
					       function->name, function->most, function->name,
					       function->args);
		arg = parser_expr(parser);
		if (!arg)
			return false;
		call->operand[call->nr_operands++] = arg;
		if (parser_accept(parser, ")"))
			return true;
		if (!parser_accept(parser, ","))
			return parser_expected(parser, "',' or ')'");
	}
}

static struct expr *parse_function(struct parser *parser, const struct function *function)
{
	const char *start = parser->token.at;
	bool has_args = token_is(&parser->next, "(") && !parser->next.apart;
	struct expr *call;

	parser_advance(parser);
	call = node(parser, EXPR_FUNCTION, start);
	call->function = function;
	if (has_args) {
		parser_advance(parser);
		if (!parse_args(parser, call))
			return NULL;
	}
	if (call->nr_operands < function->least) {
		parser_complain(parser, "%s needs %s: %s(%s)", function->name,
				function->least == 1 ? "an argument" : "more arguments",
				function->name, function->args);
		return NULL;
	}
	call->source_len = (size_t)(parser->end - start);
	return call;
}

static struct expr *parse_name(struct parser *parser)
{
	const struct token name = parser->token;
	const struct function *function = function_find(name.at, name.len);
	bool has_args = token_is(&parser->next, "(") && !parser->next.apart;
	struct expr *expr;
	size_t variable;
	long number;

	if (token_is(&name, "NULL"))
		return value_node(parser, name.at, value_null());
	if (find_constant(&name, &number))
		return value_node(parser, name.at, value_number(number));
	/* One that needs an argument and has none is a variable of that name. */
	if (function && (has_args || !function->least))
		return parse_function(parser, function);
	if (!parser_variable(parser, &name, &variable))
		return NULL;
	parser_advance(parser);
	expr = node(parser, EXPR_VARIABLE, name.at);
	expr->variable = variable;
	return expr;
}

static struct expr *parse_group(struct parser *parser)
{
	const char *start = parser->token.at;
	struct expr *expr;

	parser_advance(parser);
	expr = parser_expr(parser);
	if (!expr)
		return NULL;
	if (!parser_accept(parser, ")")) {
		parser_expected(parser, "')'");
		return NULL;
	}
	expr->source = start;
	expr->source_len = (size_t)(parser->end - start);
	return expr;
}

static struct expr *parse_simple(struct parser *parser)
{
	const struct token *token = &parser->token;

	switch (token->kind) {
	case TOKEN_NUMBER:
		return value_node(parser, token->at, value_number(token->number));
	case TOKEN_FRACTION:
		return value_node(parser, token->at, value_fraction(token->fraction));
	case TOKEN_TEXT:
		return value_node(parser, token->at - 1,
				  value_text(parser_text(parser, token->at, token->len)));
	case TOKEN_NAME:
		return parse_name(parser);
	default:
		if (token_is(token, "("))
			return parse_group(parser);
		parser_expected(parser, "a value");
		return NULL;
	}
}

/* The function that a name behind a value is, or NULL. */
static const struct function *attribute(const struct parser *parser)
{
	const struct function *function = NULL;

	if (parser->token.kind == TOKEN_NAME && !token_is(&parser->next, "=") &&
	    !(token_is(&parser->next, "(") && !parser->next.apart))
		function = function_find(parser->token.at, parser->token.len);
	return function && function->least == 1 ? function : NULL;
}

static struct expr *parse_index(struct parser *parser, struct expr *list)
{
	struct expr *index, *expr;

	parser_advance(parser);
	index = parser_expr(parser);
	if (!index)
		return NULL;
	if (!parser_accept(parser, "]")) {
		parser_expected(parser, "']'");
		return NULL;
	}
	expr = node(parser, EXPR_INDEX, list->source);
	expr->operand[0] = list;
	expr->operand[1] = index;
	expr->nr_operands = 2;
	return expr;
}

static struct expr *parse_primary(struct parser *parser)
{
	struct expr *expr = parse_simple(parser);

	while (expr) {
		const struct function *function = attribute(parser);
		struct expr *call;

		if (token_is(&parser->token, "[") && !parser->token.apart) {
			expr = parse_index(parser, expr);
			continue;
		}
		if (!function)
			return expr;
		parser_advance(parser);
		call = node(parser, EXPR_FUNCTION, expr->source);
		call->function = function;
		call->operand[0] = expr;
		call->nr_operands = 1;
		expr = call;
	}
	return NULL;
}

static struct expr *parse_operand(struct parser *parser)
{
	const char *start = parser->token.at;

	if (parser_accept(parser, "-"))
		return unary_node(parser, OP_NEGATE, start, parse_operand(parser));
	if (parser_accept(parser, "~"))
		return unary_node(parser, OP_INVERT, start, parse_operand(parser));
	return parse_primary(parser);
}

static struct expr *parse_level(struct parser *parser, size_t level)
{
	struct expr *left =
		level + 1 < NR_LEVELS ? parse_level(parser, level + 1) : parse_operand(parser);
	size_t i = 0;

	while (left && i < 3 && levels[level].ops[i].sign) {
		if (!parser_accept(parser, levels[level].ops[i].sign)) {
			i++;
			continue;
		}
		left = binary_node(parser, levels[level].ops[i].op, left,
				   level + 1 < NR_LEVELS ? parse_level(parser, level + 1)
							 : parse_operand(parser));
		i = 0;
	}
	return left;
}

static struct expr *parse_comparison(struct parser *parser)
{
	struct expr *left = parse_level(parser, 0);

	for (size_t i = 0; left && i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		if (parser_accept(parser, comparisons[i].sign))
			return binary_node(parser, comparisons[i].op, left, parse_level(parser, 0));
	}
	return left;
}

static struct expr *parse_negation(struct parser *parser)
{
	const char *start = parser->token.at;

	if (parser_accept(parser, "not"))
		return unary_node(parser, OP_NOT, start, parse_negation(parser));
	return parse_comparison(parser);
}

static struct expr *parse_conjunction(struct parser *parser)
{
	struct expr *left = parse_negation(parser);

	while (left && parser_accept(parser, "and"))
		left = binary_node(parser, OP_AND, left, parse_negation(parser));
	return left;
}

struct expr *parser_expr(struct parser *parser)
{
	struct expr *left = parse_conjunction(parser);

	while (left && parser_accept(parser, "or"))
		left = binary_node(parser, OP_OR, left, parse_conjunction(parser));
	return left;
}

bool parser_at_expr(const struct parser *parser)
{
	const struct token *token = &parser->token;

	if (token->kind == TOKEN_SIGN)
		return token_is(token, "(") || token_is(token, "-") || token_is(token, "~");
	return token->kind != TOKEN_END && token->kind != TOKEN_BAD;
}
