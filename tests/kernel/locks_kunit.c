// SPDX-License-Identifier: MIT
/*
 * A percpu_rwsem: its writer waits for those who read, and keeps others out. And a lock that
 * goes with a count.
 */
#include <linux/module.h>
#include <linux/percpu-rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <kunit/test.h>

#include "threads.h"

#define NR_ROUNDS    2000
#define WRITER_ROUND 50

DEFINE_STATIC_PERCPU_RWSEM(sem);

static unsigned long first, second;
static atomic_t nr_torn;

static void change(void)
{
	percpu_down_write(&sem);
	WRITE_ONCE(first, first + 1);
	yield();
	WRITE_ONCE(second, second + 1);
	percpu_up_write(&sem);
}

static void look(void)
{
	percpu_down_read(&sem);
	if (READ_ONCE(first) != READ_ONCE(second))
		atomic_inc(&nr_torn);
	percpu_up_read(&sem);
}

static void look_and_change(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		if (i % WRITER_ROUND)
			look();
		else
			change();
	}
}

static void percpu_rwsem_keeps_apart(struct kunit *test)
{
	first = second = 0;
	atomic_set(&nr_torn, 0);
	threads_run(test, look_and_change);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_torn), 0);
	KUNIT_EXPECT_EQ(test, first, NR_THREADS * NR_ROUNDS / WRITER_ROUND);
	KUNIT_EXPECT_EQ(test, second, first);
}

static void the_last_one_takes_the_lock(struct kunit *test)
{
	static DEFINE_SPINLOCK(lock);
	atomic_t users = ATOMIC_INIT(2);

	KUNIT_EXPECT_FALSE(test, atomic_dec_and_lock(&users, &lock));
	KUNIT_EXPECT_FALSE(test, spin_is_locked(&lock));
	KUNIT_EXPECT_TRUE(test, atomic_dec_and_lock(&users, &lock));
	KUNIT_EXPECT_TRUE(test, spin_is_locked(&lock));
	spin_unlock(&lock);
	KUNIT_EXPECT_EQ(test, atomic_read(&users), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(percpu_rwsem_keeps_apart),
	KUNIT_CASE(the_last_one_takes_the_lock),
	{},
};

static struct kunit_suite suite = {
	.name = "locks",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_LICENSE("Dual MIT/GPL");
