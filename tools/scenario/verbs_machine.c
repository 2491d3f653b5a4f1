/* SPDX-License-Identifier: MIT */
/* The machine as a whole, and its files. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <kalloc/mempolicy.h>
#include <kalloc/reclaim.h>

#include "help.h"
#include "text_file.h"
#include "verb.h"

static bool run_boot(struct session *session, const struct args *args, struct value *result)
{
	return session_boot(session, args->words);
}

static bool run_halt(struct session *session, const struct args *args, struct value *result)
{
	session_halt(session);
	return true;
}

/* The next of words separated by blanks. Return: false past the last, or if it is too long. */
static bool next_word(const char **words, char *word, size_t size)
{
	const char *at = *words + strspn(*words, " \t");
	size_t len = strcspn(at, " \t");

	snprintf(word, size, "%.*s", (int)len, at);
	*words = at + len;
	return len && len < size;
}

static bool run_cat(struct session *session, const struct args *args, struct value *result)
{
	const char *words = args->words;
	char path[160];

	if (!*words)
		return session_complain(session,
					"cat: which file? 'kalloc boot --list' lists them");
	while (next_word(&words, path, sizeof(path))) {
		if (text_file_copy(path, session->options.out))
			return session_complain(session,
						"cat %s: %s; 'kalloc boot --list' lists "
						"the files",
						path, strerror(errno));
	}
	return true;
}

static bool run_set(struct session *session, const struct args *args, struct value *result)
{
	char text[128];
	long written;

	value_show(args->given[0], text, sizeof(text));
	written = kalloc_write(args->words, text);
	if (written >= 0)
		return true;
	return session_complain(session, "set %s %s: %s", args->words, text,
				strerror((int)-written));
}

static bool run_help(struct session *session, const struct args *args, struct value *result)
{
	if (!*args->words)
		help_list(session->options.out);
	else if (!help_word(session->options.out, args->words))
		return session_complain(session,
					"help: neither a verb nor a function is called '%s'; "
					"help alone lists them",
					args->words);
	return true;
}

static bool run_step(struct session *session, const struct args *args, struct value *result)
{
	*result = value_number(kalloc_step());
	return true;
}

static bool run_policy(struct session *session, const struct args *args, struct value *result)
{
	if (!kalloc_set_mempolicy((int)args_number(args, "mode"),
				  (unsigned long)args_number(args, "nodes")))
		return true;
	return session_complain(session, "set_mempolicy: no such mode, or none of the nodes has "
					 "memory");
}

const struct verb verbs_machine[] = {
	{ .name = "boot",
	  .form = VERB_WORDS,
	  .needs_no_machine = true,
	  .run = run_boot,
	  .help = "a machine with these parameters, in the place of the one before" },
	{ .name = "halt", .needs_no_machine = true, .run = run_halt, .help = "end the machine" },
	{ .name = "cat",
	  .form = VERB_WORDS,
	  .is_aside = true,
	  .run = run_cat,
	  .help = "print files of the machine" },
	{ .name = "set",
	  .form = VERB_PATH,
	  .params = { { .name = "value", .kind = PARAM_ANY } },
	  .run = run_set,
	  .help = "write a file of the machine" },
	{ .name = "help",
	  .form = VERB_WORDS,
	  .needs_no_machine = true,
	  .is_aside = true,
	  .run = run_help,
	  .help = "list the verbs and functions, or say what one is" },
	{ .name = "step",
	  .run = run_step,
	  .help = "let kswapd and kcompactd work, if they were woken; how many had work" },
	{ .name = "set_mempolicy",
	  .params = { { .name = "mode", .kind = PARAM_NUMBER, .most = MPOL_MAX },
		      { .name = "nodes", .kind = PARAM_NUMBER, .optional = true } },
	  .run = run_policy,
	  .help = "from which nodes requests are served; bit n of nodes is node n" },
	{ 0 },
};
