/* SPDX-License-Identifier: MIT */
/* Proves src/malloc/count.c: the peak is the most that was live at once, whoever looks on. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "count.h"

#define NR_THREADS 4
#define NR_ROUNDS  10000

static void test_peak(void **state)
{
	struct counts before = count_now(), after;

	assert_int_equal(before.peak_bytes, 0);
	count_alloc(100);
	count_alloc(50);
	count_free(100);
	count_alloc(60);
	count_failure();
	after = count_now();
	assert_int_equal(after.allocations, 3);
	assert_int_equal(after.frees, 1);
	assert_int_equal(after.failures, 1);
	assert_int_equal(after.live_bytes, 110);
	assert_int_equal(after.peak_bytes, 150);
	count_free(50);
	count_free(60);
	assert_int_equal(count_now().live_bytes, 0);
	assert_int_equal(count_now().peak_bytes, 150);
}

static void *churn(void *arg)
{
	for (int i = 0; i < NR_ROUNDS; i++) {
		count_alloc(1000);
		count_free(1000);
	}
	count_alloc(1000);
	return NULL;
}

/* Nothing is lost, and each thread's last is in the peak. */
static void test_threads(void **state)
{
	struct counts before = count_now(), after;
	pthread_t threads[NR_THREADS];

	for (int i = 0; i < NR_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, churn, NULL), 0);
	for (int i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	after = count_now();
	assert_int_equal(after.allocations - before.allocations, NR_THREADS * (NR_ROUNDS + 1));
	assert_int_equal(after.frees - before.frees, NR_THREADS * NR_ROUNDS);
	assert_int_equal(after.live_bytes - before.live_bytes, NR_THREADS * 1000);
	assert_true(after.peak_bytes >= after.live_bytes);
	assert_true(after.peak_bytes <= before.live_bytes + NR_THREADS * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peak),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
