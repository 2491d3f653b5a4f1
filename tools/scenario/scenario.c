/* SPDX-License-Identifier: MIT */
#include <limits.h>

#include "commands.h"
#include "exec.h"
#include "scenario.h"

/* Return: whether the script came to its end. */
static bool play(struct session *session, const char *text)
{
	struct script script;
	bool done;

	if (syntax_parse(&script, text, 1, &session->names, &session->complaint) != SYNTAX_OK)
		return false;
	session->text = text;
	done = exec(session, script.first);
	session_echo(session, done ? INT_MAX : 0, false);
	syntax_fini(&script);
	return done;
}

int scenario_run(const struct session_options *options, const char *text)
{
	struct session session;
	int status = STATUS_USAGE;

	session_init(&session, options);
	/* Of one that did not come to its end nothing else is to be expected. */
	session.options.may_leak |= !play(&session, text);
	session_halt(&session);
	if (session.complaint.line) {
		session_report(&session);
	} else {
		session_sum_up(&session);
		status = session_status(&session);
	}
	session_fini(&session);
	return status;
}
