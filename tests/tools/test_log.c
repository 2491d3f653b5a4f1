/* SPDX-License-Identifier: MIT */
/*
 * Proves that trace text and a log with sections both give their events, and that
 * a file that is neither, or ends too early, is an error that names the line.
 */
#include "files.h"
#include "log.h"

#define EVENT "  init-1 [000] .....     0.1: kfree: call_site=f ptr=ff00\n"

/* Read all events. Return: the message of the error, to be freed, or NULL. */
static char *read_events(const char *path, unsigned long long *events)
{
	struct log *log = log_open(path);
	struct trace_event event;
	char *message = NULL;
	int got;

	while ((got = log_next(log, &event)) > 0)
		;
	if (got < 0)
		message = strdup(log_error(log));
	*events = log->events;
	log_close(log);
	return message;
}

static void test_samples(void **state)
{
	unsigned long long events;

	assert_null(read_events(SAMPLE("ftrace.txt"), &events));
	assert_int_equal(events, 18);
	assert_null(read_events(SAMPLE("perf.txt"), &events));
	assert_int_equal(events, 7);
	assert_null(read_events(SAMPLE("log.txt"), &events));
	assert_int_equal(events, 8);
}

static void test_heading_and_states(void **state)
{
	struct trace_event event;
	struct log *log = log_open(SAMPLE("ftrace.txt"));

	assert_int_equal(log_next(log, &event), 1);
	assert_int_equal(log->nr_cpus, 2);
	assert_int_equal(log->buffered, 18);
	assert_int_equal(log->written, 18);
	log_close(log);

	log = log_open(SAMPLE("log.txt"));
	assert_int_equal(log_next(log, &event), 1);
	assert_int_equal(log->states.count, 2);
	assert_non_null(state_text(states_find(&log->states, "after"), "slabinfo"));
	log_close(log);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "hello\nworld\n", "no kmem event in this file" },
		{ "  x-1 [000] ..... 0.1: sched_switch: a=b\n", "no kmem event in this file" },
		{ EVENT "hello\n", "line 2: malformed event line" },
		{ EVENT "  x-1 [000] ..... 0.2: kfree: call_site=f\n",
		  "line 2: malformed event, no field ptr" },
		{ EVENT "  x-1 [000] ..... 0.2: kfree: call_site=f ptr=ff",
		  "line 2: the file ends" },
		{ "@@TRACE\n" EVENT, "before @@ENDTRACE: truncated" },
		{ "@@STATE a\n@@FILE b\nx\n", "before @@ENDSTATE: truncated" },
		{ "@@STATE a\nx\n@@ENDSTATE\n", "line 2: a line of @@STATE before" },
		{ "@@ENDTRACE\n", "line 1: '@@ENDTRACE' is unknown or out of place" },
		{ "@@STATE a\n@@TRACE\n", "line 2: '@@TRACE' is unknown or out of place" },
		{ "@@WHAT\n", "line 1: '@@WHAT' is unknown" },
		{ "@@STATE a\n@@ENDSTATE\n", "no kmem event in this file" },
	};
	unsigned long long events;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *path = files_make(rows[i].text, strlen(rows[i].text));
		char *message = read_events(path, &events);

		if (!message || !strstr(message, rows[i].expected) || !strstr(message, path))
			fail_msg("row %zu: '%s'", i, message ? message : "no error");
		free(message);
		files_drop(path);
	}
}

/* What this library's recorder says of its machine; from others' headings nothing follows. */
static void test_machine(void **state)
{
	static const struct {
		const char *heading, *cmdline;
		unsigned long long linear;
	} rows[] = {
		{ "# tracer: nop\n", NULL, 0 },
		{ "# kalloc: frame 0 at 0x7f00, booted with: mem=64M nr_cpus=2\n",
		  "mem=64M nr_cpus=2", 0x7f00 },
		{ "# kalloc: frame 0 at 0x7f00, booted with: \n", "", 0x7f00 },
		{ "# kalloc: frame 0 at 7f00 booted with: mem=1M\n", NULL, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct trace_event event;
		char text[512], *path;
		struct log *log;

		snprintf(text, sizeof(text), "%s%s", rows[i].heading, EVENT);
		path = files_make(text, strlen(text));
		log = log_open(path);
		while (log_next(log, &event) > 0)
			;
		assert_null(log_error(log));
		assert_int_equal(log->linear, rows[i].linear);
		if (rows[i].cmdline)
			assert_string_equal(log->cmdline, rows[i].cmdline);
		else
			assert_null(log->cmdline);
		log_close(log);
		files_drop(path);
	}
}

static void test_lost_events(void **state)
{
	static const char text[] = EVENT "CPU:0 [LOST 7 EVENTS]\n" EVENT;
	char *path = files_make(text, strlen(text));
	struct log *log = log_open(path);
	struct trace_event event;

	while (log_next(log, &event) > 0)
		;
	assert_null(log_error(log));
	assert_int_equal(log->lost, 7);
	assert_int_equal(log->events, 2);
	log_close(log);
	files_drop(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),	    cmocka_unit_test(test_heading_and_states),
		cmocka_unit_test(test_errors),	    cmocka_unit_test(test_machine),
		cmocka_unit_test(test_lost_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
