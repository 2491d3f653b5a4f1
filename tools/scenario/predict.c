/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval.h"
#include "memory.h"
#include "predict.h"
#include "syntax.h"

/* The value of text[0..len) as an expression. Return: false after a complaint. */
static bool eval_text(struct session *session, const char *text, struct value *result)
{
	static const char verb[] = "print ";
	char *line = memory_new(sizeof(verb) + strlen(text), 1);
	struct script script;
	bool done;

	sprintf(line, "%s%s", verb, text);
	if (syntax_parse(&script, line, session->line, &session->names, &session->complaint) !=
	    SYNTAX_OK) {
		free(line);
		return false;
	}
	done = script.first && script.first->arguments && !script.first->arguments->next &&
	       eval(session, script.first->arguments->expr, result);
	syntax_fini(&script);
	free(line);
	return done;
}

/* The reader wants to know. */
static void give_up(struct session *session, struct value answer)
{
	char text[256];

	value_show(answer, text, sizeof(text));
	fprintf(session->options.out, "It is %s.\n", text);
}

bool predict(struct session *session, struct value answer, const char *question,
	     struct value *result)
{
	FILE *out = session->options.out;
	char *line = NULL;
	size_t size = 0;
	bool answered = false;

	if (session->options.answers)
		fprintf(out, "%s\n", question);
	while (session->options.answers && !answered) {
		fprintf(out, "? ");
		fflush(out);
		if (getline(&line, &size, session->options.answers) < 0) {
			fprintf(out, "\n");
			break;
		}
		if (strspn(line, " \t") == strcspn(line, "?") &&
		    strcspn(line, "?") < strlen(line)) {
			give_up(session, answer);
			break;
		}
		answered = eval_text(session, line, result);
		session->complaint.line = 0;
		if (!answered)
			fprintf(out, "A number, a text in double quotes, or an expression, please; "
				     "or ? for the answer.\n");
	}
	free(line);
	if (!answered)
		*result = value_copy(answer);
	return true;
}
