/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/context.c: which requests are reported, the text of the report, one a
 * second and machine, and that scopes narrow what goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>

#include "clock.h"
#include "context.h"
#include "machine.h"

static char said[1024];

static void listen(void *ctx, const char *text)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s", text);
}

static int setup(void **state)
{
	said[0] = '\0';
	kalloc_set_console(listen, NULL);
	return 0;
}

static int teardown(void **state)
{
	kalloc_self.task = (struct kalloc_task){ 0 };
	kalloc_set_console(NULL, NULL);
	return 0;
}

static void test_text(void **state)
{
	struct kalloc_machine m = { 0 };
	char expected[512];

	snprintf(expected, sizeof(expected),
		 "BUG: sleeping function called from invalid context at mm/slab.h:715\n"
		 "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: %d, name: insmod\n"
		 "preempt_count: 10002, expected: 0\n",
		 (int)getpid());
	strcpy(kalloc_self.task.comm, "insmod");
	kalloc_irq_enter();
	kalloc_atomic_enter();
	kalloc_atomic_enter();
	assert_int_equal(context_gfp_at(&m, GFP_KERNEL, "mm/slab.h", 715), GFP_KERNEL);
	assert_string_equal(said, expected);
}

/* A reader of RCU's is not in atomic context, and told how deep in its sections it is. */
static void test_reader(void **state)
{
	struct kalloc_machine m = { 0 };
	char expected[512];

	snprintf(expected, sizeof(expected),
		 "BUG: sleeping function called from invalid context at mm/slab.h:715\n"
		 "in_atomic(): 0, irqs_disabled(): 0, non_block: 1, pid: %d, name: insmod\n"
		 "preempt_count: 0, expected: 0\n"
		 "RCU nest depth: 2, expected: 0\n",
		 (int)getpid());
	strcpy(kalloc_self.task.comm, "insmod");
	kalloc_self.task.preempt_count = 2 * KALLOC_RCU_COUNT | KALLOC_NON_BLOCK;
	assert_int_equal(context_gfp_at(&m, GFP_KERNEL, "mm/slab.h", 715), GFP_KERNEL);
	assert_string_equal(said, expected);
}

static void test_which_requests(void **state)
{
	static const struct {
		unsigned int preempt_count;
		gfp_t gfp;
		bool reported;
	} rows[] = {
		{ 0, GFP_KERNEL, false },
		{ 1, GFP_KERNEL, true },
		{ 1, GFP_NOIO, true },
		{ 1, GFP_NOFS, true },
		{ 1, __GFP_DIRECT_RECLAIM, true },
		{ 1, GFP_ATOMIC, false },
		{ 1, GFP_NOWAIT, false },
		{ 1, 0, false },
		{ KALLOC_IRQ_COUNT, GFP_KERNEL, true },
		{ KALLOC_IRQ_COUNT, GFP_ATOMIC, false },
		{ KALLOC_RCU_COUNT, GFP_KERNEL, true },
		{ KALLOC_RCU_MASK, GFP_NOFS, true },
		{ KALLOC_RCU_COUNT, GFP_ATOMIC, false },
		{ KALLOC_NON_BLOCK, GFP_KERNEL, true },
		{ KALLOC_NON_BLOCK, GFP_NOWAIT, false },
		{ KALLOC_WATCHED, GFP_KERNEL, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kalloc_machine m = { 0 };

		said[0] = '\0';
		kalloc_self.task.preempt_count = rows[i].preempt_count;
		assert_int_equal(context_gfp(&m, rows[i].gfp), rows[i].gfp);
		assert_int_equal(said[0] != '\0', rows[i].reported);
	}
}

/* In both at once: reported by the flags of the request, goes on with the narrowed ones. */
static void test_scope_and_atomic(void **state)
{
	struct kalloc_machine m = { 0 };
	unsigned int scope = memalloc_noio_save();

	assert_int_equal(context_gfp(&m, GFP_KERNEL), GFP_NOIO);
	assert_string_equal(said, "");
	kalloc_atomic_enter();
	assert_int_equal(context_gfp(&m, GFP_KERNEL), GFP_NOIO);
	assert_string_not_equal(said, "");
	kalloc_atomic_leave();
	memalloc_noio_restore(scope);
	assert_int_equal(context_gfp(&m, GFP_KERNEL), GFP_KERNEL);
}

static void test_one_a_second(void **state)
{
	struct kalloc_machine m = { 0 }, other = { 0 };

	kalloc_atomic_enter();
	context_might_sleep(&m);
	assert_string_not_equal(said, "");
	said[0] = '\0';
	context_might_sleep(&m);
	assert_string_equal(said, "");
	context_might_sleep(&other);
	assert_string_not_equal(said, "");

	said[0] = '\0';
	m.context_report_ms = clock_ms() - 1001;
	context_might_sleep(&m);
	assert_string_not_equal(said, "");
}

/* The machine is asked for only where there is something to report. */
static void test_might_sleep_is_lazy(void **state)
{
	struct kalloc_machine m = { 0 };
	int asked = 0;

	context_might_sleep((asked++, &m));
	assert_int_equal(asked, 0);
	kalloc_atomic_enter();
	context_might_sleep((asked++, &m));
	assert_int_equal(asked, 1);
}

#define context_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		context_test(test_text),	   context_test(test_reader),
		context_test(test_which_requests), context_test(test_scope_and_atomic),
		context_test(test_one_a_second),   context_test(test_might_sleep_is_lazy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
