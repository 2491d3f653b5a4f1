// SPDX-License-Identifier: MIT
/*
 * Locks of readers and writers: who writes is alone, waits for those who read, and keeps
 * others out meanwhile, whether they sleep (percpu_rwsem) or spin (rwlock). And a lock that
 * goes with a count.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu-rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <kunit/test.h>

#include "threads.h"

#define NR_ROUNDS    2000
#define WRITER_ROUND 50

DEFINE_STATIC_PERCPU_RWSEM(sem);

static DEFINE_RWLOCK(lock);

static unsigned long first, second;
static atomic_t nr_torn;

static void change(void)
{
	WRITE_ONCE(first, first + 1);
	udelay(1);
	WRITE_ONCE(second, second + 1);
}

static void look(void)
{
	if (READ_ONCE(first) != READ_ONCE(second))
		atomic_inc(&nr_torn);
}

static void sem_use(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		if (i % WRITER_ROUND) {
			percpu_down_read(&sem);
			look();
			percpu_up_read(&sem);
		} else {
			percpu_down_write(&sem);
			change();
			percpu_up_write(&sem);
		}
	}
}

static void lock_use(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		if (i % WRITER_ROUND) {
			read_lock(&lock);
			look();
			read_unlock(&lock);
		} else {
			write_lock(&lock);
			change();
			write_unlock(&lock);
		}
	}
}

static void keeps_apart(struct kunit *test, void (*use)(unsigned int nr))
{
	first = second = 0;
	atomic_set(&nr_torn, 0);
	threads_run(test, use);
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

static void percpu_rwsem_keeps_apart(struct kunit *test)
{
	keeps_apart(test, sem_use);
}

static void rwlock_keeps_apart(struct kunit *test)
{
	keeps_apart(test, lock_use);
}

/* --- a writer that waits ------------------------------------------------------------- */

/* Looks at the lock before it is said that nobody waits. */
#define NR_LOOKS 20000000

struct goer {
	struct task_struct *task;
	struct completion done;
	int place; /* who went in before it */
};

static atomic_t nr_in;

static int writer_go(void *arg)
{
	struct goer *goer = arg;

	write_lock(&lock);
	goer->place = atomic_fetch_inc(&nr_in);
	write_unlock(&lock);
	complete(&goer->done);
	return 0;
}

static int reader_go(void *arg)
{
	struct goer *goer = arg;

	read_lock(&lock);
	goer->place = atomic_fetch_inc(&nr_in);
	read_unlock(&lock);
	complete(&goer->done);
	return 0;
}

static void goer_make(struct kunit *test, struct goer *goer, int (*go)(void *goer))
{
	init_completion(&goer->done);
	goer->task = kthread_create(go, goer, "goer");
	KUNIT_ASSERT_FALSE(test, IS_ERR(goer->task));
}

static bool writer_waits(void)
{
	unsigned int i;

	for (i = 0; i < NR_LOOKS; i++) {
		if (!read_trylock(&lock))
			return true;
		read_unlock(&lock);
		udelay(1);
	}
	return false;
}

/* And an interrupt is not kept out, as it may have come in the midst of a reader's section. */
static void a_writer_that_waits_goes_before_readers(struct kunit *test)
{
	struct goer writer, reader;
	bool waits;

	atomic_set(&nr_in, 0);
	goer_make(test, &writer, writer_go);
	goer_make(test, &reader, reader_go);
	read_lock(&lock);
	wake_up_process(writer.task);
	waits = writer_waits();
	wake_up_process(reader.task);
	local_bh_disable();
	read_lock(&lock);
	read_unlock(&lock);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_in), 0);
	KUNIT_EXPECT_FALSE(test, write_trylock(&lock));
	read_unlock(&lock);
	wait_for_completion(&writer.done);
	wait_for_completion(&reader.done);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, writer.place, 0);
	KUNIT_EXPECT_EQ(test, reader.place, 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(percpu_rwsem_keeps_apart),
	KUNIT_CASE(the_last_one_takes_the_lock),
	KUNIT_CASE(rwlock_keeps_apart),
	KUNIT_CASE(a_writer_that_waits_goes_before_readers),
	{},
};

static struct kunit_suite suite = {
	.name = "locks",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_LICENSE("Dual MIT/GPL");
