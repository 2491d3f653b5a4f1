/* SPDX-License-Identifier: MIT */
/*
 * The verbs of scripts: calls of the library, by its own names where it has them, and a few
 * more to set scenes. Each has parameters in an order of its own, which is the library's.
 */
#ifndef SCENARIO_VERB_H
#define SCENARIO_VERB_H

#include "session.h"
#include "syntax.h"
#include "thing.h"
#include "value.h"

#define VERB_PARAMS_MAX 5

enum param_kind {
	PARAM_NUMBER,
	PARAM_FRACTION, /* a number will do */
	PARAM_TEXT,
	PARAM_THING,
	PARAM_ANY,
};

struct param {
	const char *name; /* NULL: no more */
	enum param_kind kind;
	unsigned int things; /* PARAM_THING: which kinds */
	bool optional;
	long fallback;	  /* an optional number that is left out */
	long least, most; /* of a number; both 0: any */
};

enum verb_form {
	VERB_PARAMS,
	VERB_THINGS, /* any number of things, and lists of them: `each` is called for each */
	VERB_WORDS,  /* what stands behind it, as it stands */
	VERB_PATH,   /* a path as it stands, then parameters */
};

struct args {
	const struct verb *verb;
	struct value given[VERB_PARAMS_MAX];
	bool is_given[VERB_PARAMS_MAX];
	const char *words; /* or the path */
};

struct verb {
	const char *name;
	enum verb_form form;
	bool needs_no_machine; /* else one is booted, if there is none yet */
	bool asks;	       /* the reader; its line is not to be read before */
	bool is_aside;	       /* explain does not tell of it, but of the call before */
	struct param params[VERB_PARAMS_MAX];
	/* Return: false after a complaint; else *@result is the caller's, NOTHING at first. */
	bool (*run)(struct session *session, const struct args *args, struct value *result);
	unsigned int things; /* THINGS: which kinds */
	bool (*each)(struct session *session, struct thing *thing);
	const char *help;
};

/* Return: the verb of that name, or NULL. */
const struct verb *verb_find(const char *name, size_t len);

/* Verb number @i, or NULL past the last. */
const struct verb *verb_at(size_t i);

/* How a verb is called: "alloc_pages [gfp] [order] [nid]". */
void verb_show(const struct verb *verb, char *buf, size_t size);

/* Evaluate the arguments of a call and make it. Return: as `run`. */
bool verb_call(struct session *session, const struct stmt *call, struct value *result);

/* For verbs: a parameter's value; the thing of one that is given. */
long args_number(const struct args *args, const char *name);
double args_fraction(const struct args *args, const char *name);
const char *args_text(const struct args *args, const char *name);
struct thing *args_thing(const struct args *args, const char *name);
bool args_has(const struct args *args, const char *name);

/*
 * For verbs: what a call returned, as a result: a thing of @kind that the script holds now,
 * which is returned, too; NULL for NULL.
 */
struct thing *verb_hold(struct session *session, enum thing_kind kind, void *at,
			struct value *result);

/*
 * `each` of the verbs that give things back, whichever they are. What was taken from a memory
 * pool goes to it by mempool_free alone, or by free, which takes anything.
 */
bool verb_give_back(struct session *session, struct thing *thing);
bool verb_free(struct session *session, struct thing *thing);

/* The tables; the last entry of each has no name. */
extern const struct verb verbs_machine[];
extern const struct verb verbs_scene[];
extern const struct verb verbs_page[];
extern const struct verb verbs_slab[];
extern const struct verb verbs_vmap[];
extern const struct verb verbs_pool[];
extern const struct verb verbs_reclaim[];

/* What most requests have. */
#define PARAM_GFP                                                                              \
	{                                                                                      \
		.name = "gfp", .kind = PARAM_NUMBER, .optional = true, .fallback = GFP_KERNEL, \
		.least = 0, .most = 0xffffffffl                                                \
	}
#define PARAM_NID                                                                                \
	{                                                                                        \
		.name = "nid", .kind = PARAM_NUMBER, .optional = true, .fallback = NUMA_NO_NODE, \
		.least = NUMA_NO_NODE, .most = 63                                                \
	}
#define PARAM_SIZE                                                                     \
	{                                                                              \
		.name = "size", .kind = PARAM_NUMBER, .least = 0, .most = __LONG_MAX__ \
	}

#endif
