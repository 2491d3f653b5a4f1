/* SPDX-License-Identifier: MIT */
/*
 * A script as it was parsed: statements, and the expressions in them.
 *
 *   line       := [statement] ['#' comment]
 *   statement  := [place '='] VERB argument...		a call; docs/scenarios.md has the verbs
 *	         | place '=' expression
 *	         | 'expect' expression
 *	         | 'print' expression [',' expression]...
 *	         | block
 *   place      := NAME ['[' expression ']']
 *   argument   := NAME '=' expression | expression	by name, or in the verb's own order
 *   block      := 'repeat' expression ['as' NAME]	lines up to a line 'end'
 *	         | 'while' expression
 *	         | 'if' expression			perhaps with a line 'else'
 *	         | 'as' 'cpu' expression		on that virtual CPU
 *	         | 'in' ('atomic' | 'irq')		in an atomic section, an interrupt handler
 *	         | 'scope' ('noio' | 'nofs' | 'noreclaim' | 'pin')	memalloc_*_save()
 *   expression := conjunction ['or' conjunction]...
 *   conjunction:= negation ['and' negation]...
 *   negation   := 'not' negation | comparison
 *   comparison := sum [('==' | '!=' | '<' | '<=' | '>' | '>=') sum]
 *   sum        := operands of | ^ & << >> + - * / %, which bind as in C
 *   operand    := ('-' | '~') operand | primary
 *   primary    := (NUMBER | FRACTION | TEXT | NULL | NAME | GFP_... | FUNCTION ['(' ... ')']
 *	          | '(' expression ')') { '[' expression ']' | FUNCTION of one argument }
 *
 * So "p pfn" is pfn(p), and "a == b ^ 8" is a == (b ^ 8). A text + something is a longer text.
 */
#ifndef SCENARIO_SYNTAX_H
#define SCENARIO_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include "complaint.h"
#include "names.h"
#include "value.h"

struct function;
struct verb;

enum expr_kind {
	EXPR_VALUE,
	EXPR_VARIABLE,
	EXPR_INDEX, /* a[b] */
	EXPR_FUNCTION,
	EXPR_UNARY,
	EXPR_BINARY,
};

enum op {
	OP_OR,
	OP_AND,
	OP_NOT,
	OP_EQUAL,
	OP_UNEQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_BIT_OR,
	OP_BIT_XOR,
	OP_BIT_AND,
	OP_LEFT,
	OP_RIGHT,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_REMAINDER,
	OP_NEGATE,
	OP_INVERT,
};

#define FUNCTION_ARGS_MAX 3

struct expr {
	enum expr_kind kind;
	const char *source; /* as it stands in the script */
	size_t source_len;
	struct value value;
	size_t variable; /* its number */
	const struct function *function;
	enum op op;
	struct expr *operand[FUNCTION_ARGS_MAX];
	size_t nr_operands;
};

struct argument {
	struct argument *next;
	const struct expr *expr;
	const char *name; /* of the parameter; NULL: by its place */
};

enum stmt_kind {
	STMT_CALL,
	STMT_ASSIGN,
	STMT_EXPECT,
	STMT_PRINT,
	STMT_REPEAT,
	STMT_WHILE,
	STMT_IF,
	STMT_CPU,
	STMT_SECTION,
	STMT_SCOPE,
};

/* What is assigned to. */
struct place {
	bool is_given, has_index;
	size_t variable;
	const struct expr *index;
};

struct stmt {
	struct stmt *next;
	enum stmt_kind kind;
	int line;
	struct place place;	    /* CALL, ASSIGN; REPEAT: the count */
	const struct verb *verb;    /* CALL */
	struct argument *arguments; /* CALL, PRINT */
	const char *words;	    /* CALL: what stands behind a verb that takes plain words */
	const struct expr *expr;
	unsigned int flag; /* SECTION: what it adds to preempt_count; SCOPE: a PF_ flag */
	struct stmt *body, *otherwise;
};

struct script {
	struct piece *pieces; /* all that it consists of */
	struct stmt *first;
};

enum syntax_result {
	SYNTAX_OK,
	SYNTAX_UNFINISHED, /* the text ends inside a block */
	SYNTAX_WRONG,
};

/*
 * Parse @text, whose first line has number @line. @names has the names of variables and the
 * texts; it and @text must live as long as the script. Otherwise than with SYNTAX_OK
 * @complaint says why, and there is no script to be freed.
 */
enum syntax_result syntax_parse(struct script *script, const char *text, int line,
				struct names *names, struct complaint *complaint);

void syntax_fini(struct script *script);

/* The words with a meaning of their own, NULL at the end. */
extern const char *const syntax_keywords[];

/* Constant number @i, but for the flags of gfp.h; NULL past the last. */
const char *syntax_constant(size_t i);

#endif
