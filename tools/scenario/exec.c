/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <kalloc/context.h>

#include "eval.h"
#include "exec.h"
#include "facts.h"
#include "interrupt.h"
#include "verb.h"

/* --- expectations ----------------------------------------------------------- */

/* "  pfn(q) = 1040", unless the expression is the value itself. */
static void show_side(struct session *session, const struct expr *expr)
{
	struct value value;
	char text[256];

	if (expr->kind == EXPR_VALUE || !eval(session, expr, &value))
		return;
	value_show(value, text, sizeof(text));
	fprintf(session->options.out, "    %.*s is %s\n", (int)expr->source_len, expr->source,
		text);
	value_drop(value);
}

static void show_sides(struct session *session, const struct expr *expr)
{
	bool is_logic = (expr->kind == EXPR_BINARY && expr->op <= OP_AND) ||
			(expr->kind == EXPR_UNARY && expr->op == OP_NOT);
	bool is_comparison =
		expr->kind == EXPR_BINARY && expr->op >= OP_EQUAL && expr->op <= OP_GREATER_EQUAL;

	if (!is_logic && !is_comparison) {
		show_side(session, expr);
		for (size_t i = 0; expr->kind == EXPR_FUNCTION && i < expr->nr_operands; i++)
			show_side(session, expr->operand[i]);
		return;
	}
	for (size_t i = 0; i < expr->nr_operands; i++) {
		if (is_logic)
			show_sides(session, expr->operand[i]);
		else
			show_side(session, expr->operand[i]);
	}
}

static bool exec_expect(struct session *session, const struct stmt *stmt)
{
	struct value value;
	bool is;

	if (!eval(session, stmt->expr, &value))
		return false;
	is = value_is_true(value);
	value_drop(value);
	if (is) {
		session->nr_held++;
		return true;
	}
	session->nr_failed++;
	fprintf(session->options.out, "%s:%d: not as expected: %.*s\n", session->options.name,
		stmt->line, (int)stmt->expr->source_len, stmt->expr->source);
	show_sides(session, stmt->expr);
	return session->options.keep_going;
}

/* --- assigning -------------------------------------------------------------- */

static bool assign_element(struct session *session, const struct place *place, struct value value)
{
	struct value_list *list;
	long index;

	if (!eval_number(session, place->index, &index))
		return false;
	if (index < 0 || index > 1L << 24)
		return session_complain(session, "%s[%ld]: an index is from 0 to 16M",
					session->names.texts[place->variable], index);
	list = value_list_own(session_variable(session, place->variable));
	while (list->count <= (size_t)index)
		value_list_add(list, (struct value){ .kind = VALUE_NOTHING });
	value_drop(list->items[index]);
	list->items[index] = value;
	return true;
}

/* Takes @value. */
static bool assign(struct session *session, const struct place *place, struct value value)
{
	struct value *variable;

	if (value.kind == VALUE_NOTHING)
		return session_complain(session,
					"%s: there is nothing to assign: the verb has no "
					"result",
					session->names.texts[place->variable]);
	if (place->has_index) {
		if (assign_element(session, place, value))
			return true;
		value_drop(value);
		return false;
	}
	variable = session_variable(session, place->variable);
	value_drop(*variable);
	*variable = value;
	return true;
}

/* Show what nobody has assigned, and assign it to `it`. */
static void keep(struct session *session, struct value result)
{
	const struct place it = { .is_given = true,
				  .variable = names_id(&session->names, "it", 2) };
	char text[512];

	value_show(result, text, sizeof(text));
	fprintf(session->options.out, "%s\n", text);
	assign(session, &it, result);
}

static bool exec_call(struct session *session, const struct stmt *stmt)
{
	struct value result = { .kind = VALUE_NOTHING };

	if (!verb_call(session, stmt, &result))
		return false;
	if (stmt->place.is_given)
		return assign(session, &stmt->place, result);
	if (session->options.interactive && result.kind != VALUE_NOTHING)
		keep(session, result);
	else
		value_drop(result);
	return true;
}

static bool exec_assign(struct session *session, const struct stmt *stmt)
{
	struct value value;

	return eval(session, stmt->expr, &value) && assign(session, &stmt->place, value);
}

/* The whole line or nothing. */
static bool exec_print(struct session *session, const struct stmt *stmt)
{
	char line[2048] = "";
	size_t len = 0;

	for (const struct argument *item = stmt->arguments; item; item = item->next) {
		struct value value;

		if (!eval(session, item->expr, &value))
			return false;
		value_show(value, line + len, sizeof(line) - len - 1);
		len += strlen(line + len);
		if (item->next)
			line[len++] = ' ';
		line[len] = '\0';
		value_drop(value);
		if (len + 2 >= sizeof(line))
			break;
	}
	fprintf(session->options.out, "%s\n", line);
	return true;
}

/* --- blocks ----------------------------------------------------------------- */

/* Between two rounds of a loop, which may be a mistake. */
static bool goes_on(struct session *session, const struct stmt *loop)
{
	session->line = loop->line;
	return !interrupt_came() || session_complain(session, "interrupted");
}

static bool exec_repeat(struct session *session, const struct stmt *stmt)
{
	long times;

	if (!eval_number(session, stmt->expr, &times))
		return false;
	if (times < 0)
		return session_complain(session, "repeat %ld: not a number of times", times);
	for (long i = 0; i < times; i++) {
		if (stmt->place.is_given && !assign(session, &stmt->place, value_number(i)))
			return false;
		if (!exec(session, stmt->body) || !goes_on(session, stmt))
			return false;
	}
	return true;
}

static bool eval_condition(struct session *session, const struct stmt *stmt, bool *is)
{
	struct value value;

	session->line = stmt->line;
	if (!eval(session, stmt->expr, &value))
		return false;
	*is = value_is_true(value);
	value_drop(value);
	return true;
}

static bool exec_while(struct session *session, const struct stmt *stmt)
{
	bool is;

	for (;;) {
		if (!eval_condition(session, stmt, &is))
			return false;
		if (!is)
			return true;
		if (!exec(session, stmt->body) || !goes_on(session, stmt))
			return false;
	}
}

static bool exec_if(struct session *session, const struct stmt *stmt)
{
	bool is;

	return eval_condition(session, stmt, &is) &&
	       exec(session, is ? stmt->body : stmt->otherwise);
}

static bool exec_cpu(struct session *session, const struct stmt *stmt)
{
	long cpu;
	int before;
	bool done;

	if (!session_need_machine(session) || !eval_number(session, stmt->expr, &cpu))
		return false;
	if (cpu < 0 || cpu >= facts_nr_cpus())
		return session_complain(session, "as cpu %ld: the machine has CPUs 0 to %ld", cpu,
					facts_nr_cpus() - 1);
	before = kalloc_set_cpu((int)cpu);
	done = exec(session, stmt->body);
	kalloc_set_cpu(before);
	return done;
}

static bool exec_section(struct session *session, const struct stmt *stmt)
{
	bool done;

	kalloc_task()->preempt_count += stmt->flag;
	done = exec(session, stmt->body);
	kalloc_task()->preempt_count -= stmt->flag;
	return done;
}

static bool exec_scope(struct session *session, const struct stmt *stmt)
{
	unsigned int before = kalloc_scope_enter(stmt->flag);
	bool done = exec(session, stmt->body);

	kalloc_scope_leave(stmt->flag, before);
	return done;
}

static bool exec_one(struct session *session, const struct stmt *stmt)
{
	static bool (*const run[])(struct session *, const struct stmt *) = {
		[STMT_CALL] = exec_call,       [STMT_ASSIGN] = exec_assign,
		[STMT_EXPECT] = exec_expect,   [STMT_PRINT] = exec_print,
		[STMT_REPEAT] = exec_repeat,   [STMT_WHILE] = exec_while,
		[STMT_IF] = exec_if,	       [STMT_CPU] = exec_cpu,
		[STMT_SECTION] = exec_section, [STMT_SCOPE] = exec_scope,
	};

	session->line = stmt->line;
	session_echo(session, stmt->line,
		     stmt->kind == STMT_CALL && stmt->verb->asks && session->options.answers);
	return run[stmt->kind](session, stmt);
}

bool exec(struct session *session, const struct stmt *stmt)
{
	for (; stmt; stmt = stmt->next) {
		if (!exec_one(session, stmt))
			return false;
		session_poll(session);
	}
	return true;
}
