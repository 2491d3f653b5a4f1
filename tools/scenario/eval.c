/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <string.h>

#include "eval.h"
#include "function.h"
#include "suggest.h"
#include "verb.h"

static bool eval_variable(struct session *session, const struct expr *expr, struct value *result)
{
	struct value *variable = session_variable(session, expr->variable);
	const char *name = session->names.texts[expr->variable], *meant;

	if (variable->kind != VALUE_NOTHING) {
		*result = value_copy(*variable);
		return true;
	}
	meant = suggest(name, expr->source_len, suggest_verb);
	if (!meant)
		meant = suggest(name, expr->source_len, suggest_function);
	if (meant)
		return session_complain(session, "no variable '%s'; did you mean '%s'?", name,
					meant);
	return session_complain(
		session,
		"no variable '%s': nothing was assigned to it; a text stands in double "
		"quotes",
		name);
}

static bool eval_index(struct session *session, const struct expr *expr, struct value *result)
{
	struct value list;
	long index;
	bool found;

	if (!eval(session, expr->operand[0], &list))
		return false;
	if (list.kind != VALUE_LIST) {
		session_complain(session, "%.*s is %s, not a list",
				 (int)expr->operand[0]->source_len, expr->operand[0]->source,
				 value_kind_name(list));
		value_drop(list);
		return false;
	}
	found = eval_number(session, expr->operand[1], &index);
	if (found) {
		found = index >= 0 && (size_t)index < list.list->count &&
			list.list->items[index].kind != VALUE_NOTHING;
		if (found)
			*result = value_copy(list.list->items[index]);
		else
			session_complain(session, "%.*s[%ld] was not assigned; count(%.*s) is %zu",
					 (int)expr->operand[0]->source_len,
					 expr->operand[0]->source, index,
					 (int)expr->operand[0]->source_len,
					 expr->operand[0]->source, list.list->count);
	}
	value_drop(list);
	return found;
}

static bool eval_function(struct session *session, const struct expr *expr, struct value *result)
{
	struct value args[FUNCTION_ARGS_MAX];
	size_t nr = 0;
	bool done = session_need_machine(session);

	while (done && nr < expr->nr_operands) {
		done = eval(session, expr->operand[nr], &args[nr]);
		nr += done;
	}
	session->function = expr->function;
	done = done && expr->function->run(session, args, nr, result);
	while (nr)
		value_drop(args[--nr]);
	return done;
}

static bool is_number(struct value value)
{
	return value.kind == VALUE_NUMBER;
}

static bool is_numeric(struct value value)
{
	return is_number(value) || value.kind == VALUE_FRACTION;
}

static double fraction_of(struct value value)
{
	return is_number(value) ? (double)value.number : value.fraction;
}

static bool eval_unary(struct session *session, const struct expr *expr, struct value *result)
{
	struct value operand;

	if (!eval(session, expr->operand[0], &operand))
		return false;
	if (expr->op == OP_NOT) {
		*result = value_number(!value_is_true(operand));
		value_drop(operand);
		return true;
	}
	if (is_number(operand) && (expr->op == OP_INVERT || operand.number != LONG_MIN)) {
		*result = value_number(expr->op == OP_INVERT ? ~operand.number : -operand.number);
		return true;
	}
	if (expr->op == OP_NEGATE && operand.kind == VALUE_FRACTION) {
		*result = value_fraction(-operand.fraction);
		return true;
	}
	session_complain(session, "'%s' wants a number, and %.*s is %s",
			 expr->op == OP_INVERT ? "~" : "-", (int)expr->operand[0]->source_len,
			 expr->operand[0]->source, value_kind_name(operand));
	value_drop(operand);
	return false;
}

/* Return: false if the result is no number that there is. */
static bool compute(enum op op, long a, long b, long *result)
{
	switch (op) {
	case OP_BIT_OR:
		*result = a | b;
		return true;
	case OP_BIT_XOR:
		*result = a ^ b;
		return true;
	case OP_BIT_AND:
		*result = a & b;
		return true;
	case OP_LEFT:
		return b >= 0 && b < 63 && a >= 0 && !__builtin_mul_overflow(a, 1L << b, result);
	case OP_RIGHT:
		*result = b < 63 ? a >> (b & 63) : 0;
		return b >= 0 && a >= 0;
	case OP_ADD:
		return !__builtin_add_overflow(a, b, result);
	case OP_SUBTRACT:
		return !__builtin_sub_overflow(a, b, result);
	case OP_MULTIPLY:
		return !__builtin_mul_overflow(a, b, result);
	case OP_DIVIDE:
		*result = b && b != -1 ? a / b : 0;
		return b && b != -1 ? true : b && !__builtin_sub_overflow(0, a, result);
	default:
		*result = b && b != -1 ? a % b : 0;
		return b != 0;
	}
}

static bool compute_fraction(enum op op, double a, double b, double *result)
{
	switch (op) {
	case OP_ADD:
		*result = a + b;
		return true;
	case OP_SUBTRACT:
		*result = a - b;
		return true;
	case OP_MULTIPLY:
		*result = a * b;
		return true;
	case OP_DIVIDE:
		*result = a / b;
		return b != 0;
	default:
		return false;
	}
}

/* The two as print shows them, one behind the other. */
static struct value join(struct session *session, struct value a, struct value b)
{
	char text[1024];
	size_t len;

	value_show(a, text, sizeof(text));
	len = strlen(text);
	value_show(b, text + len, sizeof(text) - len);
	return value_text(session_text(session, text, strlen(text)));
}

static bool calculate(struct session *session, const struct expr *expr, struct value a,
		      struct value b, struct value *result)
{
	double fraction;
	long number;

	if (expr->op == OP_ADD && (a.kind == VALUE_TEXT || b.kind == VALUE_TEXT)) {
		*result = join(session, a, b);
		return true;
	}
	if (is_number(a) && is_number(b)) {
		if (compute(expr->op, a.number, b.number, &number)) {
			*result = value_number(number);
			return true;
		}
		return session_complain(session, "%.*s, with %ld and %ld, has no result",
					(int)expr->source_len, expr->source, a.number, b.number);
	}
	if (is_numeric(a) && is_numeric(b)) {
		if (compute_fraction(expr->op, fraction_of(a), fraction_of(b), &fraction)) {
			*result = value_fraction(fraction);
			return true;
		}
		return session_complain(session, "%.*s has no result with a fraction",
					(int)expr->source_len, expr->source);
	}
	return session_complain(session, "%.*s wants numbers, and has %s and %s",
				(int)expr->source_len, expr->source, value_kind_name(a),
				value_kind_name(b));
}

static bool compare(struct session *session, const struct expr *expr, struct value a,
		    struct value b, struct value *result)
{
	int order;
	bool is;

	if (!value_compare(a, b, &order))
		return session_complain(session, "%.*s compares %s with %s", (int)expr->source_len,
					expr->source, value_kind_name(a), value_kind_name(b));
	if (expr->op == OP_EQUAL || expr->op == OP_UNEQUAL) {
		*result = value_number((order == 0) == (expr->op == OP_EQUAL));
		return true;
	}
	if (order == 2 || a.kind == VALUE_NULL)
		return session_complain(session, "%.*s: %s and %s have no order",
					(int)expr->source_len, expr->source, value_kind_name(a),
					value_kind_name(b));
	if (expr->op == OP_LESS)
		is = order < 0;
	else if (expr->op == OP_LESS_EQUAL)
		is = order <= 0;
	else if (expr->op == OP_GREATER)
		is = order > 0;
	else
		is = order >= 0;
	*result = value_number(is);
	return true;
}

/* The right side only where the left one does not decide. */
static bool eval_logic(struct session *session, const struct expr *expr, struct value *result)
{
	struct value operand;
	bool is;

	for (size_t i = 0; i < 2; i++) {
		if (!eval(session, expr->operand[i], &operand))
			return false;
		is = value_is_true(operand);
		value_drop(operand);
		if (is == (expr->op == OP_OR))
			break;
	}
	*result = value_number(is);
	return true;
}

static bool eval_binary(struct session *session, const struct expr *expr, struct value *result)
{
	struct value a, b;
	bool done;

	if (expr->op == OP_OR || expr->op == OP_AND)
		return eval_logic(session, expr, result);
	if (!eval(session, expr->operand[0], &a))
		return false;
	done = eval(session, expr->operand[1], &b);
	if (done) {
		done = expr->op >= OP_EQUAL && expr->op <= OP_GREATER_EQUAL
			       ? compare(session, expr, a, b, result)
			       : calculate(session, expr, a, b, result);
		value_drop(b);
	}
	value_drop(a);
	return done;
}

bool eval(struct session *session, const struct expr *expr, struct value *result)
{
	switch (expr->kind) {
	case EXPR_VALUE:
		*result = value_copy(expr->value);
		return true;
	case EXPR_VARIABLE:
		return eval_variable(session, expr, result);
	case EXPR_INDEX:
		return eval_index(session, expr, result);
	case EXPR_FUNCTION:
		return eval_function(session, expr, result);
	case EXPR_UNARY:
		return eval_unary(session, expr, result);
	default:
		return eval_binary(session, expr, result);
	}
}

bool eval_number(struct session *session, const struct expr *expr, long *number)
{
	struct value value;

	if (!eval(session, expr, &value))
		return false;
	if (value.kind == VALUE_NUMBER) {
		*number = value.number;
		return true;
	}
	session_complain(session, "%.*s is %s, not a number", (int)expr->source_len, expr->source,
			 value_kind_name(value));
	value_drop(value);
	return false;
}
