/* SPDX-License-Identifier: MIT */
/* kalloc shell: the language of scripts, line by line. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "exec.h"
#include "interrupt.h"
#include "lines.h"
#include "memory.h"
#include "shell.h"
#include "token.h"

/* Lines that are not yet a whole statement. */
struct pending {
	char *text;
	size_t len, size;
	int line; /* number of the first */
};

static void pending_add(struct pending *pending, const char *line)
{
	size_t len = strlen(line);

	pending->text = memory_grow(pending->text, &pending->size, pending->len + len + 2, 1);
	memcpy(pending->text + pending->len, line, len);
	memcpy(pending->text + pending->len + len, "\n", 2);
	pending->len += len + 1;
}

static bool begins_with_name(const char *text)
{
	return token_next(&text).kind == TOKEN_NAME;
}

/* Parse @text as it is, or else as an expression to be printed. */
static enum syntax_result parse(struct session *session, struct script *script, const char *text,
				int line, char **printed)
{
	struct complaint complaint;
	enum syntax_result result;

	result = syntax_parse(script, text, line, &session->names, &session->complaint);
	if (result != SYNTAX_WRONG)
		return result;
	*printed = memory_new(strlen(text) + sizeof("print "), 1);
	sprintf(*printed, "print %s", text);
	if (syntax_parse(script, *printed, line, &session->names, &complaint) == SYNTAX_OK) {
		session->complaint.line = 0;
		return SYNTAX_OK;
	}
	/* What begins with a name was meant as a statement. */
	if (!begins_with_name(text))
		session->complaint = complaint;
	return SYNTAX_WRONG;
}

/* Tell what is wrong, and forget it. Return: whether something was. */
static bool tell(struct session *session)
{
	if (!session->complaint.line)
		return false;
	session_report(session);
	session->complaint.line = 0;
	return true;
}

/* Execute what is pending, if it is whole. Return: true if something was wrong. */
static bool play(struct session *session, struct pending *pending)
{
	struct script script;
	char *printed = NULL;
	enum syntax_result result = parse(session, &script, pending->text, pending->line, &printed);

	if (result == SYNTAX_UNFINISHED) {
		session->complaint.line = 0;
		return false;
	}
	if (result == SYNTAX_OK) {
		exec(session, script.first);
		syntax_fini(&script);
	}
	free(printed);
	pending->len = 0;
	return tell(session);
}

static bool is_farewell(const char *line)
{
	line += strspn(line, " \t");
	return strcmp(line, "exit") == 0 || strcmp(line, "quit") == 0;
}

/* The next line; after an interrupted one, and what it would have ended, another. */
static char *next_line(struct pending *pending, char *(*read)(const char *prompt))
{
	for (;;) {
		char *line;

		interrupt_forget();
		line = read(pending->len ? "> " : "kalloc> ");
		if (!line || !interrupt_came())
			return line;
		free(line);
		pending->len = 0;
	}
}

int shell_run(struct session *session, char *(*read)(const char *prompt))
{
	struct pending pending = { 0 };
	bool was_wrong = false;
	int number = 0;
	char *line;

	while ((line = next_line(&pending, read)) && !is_farewell(line)) {
		if (!pending.len)
			pending.line = number + 1;
		number++;
		pending_add(&pending, line);
		free(line);
		was_wrong |= play(session, &pending);
		fflush(session->options.out);
	}
	free(line);
	if (pending.len) {
		syntax_parse(&(struct script){ 0 }, pending.text, pending.line, &session->names,
			     &session->complaint);
		was_wrong |= tell(session);
	}
	free(pending.text);
	session_halt(session);
	return was_wrong ? STATUS_USAGE : session_status(session);
}

int command_shell(int argc, char **argv)
{
	static const struct argp argp = {
		.doc = "Make calls on a machine, line by line.\v"
		       "The lines are those of 'kalloc run'; besides, an expression alone is "
		       "printed, and what a call returns is kept as 'it'. 'help' lists what there "
		       "is, 'explain' says why the last call went the way it did. Tab completes, "
		       "the history is kept in $XDG_STATE_HOME/kalloc/history or "
		       "~/.local/state/kalloc/history.\n\n"
		       "Exit status: as of 'kalloc run'.",
	};
	const struct session_options options = { .name = "shell",
						 .out = stdout,
						 .err = stderr,
						 .keep_going = true,
						 .interactive = true };
	struct session session;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	session_init(&session, &options);
	lines_begin(&session);
	status = shell_run(&session, lines_read);
	lines_end();
	session_fini(&session);
	return status;
}
