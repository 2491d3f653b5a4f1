/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/gfp.h>
#include <kalloc/kalloc.h>

#include "complete.h"
#include "function.h"
#include "memory.h"
#include "syntax.h"
#include "token.h"
#include "verb.h"

/* The combinations of gfp.h that callers use. */
static const char *const combinations[] = { "GFP_ATOMIC",
					    "GFP_KERNEL",
					    "GFP_KERNEL_ACCOUNT",
					    "GFP_NOWAIT",
					    "GFP_NOIO",
					    "GFP_NOFS",
					    "GFP_USER",
					    "GFP_DMA",
					    "GFP_DMA32",
					    "GFP_HIGHUSER",
					    "GFP_HIGHUSER_MOVABLE",
					    "GFP_TRANSHUGE_LIGHT",
					    "GFP_TRANSHUGE" };

/* Words that begin with a text. */
struct words {
	const char *begin;
	size_t len;
	char **list;
	size_t count, capacity;
};

static void add(struct words *words, const char *word)
{
	if (strncmp(word, words->begin, words->len) != 0)
		return;
	words->list =
		memory_grow(words->list, &words->capacity, words->count + 2, sizeof(*words->list));
	words->list[words->count++] = memory_text(word, strlen(word));
}

static void add_verbs(struct words *words)
{
	for (size_t i = 0; verb_at(i); i++)
		add(words, verb_at(i)->name);
}

static void add_functions(struct words *words)
{
	for (size_t i = 0; function_at(i); i++)
		add(words, function_at(i)->name);
}

static void add_keywords(struct words *words)
{
	for (size_t i = 0; syntax_keywords[i]; i++)
		add(words, syntax_keywords[i]);
}

static void add_variables(struct words *words, const struct session *session)
{
	for (size_t i = 0; i < session->nr_variables && i < session->names.count; i++) {
		if (session->variables[i].kind != VALUE_NOTHING)
			add(words, session->names.texts[i]);
	}
}

static void add_constants(struct words *words)
{
	char flag[64];

	for (size_t i = 0; syntax_constant(i); i++)
		add(words, syntax_constant(i));
	for (size_t i = 0; i < sizeof(combinations) / sizeof(combinations[0]); i++)
		add(words, combinations[i]);
	for (unsigned int bit = 0; bit < __GFP_BITS_SHIFT; bit++) {
		/* A bit without a name is shown as a number; some combinations have but one. */
		kalloc_gfp_show((gfp_t)(1u << bit), flag, sizeof(flag));
		if (strncmp(flag, "__GFP", 5) == 0)
			add(words, flag);
	}
	add(words, "__GFP_DMA");
	add(words, "__GFP_KSWAPD_RECLAIM");
}

/* Of the files of caches one is as good as another: none. */
static void add_files(struct words *words)
{
	const char *path;

	for (unsigned int i = 0; (path = kalloc_files(i)); i++) {
		if (!strchr(path, '<'))
			add(words, path);
	}
}

static void add_params(struct words *words, const struct verb *verb)
{
	char word[64];

	for (size_t i = 0; i < VERB_PARAMS_MAX && verb->params[i].name; i++) {
		snprintf(word, sizeof(word), "%s=", verb->params[i].name);
		add(words, word);
	}
}

/* What stands before the word: the line's verb, and whether a verb may stand here. */
struct before {
	const struct verb *verb;
	bool may_be_verb, may_be_statement;
};

static struct before look_before(const char *line, size_t start)
{
	struct before before = { .may_be_verb = true, .may_be_statement = true };
	char *text = memory_text(line, start);
	const char *cursor = text;
	struct token token;

	while ((token = token_next(&cursor)).kind != TOKEN_END) {
		if (before.may_be_verb && token.kind == TOKEN_NAME && !before.verb)
			before.verb = verb_find(token.at, token.len);
		before.may_be_verb = !before.verb && token_is(&token, "=");
		before.may_be_statement = false;
	}
	free(text);
	return before;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct words *words)
{
	size_t kept = 0;

	qsort(words->list, words->count, sizeof(*words->list), compare);
	for (size_t i = 0; i < words->count; i++) {
		if (kept && strcmp(words->list[kept - 1], words->list[i]) == 0)
			free(words->list[i]);
		else
			words->list[kept++] = words->list[i];
	}
	words->list[kept] = NULL;
}

char **complete(const struct session *session, const char *line, size_t start, size_t end)
{
	struct before before = look_before(line, start);
	struct words words = { .begin = line + start, .len = end - start };

	words.list = memory_grow(NULL, &words.capacity, 1, sizeof(*words.list));
	if (before.verb &&
	    (before.verb->form == VERB_PATH || strcmp(before.verb->name, "cat") == 0)) {
		add_files(&words);
	} else {
		if (before.may_be_verb)
			add_verbs(&words);
		if (before.may_be_statement)
			add_keywords(&words);
		else
			add_functions(&words);
		if (!before.may_be_statement)
			add_constants(&words);
		if (before.verb)
			add_params(&words, before.verb);
		add_variables(&words, session);
	}
	sort(&words);
	return words.list;
}

void complete_fini(char **words)
{
	for (char **word = words; *word; word++)
		free(*word);
	free(words);
}
