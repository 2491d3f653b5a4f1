/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/console.c: each message arrives whole and in one piece where
 * kalloc_set_console() sends it, in the kernel's form; warnings report what and
 * how often they should; a panic is said before the process stops.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <kalloc/kalloc.h>
#include <cmocka.h>

#include "console.h"
#include "cpu.h"
#include "plat/child.h"

struct capture {
	char text[16384];
	int calls;
};

static void capture_write(void *ctx, const char *text)
{
	struct capture *capture = ctx;

	capture->calls++;
	strncat(capture->text, text, sizeof(capture->text) - strlen(capture->text) - 1);
	errno = ENOSPC;
}

static int capture_setup(void **state)
{
	static struct capture capture;

	capture = (struct capture){ .calls = 0 };
	kalloc_set_console(capture_write, &capture);
	*state = &capture;
	return 0;
}

static int capture_teardown(void **state)
{
	kalloc_set_console(NULL, NULL);
	return 0;
}

static void a_message_is_one_call(void **state)
{
	struct capture *capture = *state;

	errno = EAGAIN;
	console_print("%s: order:%d\nsecond line\n", "test", 3);
	assert_string_equal(capture->text, "test: order:3\nsecond line\n");
	assert_int_equal(capture->calls, 1);
	assert_int_equal(errno, EAGAIN);
}

static void a_long_message_is_cut(void **state)
{
	struct capture *capture = *state;

	console_print("%9000d", 1);
	assert_int_equal(strlen(capture->text), 8191);
	assert_int_equal(capture->calls, 1);
}

static void a_warning_has_the_kernels_form(void **state)
{
	struct capture *capture = *state;
	char expected[256];

	kalloc_set_cpu(3);
	errno = EAGAIN;
	console_warn("mm/page.c", 42, "alloc", "bad order %d", 11);
	assert_int_equal(errno, EAGAIN);
	snprintf(expected, sizeof(expected),
		 "------------[ cut here ]------------\n"
		 "bad order 11\n"
		 "WARNING: CPU: 3 PID: %d at mm/page.c:42 alloc\n"
		 "---[ end trace 0000000000000000 ]---\n",
		 (int)getpid());
	assert_string_equal(capture->text, expected);
	assert_int_equal(capture->calls, 1);

	/* A message that ends its own line gets no second end. */
	capture->text[0] = '\0';
	console_warn("mm/page.c", 42, "alloc", "bad order %d\n", 11);
	assert_string_equal(capture->text, expected);
}

static void warn_reports_each_time(void **state)
{
	struct capture *capture = *state;
	int looked = 0;

	for (int i = 0; i < 4; i++)
		assert_int_equal(WARN((looked++, i >= 2), "number %d", i), i >= 2);
	assert_int_equal(looked, 4);
	assert_int_equal(capture->calls, 2);
	assert_non_null(strstr(capture->text, "number 2\n"));
	assert_non_null(strstr(capture->text, "number 3\n"));
	assert_non_null(strstr(capture->text, __FILE__));
	assert_non_null(strstr(capture->text, __func__));
}

static void warn_once_reports_the_first_time(void **state)
{
	struct capture *capture = *state;

	for (int i = 0; i < 4; i++)
		assert_int_equal(WARN_ONCE(i >= 2, "number %d", i), i >= 2);
	assert_int_equal(capture->calls, 1);
	assert_non_null(strstr(capture->text, "number 2\n"));

	/* Another place has its own once. */
	WARN_ONCE(true, "elsewhere");
	assert_int_equal(capture->calls, 2);
}

static void print_and_warn(void *arg)
{
	kalloc_set_console(NULL, NULL);
	console_print("plain %d\n", 1);
	WARN(true, "odd");
}

static void standard_error_by_default(void **state)
{
	struct child child;

	child_run(&child, print_and_warn, NULL);
	assert_int_equal(child.status, 0);
	assert_int_equal(strncmp(child.said, "plain 1\n------------[ cut here ]", 32), 0);
	assert_non_null(strstr(child.said, "\nodd\nWARNING: CPU: "));
}

static void panic(void *arg)
{
	kalloc_set_console(NULL, NULL);
	console_panic("cannot go on: %d\n", 5);
}

static void trap(void *arg)
{
	kalloc_set_console(NULL, NULL);
	TRAP_IF(arg == NULL);
	TRAP_IF(arg != NULL);
}

static void a_panic_is_said_before_the_end(void **state)
{
	struct child child;

	child_run(&child, panic, NULL);
	assert_true(child_died_of(&child, SIGABRT));
	assert_int_equal(strncmp(child.said, "cannot go on: 5\n", 16), 0);

	child_run(&child, trap, &child);
	assert_true(child_died_of(&child, SIGABRT));
	assert_non_null(strstr(child.said, "trap: impossible: arg != NULL\n"));
}

#define with_capture(f) cmocka_unit_test_setup_teardown(f, capture_setup, capture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_capture(a_message_is_one_call),
		with_capture(a_long_message_is_cut),
		with_capture(a_warning_has_the_kernels_form),
		with_capture(warn_reports_each_time),
		with_capture(warn_once_reports_the_first_time),
		cmocka_unit_test(standard_error_by_default),
		cmocka_unit_test(a_panic_is_said_before_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
