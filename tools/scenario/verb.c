/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "eval.h"
#include "explain.h"
#include "record.h"
#include "verb.h"

static const struct verb *const tables[] = {
	verbs_machine, verbs_scene, verbs_page, verbs_slab, verbs_vmap, verbs_pool, verbs_reclaim,
};

const struct verb *verb_at(size_t i)
{
	for (size_t table = 0; table < sizeof(tables) / sizeof(tables[0]); table++) {
		for (const struct verb *verb = tables[table]; verb->name; verb++) {
			if (!i--)
				return verb;
		}
	}
	return NULL;
}

const struct verb *verb_find(const char *name, size_t len)
{
	const struct verb *verb;

	for (size_t i = 0; (verb = verb_at(i)); i++) {
		if (strlen(verb->name) == len && memcmp(verb->name, name, len) == 0)
			return verb;
	}
	return NULL;
}

static size_t nr_params(const struct verb *verb)
{
	size_t nr = 0;

	while (nr < VERB_PARAMS_MAX && verb->params[nr].name)
		nr++;
	return nr;
}

void verb_show(const struct verb *verb, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, "%s", verb->name);

	if (verb->form == VERB_THINGS)
		len += (size_t)snprintf(buf + len, size - len, " thing...");
	else if (verb->form == VERB_WORDS)
		len += (size_t)snprintf(buf + len, size - len, " [word...]");
	else if (verb->form == VERB_PATH)
		len += (size_t)snprintf(buf + len, size - len, " path");
	for (size_t i = 0; i < nr_params(verb) && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len,
					verb->params[i].optional ? " [%s]" : " %s",
					verb->params[i].name);
}

/* --- arguments -------------------------------------------------------------- */

static bool is_of_kind(const struct param *param, struct value value)
{
	switch (param->kind) {
	case PARAM_NUMBER:
		return value.kind == VALUE_NUMBER;
	case PARAM_FRACTION:
		return value.kind == VALUE_FRACTION || value.kind == VALUE_NUMBER;
	case PARAM_TEXT:
		return value.kind == VALUE_TEXT;
	case PARAM_THING:
		return value.kind == VALUE_THING && param->things & THING_SET(value.thing->kind);
	default:
		return true;
	}
}

static void show_wanted(const struct param *param, char *buf, size_t size)
{
	static const char *const names[] = {
		[PARAM_NUMBER] = "a number", [PARAM_FRACTION] = "a number", [PARAM_TEXT] = "a text"
	};

	if (param->kind == PARAM_THING)
		thing_kinds_show(param->things, buf, size);
	else
		snprintf(buf, size, "%s", names[param->kind]);
}

static bool check_alive(struct session *session, const struct expr *expr, const struct thing *thing)
{
	if (thing->alive)
		return true;
	if (!thing->gone_at)
		return session_complain(session, "%.*s is gone with its machine",
					(int)expr->source_len, expr->source);
	return session_complain(session, "%.*s was given back on line %d", (int)expr->source_len,
				expr->source, thing->gone_at);
}

static bool check(struct session *session, const struct verb *verb, const struct param *param,
		  const struct expr *expr, struct value value)
{
	char wanted[256];

	if (!is_of_kind(param, value)) {
		show_wanted(param, wanted, sizeof(wanted));
		return session_complain(session, "%s: %s is to be %s, and %.*s is %s", verb->name,
					param->name, wanted, (int)expr->source_len, expr->source,
					value_kind_name(value));
	}
	if (param->kind == PARAM_THING)
		return check_alive(session, expr, value.thing);
	if (param->kind == PARAM_NUMBER && (param->least || param->most) &&
	    (value.number < param->least || value.number > param->most)) {
		if (param->most == __LONG_MAX__)
			return session_complain(session, "%s: %s is at least %ld, not %ld",
						verb->name, param->name, param->least,
						value.number);
		return session_complain(session, "%s: %s is from %ld to %ld, not %ld", verb->name,
					param->name, param->least, param->most, value.number);
	}
	return true;
}

/* The parameter that an argument is for, or -1 after a complaint. */
static int param_of(struct session *session, const struct args *args,
		    const struct argument *argument)
{
	const struct verb *verb = args->verb;
	size_t nr = nr_params(verb);
	char call[256];
	int i = 0;

	while ((size_t)i < nr && (argument->name ? strcmp(argument->name, verb->params[i].name) != 0
						 : args->is_given[i]))
		i++;
	verb_show(verb, call, sizeof(call));
	if ((size_t)i == nr && argument->name)
		session_complain(session, "%s has no parameter '%s': %s", verb->name,
				 argument->name, call);
	else if ((size_t)i == nr)
		session_complain(session, "%.*s is an argument too many: %s",
				 (int)argument->expr->source_len, argument->expr->source, call);
	else if (args->is_given[i])
		session_complain(session, "%s: %s is given twice", verb->name, argument->name);
	else
		return i;
	return -1;
}

static bool take_argument(struct session *session, struct args *args,
			  const struct argument *argument)
{
	int i = param_of(session, args, argument);

	if (i < 0 || !eval(session, argument->expr, &args->given[i]))
		return false;
	args->is_given[i] = true;
	return check(session, args->verb, &args->verb->params[i], argument->expr, args->given[i]);
}

static bool take_fallbacks(struct session *session, struct args *args)
{
	const struct verb *verb = args->verb;
	char call[256];

	for (size_t i = 0; i < nr_params(verb); i++) {
		if (args->is_given[i])
			continue;
		if (!verb->params[i].optional) {
			verb_show(verb, call, sizeof(call));
			return session_complain(session, "%s needs %s: %s", verb->name,
						verb->params[i].name, call);
		}
		if (verb->params[i].kind == PARAM_NUMBER || verb->params[i].kind == PARAM_FRACTION)
			args->given[i] = value_number(verb->params[i].fallback);
	}
	return true;
}

static size_t place_of(const struct args *args, const char *name)
{
	size_t i = 0;

	while (strcmp(args->verb->params[i].name, name) != 0)
		i++;
	return i;
}

long args_number(const struct args *args, const char *name)
{
	return args->given[place_of(args, name)].number;
}

double args_fraction(const struct args *args, const char *name)
{
	struct value value = args->given[place_of(args, name)];

	return value.kind == VALUE_FRACTION ? value.fraction : (double)value.number;
}

const char *args_text(const struct args *args, const char *name)
{
	return args->given[place_of(args, name)].text;
}

struct thing *args_thing(const struct args *args, const char *name)
{
	return args->given[place_of(args, name)].thing;
}

bool args_has(const struct args *args, const char *name)
{
	return args->is_given[place_of(args, name)];
}

/* --- calls ------------------------------------------------------------------ */

static bool call_with_params(struct session *session, const struct stmt *call, struct value *result)
{
	struct args args = { .verb = call->verb, .words = call->words };
	bool done = true;

	for (const struct argument *arg = call->arguments; done && arg; arg = arg->next)
		done = take_argument(session, &args, arg);
	done = done && take_fallbacks(session, &args);
	if (done && !call->verb->is_aside)
		explain_begin(session);
	done = done && call->verb->run(session, &args, result);
	if (done)
		record_call(session, &args, *result);
	for (size_t i = 0; i < VERB_PARAMS_MAX; i++) {
		if (args.is_given[i])
			value_drop(args.given[i]);
	}
	return done;
}

static bool call_on(struct session *session, const struct verb *verb, struct thing *thing)
{
	struct recorder_event event = { .cpu = -1 };

	if (session->recorder)
		event = record_of(verb->name, thing);
	if (!verb->each(session, thing))
		return false;
	record_event(session, &event);
	return true;
}

/* One of what a verb of the form THINGS is given; NULL is none. */
static bool call_each(struct session *session, const struct verb *verb, const struct expr *expr,
		      struct value value)
{
	const struct param any = { .name = "its argument",
				   .kind = PARAM_THING,
				   .things = verb->things };

	if (value.kind == VALUE_LIST) {
		for (size_t i = 0; i < value.list->count; i++) {
			struct value item = value.list->items[i];

			/* Of a list, what is left. */
			if (item.kind == VALUE_NOTHING ||
			    (item.kind == VALUE_THING && !item.thing->alive))
				continue;
			if (!call_each(session, verb, expr, item))
				return false;
		}
		return true;
	}
	if (value.kind == VALUE_NULL)
		return true;
	return check(session, verb, &any, expr, value) && call_on(session, verb, value.thing);
}

static bool call_with_things(struct session *session, const struct stmt *call)
{
	if (!call->arguments)
		return session_complain(session, "%s: what?", call->verb->name);
	explain_begin(session);
	for (const struct argument *arg = call->arguments; arg; arg = arg->next) {
		struct value value;
		bool done;

		if (arg->name)
			return session_complain(session, "%s has no parameter '%s'",
						call->verb->name, arg->name);
		if (!eval(session, arg->expr, &value))
			return false;
		done = call_each(session, call->verb, arg->expr, value);
		value_drop(value);
		if (!done)
			return false;
	}
	return true;
}

bool verb_call(struct session *session, const struct stmt *call, struct value *result)
{
	if (call->verb->needs_no_machine || session_need_machine(session))
		return call->verb->form == VERB_THINGS ? call_with_things(session, call)
						       : call_with_params(session, call, result);
	return false;
}

struct thing *verb_hold(struct session *session, enum thing_kind kind, void *at,
			struct value *result)
{
	if (!at) {
		*result = value_null();
		return NULL;
	}
	result->kind = VALUE_THING;
	result->thing = thing_new(&session->things, kind, at, session->line);
	return result->thing;
}

bool verb_free(struct session *session, struct thing *thing)
{
	explain_gone(session, thing);
	if (thing_give_back(thing))
		thing_gone(&session->things, thing, session->line);
	return true;
}

bool verb_give_back(struct session *session, struct thing *thing)
{
	if (thing->from && thing->from->kind == THING_POOL && thing->from->alive)
		return session_complain(session, "%s from a memory pool goes back by mempool_free",
					thing_kind_name(thing->kind));
	return verb_free(session, thing);
}
