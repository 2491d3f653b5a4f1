/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/task.c and <kalloc/context.h>: what each scope takes from each set of
 * flags, that scopes nest, that each thread has its own context, and when a thread is
 * plain.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "task.h"

static const struct {
	unsigned int scopes;
	gfp_t gfp;
	gfp_t narrowed;
} rows[] = {
	{ 0, GFP_KERNEL, GFP_KERNEL },
	{ PF_MEMALLOC_NOFS, GFP_KERNEL, GFP_NOFS },
	{ PF_MEMALLOC_NOFS, GFP_NOFS, GFP_NOFS },
	{ PF_MEMALLOC_NOFS, GFP_NOIO, GFP_NOIO },
	{ PF_MEMALLOC_NOFS, GFP_ATOMIC, GFP_ATOMIC },
	{ PF_MEMALLOC_NOIO, GFP_KERNEL, GFP_NOIO },
	{ PF_MEMALLOC_NOIO, GFP_NOFS, GFP_NOIO },
	{ PF_MEMALLOC_NOIO, GFP_HIGHUSER_MOVABLE, GFP_HIGHUSER_MOVABLE & ~(__GFP_IO | __GFP_FS) },
	{ PF_MEMALLOC_NOIO | PF_MEMALLOC_NOFS, GFP_KERNEL, GFP_NOIO },
	{ PF_MEMALLOC_PIN, GFP_HIGHUSER_MOVABLE, GFP_HIGHUSER },
	{ PF_MEMALLOC_PIN, GFP_KERNEL, GFP_KERNEL },
	{ PF_MEMALLOC_PIN | PF_MEMALLOC_NOFS, GFP_HIGHUSER_MOVABLE, GFP_HIGHUSER & ~__GFP_FS },
	{ PF_MEMALLOC, GFP_KERNEL, GFP_KERNEL },
	{ PF_KSWAPD, GFP_KERNEL, GFP_KERNEL },
};

static void test_narrowing(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		kalloc_task()->flags = rows[i].scopes;
		assert_int_equal(current_gfp_context(rows[i].gfp), rows[i].narrowed);
		assert_int_equal(task_gfp(rows[i].gfp), rows[i].narrowed);
		kalloc_task()->flags = 0;
	}
}

/* Each restore brings back what its own save found, whatever was opened in between. */
static void test_nesting(void **state)
{
	unsigned int nofs = memalloc_nofs_save(), noio, again;

	assert_int_equal(task_gfp(GFP_KERNEL), GFP_NOFS);
	noio = memalloc_noio_save();
	assert_int_equal(task_gfp(GFP_KERNEL), GFP_NOIO);
	again = memalloc_noio_save();
	memalloc_noio_restore(again);
	assert_int_equal(task_gfp(GFP_KERNEL), GFP_NOIO);
	memalloc_noio_restore(noio);
	assert_int_equal(task_gfp(GFP_KERNEL), GFP_NOFS);
	memalloc_nofs_restore(nofs);
	assert_int_equal(task_gfp(GFP_KERNEL), GFP_KERNEL);

	noio = memalloc_noreclaim_save();
	nofs = memalloc_pin_save();
	assert_int_equal(kalloc_self.task.flags, PF_MEMALLOC | PF_MEMALLOC_PIN);
	memalloc_pin_restore(nofs);
	memalloc_noreclaim_restore(noio);
	assert_int_equal(kalloc_self.task.flags, 0);
}

static void test_atomic_sections(void **state)
{
	assert_false(task_is_atomic());
	kalloc_atomic_enter();
	kalloc_irq_enter();
	assert_true(task_is_atomic());
	assert_true(task_in_interrupt());
	kalloc_irq_leave();
	assert_true(task_is_atomic());
	assert_false(task_in_interrupt());
	kalloc_atomic_leave();
	assert_false(task_is_atomic());
}

static void test_plain(void **state)
{
	static const struct {
		struct kalloc_task task;
		bool plain;
	} tasks[] = {
		{ { .flags = 0 }, true },
		{ { .flags = PF_MEMALLOC }, true },
		{ { .flags = PF_KSWAPD, .comm = "kswapd0" }, true },
		{ { .flags = PF_MEMALLOC_NOFS }, false },
		{ { .flags = PF_MEMALLOC_NOIO }, false },
		{ { .flags = PF_MEMALLOC_PIN }, false },
		{ { .preempt_count = 1 }, false },
		{ { .preempt_count = 1u << 31 }, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
		kalloc_self.task = tasks[i].task;
		assert_int_equal(task_is_plain(), tasks[i].plain);
		kalloc_self.task = (struct kalloc_task){ 0 };
	}
}

static void *look(void *seen)
{
	*(struct kalloc_task *)seen = *kalloc_task();
	return NULL;
}

static void test_each_thread_has_its_own(void **state)
{
	struct kalloc_task seen = { .flags = 1 };
	pthread_t thread;

	kalloc_task()->flags = PF_MEMALLOC_NOIO;
	kalloc_atomic_enter();
	assert_int_equal(pthread_create(&thread, NULL, look, &seen), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	kalloc_atomic_leave();
	kalloc_task()->flags = 0;
	assert_int_equal(seen.flags, 0);
	assert_int_equal(seen.preempt_count, 0);
}

static void test_name(void **state)
{
	assert_string_equal(task_name(), "kalloc");
	strcpy(kalloc_task()->comm, "insmod");
	assert_string_equal(task_name(), "insmod");
	kalloc_task()->comm[0] = '\0';
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrowing),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_atomic_sections),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_each_thread_has_its_own),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
