/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/context.h>

#include "commands.h"
#include "memory.h"
#include "session.h"

/* The kernel's messages: shown among the script's own lines, and kept for said(). */
static void take_message(void *ctx, const char *text)
{
	struct session *session = ctx;
	size_t len = strlen(text);

	session->said =
		memory_grow(session->said, &session->said_size, session->said_len + len + 1, 1);
	memcpy(session->said + session->said_len, text, len + 1);
	session->said_len += len;
	while (*text) {
		size_t line = strcspn(text, "\n");

		fprintf(session->options.out, "| %.*s\n", (int)line, text);
		text += line + (text[line] == '\n');
	}
	/* The next may be the last: a panic stops the process. */
	fflush(session->options.out);
}

void session_init(struct session *session, const struct session_options *options)
{
	*session = (struct session){ .options = *options };
	session->record = memory_new(1, sizeof(*session->record));
	kalloc_set_console(take_message, session);
	kalloc_explain_start(session->record);
}

void session_fini(struct session *session)
{
	session_halt(session);
	kalloc_explain_stop();
	kalloc_set_console(NULL, NULL);
	free(session->record);
	value_drop(session->gone);
	for (size_t i = 0; i < session->nr_variables; i++)
		value_drop(session->variables[i]);
	free(session->variables);
	free(session->said);
	names_fini(&session->names);
}

bool session_complain(struct session *session, const char *fmt, ...)
{
	char text[sizeof(session->complaint.text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return complain(&session->complaint, session->line, "%s", text);
}

void session_report(const struct session *session)
{
	fflush(session->options.out);
	fprintf(session->options.err, "%s:%d: %s\n", session->options.name, session->complaint.line,
		session->complaint.text);
}

bool session_need_machine(struct session *session)
{
	return session->machine || session_boot(session, "");
}

/* Booting sleeps, whatever section or scope the script is in. */
static struct kalloc_machine *boot_unhindered(const char *cmdline)
{
	struct kalloc_task *task = kalloc_task(), saved = *task;
	struct kalloc_machine *machine;

	task->flags = task->preempt_count = 0;
	machine = kalloc_boot(cmdline);
	*task = saved;
	return machine;
}

bool session_boot(struct session *session, const char *words)
{
	size_t size = sizeof(SESSION_CMDLINE) + strlen(words) + 2;
	char *cmdline = memory_new(size, 1);

	session_halt(session);
	snprintf(cmdline, size, "%s %s", SESSION_CMDLINE, words);
	session->machine = boot_unhindered(cmdline);
	free(cmdline);
	if (!session->machine)
		return session_complain(session,
					"no machine boots with '%s'; README.md lists "
					"the parameters",
					words);
	kalloc_enter(session->machine);
	kalloc_set_cpu(0);
	session->options.report.title = session->options.name;
	session->options.report.source = session->options.name;
	session->options.report.record = session->record;
	if (recorder_open(&session->recorder, &session->options.report))
		return session_complain(session, "there can be no report");
	session->options.tracing.recorder = session->recorder;
	session->options.tracing.source = session->options.name;
	session->options.tracing.report = session->options.report.path;
	if (tracing_begin(&session->options.tracing, session->options.report.command))
		return session_complain(session, "there can be no recording");
	return true;
}

static void show_held(const struct session *session)
{
	const struct thing *thing = session->things.first;

	while (thing) {
		const struct thing *first = thing;
		unsigned long nr = 0;
		char text[128];

		/* Those of one line are told together. */
		for (; thing && thing->made_at == first->made_at && thing->kind == first->kind;
		     thing = thing->next)
			nr++;
		thing_show(first, text, sizeof(text));
		fprintf(session->options.out, "%s:%d: not given back: ", session->options.name,
			first->made_at);
		if (nr > 1)
			fprintf(session->options.out, "%lu times, first ", nr);
		fprintf(session->options.out, "%s\n", text);
	}
}

void session_halt(struct session *session)
{
	if (!session->machine)
		return;
	if (!session->options.may_leak) {
		show_held(session);
		session->nr_leaked += session->things.nr;
	}
	if (tracing_end(&session->options.tracing))
		session->no_report = true;
	if (recorder_close(session->recorder, true))
		session->no_report = true;
	session->recorder = NULL;
	kalloc_enter(NULL);
	kalloc_halt(session->machine);
	session->machine = NULL;
	while (session->things.first)
		thing_gone(&session->things, session->things.first, 0);
}

void session_poll(struct session *session)
{
	/* In a section nobody may sleep. */
	if (!(kalloc_task()->preempt_count & ~KALLOC_WATCHED))
		tracing_poll(&session->options.tracing);
}

struct value *session_variable(struct session *session, size_t number)
{
	session->variables = memory_grow(session->variables, &session->nr_variables, number + 1,
					 sizeof(*session->variables));
	return &session->variables[number];
}

const char *session_text(struct session *session, const char *text, size_t len)
{
	size_t id = names_id(&session->names, text, len);

	return session->names.texts[id];
}

void session_echo(struct session *session, int line, bool hide)
{
	if (!session->options.echo || !session->text)
		return;
	while (session->echoed < line && *session->text) {
		size_t len = strcspn(session->text, "\n");

		session->echoed++;
		if (!hide || session->echoed < line)
			fprintf(session->options.out, "%.*s\n", (int)len, session->text);
		session->text += len + (session->text[len] == '\n');
	}
}

void session_sum_up(const struct session *session)
{
	fprintf(session->options.out, "%s: %lu expectations held", session->options.name,
		session->nr_held);
	if (session->nr_failed)
		fprintf(session->options.out, ", %lu failed", session->nr_failed);
	fprintf(session->options.out, "\n");
}

int session_status(const struct session *session)
{
	return session->nr_failed || session->nr_leaked || session->no_report ? STATUS_FAILED
									      : STATUS_OK;
}
