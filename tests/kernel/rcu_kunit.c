/* SPDX-License-Identifier: MIT */
/*
 * SRCU, and RCU by polling: a grace period ends after every reader that was there when it
 * began, be it waited for, polled or called back, and not because of readers of others.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <kunit/test.h>

DEFINE_STATIC_SRCU(domain);
DEFINE_SRCU(other);

/* --- a reader that stays as long as it is let ------------------------------------- */

static struct completion reader_in, reader_may_go;
static atomic_t reader_gone;

static int srcu_reader(void *srcu)
{
	int slot = srcu_read_lock(srcu);

	complete(&reader_in);
	wait_for_completion(&reader_may_go);
	atomic_set(&reader_gone, 1);
	srcu_read_unlock(srcu, slot);
	return 0;
}

static int rcu_reader(void *unused)
{
	rcu_read_lock();
	complete(&reader_in);
	while (!try_wait_for_completion(&reader_may_go))
		cpu_relax();
	atomic_set(&reader_gone, 1);
	rcu_read_unlock();
	return 0;
}

static void reader_start(struct kunit *test, int (*reader)(void *), void *srcu)
{
	init_completion(&reader_in);
	init_completion(&reader_may_go);
	atomic_set(&reader_gone, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(reader, srcu, "reader")));
	wait_for_completion(&reader_in);
}

/* --- somebody who waits for it ------------------------------------------------------ */

struct waiter {
	void (*wait)(struct srcu_struct *srcu);
	struct srcu_struct *srcu;
	struct completion begins;
	bool reader_was_gone;
};

static int waiter_run(void *arg)
{
	struct waiter *waiter = arg;

	complete(&waiter->begins);
	waiter->wait(waiter->srcu);
	waiter->reader_was_gone = atomic_read(&reader_gone);
	while (!kthread_should_stop())
		yield();
	return 0;
}

static struct completion passed;

static void pass(struct rcu_head *unused)
{
	complete(&passed);
}

/* Grace periods that nobody holds up: time enough for another to end that is wrong to. */
static void others_pass(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct rcu_head head;

		init_completion(&passed);
		call_srcu(&other, &head, pass);
		wait_for_completion(&passed);
	}
}

static void waits_for_the_reader(struct kunit *test, void (*wait)(struct srcu_struct *),
				 struct srcu_struct *srcu)
{
	struct waiter waiter = { .wait = wait, .srcu = srcu };
	struct task_struct *task;

	init_completion(&waiter.begins);
	reader_start(test, srcu_reader, srcu);
	task = kthread_run(waiter_run, &waiter, "waiter");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	wait_for_completion(&waiter.begins);
	others_pass();
	complete(&reader_may_go);
	kthread_stop(task);
	KUNIT_EXPECT_TRUE(test, waiter.reader_was_gone);
}

static atomic_t nr_called;
static bool called_in_softirq, called_too_early;

static void called(struct rcu_head *head)
{
	atomic_inc(&nr_called);
	called_in_softirq = in_softirq();
	called_too_early |= !atomic_read(&reader_gone);
	kfree(head);
}

static void call_and_wait(struct srcu_struct *srcu)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		call_srcu(srcu, kmalloc(sizeof(struct rcu_head), GFP_KERNEL | __GFP_NOFAIL),
			  called);
	srcu_barrier(srcu);
}

static void synchronizing_waits_for_readers(struct kunit *test)
{
	struct srcu_struct mine;

	waits_for_the_reader(test, synchronize_srcu, &domain);
	waits_for_the_reader(test, synchronize_srcu_expedited, &domain);
	KUNIT_ASSERT_EQ(test, init_srcu_struct(&mine), 0);
	waits_for_the_reader(test, synchronize_srcu, &mine);
	cleanup_srcu_struct(&mine);
}

static void callbacks_come_behind_readers(struct kunit *test)
{
	atomic_set(&nr_called, 0);
	called_in_softirq = called_too_early = false;
	waits_for_the_reader(test, call_and_wait, &domain);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_called), 100);
	KUNIT_EXPECT_TRUE(test, called_in_softirq);
	KUNIT_EXPECT_FALSE(test, called_too_early);
}

static void readers_of_others_are_not_waited_for(struct kunit *test)
{
	reader_start(test, srcu_reader, &domain);
	synchronize_srcu(&other);
	others_pass();
	synchronize_rcu();
	KUNIT_EXPECT_FALSE(test, atomic_read(&reader_gone));
	complete(&reader_may_go);
	synchronize_srcu(&domain);
	KUNIT_EXPECT_TRUE(test, atomic_read(&reader_gone));
}

static void readers_nest(struct kunit *test)
{
	int outer = srcu_read_lock(&domain), inner = srcu_read_lock(&domain);

	KUNIT_EXPECT_TRUE(test, srcu_read_lock_held(&domain));
	srcu_read_unlock(&domain, inner);
	srcu_read_unlock(&domain, outer);
	synchronize_srcu(&domain);
}

static void srcu_polling_tells_when(struct kunit *test)
{
	unsigned long cookie;

	reader_start(test, srcu_reader, &domain);
	cookie = start_poll_synchronize_srcu(&domain);
	others_pass();
	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_srcu(&domain, cookie));
	complete(&reader_may_go);
	while (!poll_state_synchronize_srcu(&domain, cookie))
		yield();
	KUNIT_EXPECT_TRUE(test, atomic_read(&reader_gone));
	cookie = get_state_synchronize_srcu(&domain);
	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_srcu(&domain, cookie));
	synchronize_srcu(&domain);
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_srcu(&domain, cookie));
}

/* --- readers and a writer at once ---------------------------------------------------- */

#define NR_READERS 4
#define NR_ROUNDS  200
#define VALID	   0x12345678u

struct item {
	unsigned int check;
	struct rcu_head rcu;
};

static struct item __rcu *item;

static void item_free(struct rcu_head *rcu)
{
	struct item *old = container_of(rcu, struct item, rcu);

	WRITE_ONCE(old->check, 0);
	kfree(old);
}

static int look(void *unused)
{
	long nr_wrong = 0;

	while (!kthread_should_stop()) {
		int slot = srcu_read_lock(&domain);
		struct item *now = srcu_dereference(item, &domain);

		if (now) {
			nr_wrong += READ_ONCE(now->check) != VALID;
			yield();
			nr_wrong += READ_ONCE(now->check) != VALID;
		}
		srcu_read_unlock(&domain, slot);
	}
	return (int)nr_wrong;
}

static void replace(struct item *new, bool wait)
{
	struct item *old = rcu_dereference_protected(item, true);

	rcu_assign_pointer(item, new);
	if (!old)
		return;
	if (wait) {
		synchronize_srcu_expedited(&domain);
		item_free(&old->rcu);
	} else {
		call_srcu(&domain, &old->rcu, item_free);
	}
}

static void nobody_sees_what_was_freed(struct kunit *test)
{
	struct task_struct *tasks[NR_READERS];
	unsigned int i;

	for (i = 0; i < NR_READERS; i++) {
		tasks[i] = kthread_run(look, NULL, "look/%u", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(tasks[i]));
	}
	for (i = 0; i < NR_ROUNDS; i++) {
		struct item *new = kmalloc(sizeof(*new), GFP_KERNEL | __GFP_NOFAIL);

		new->check = VALID;
		replace(new, i % 2);
	}
	replace(NULL, true);
	for (i = 0; i < NR_READERS; i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(tasks[i]), 0);
	srcu_barrier(&domain);
}

static struct kunit_case srcu_cases[] = {
	KUNIT_CASE(synchronizing_waits_for_readers),
	KUNIT_CASE(callbacks_come_behind_readers),
	KUNIT_CASE(readers_of_others_are_not_waited_for),
	KUNIT_CASE(readers_nest),
	KUNIT_CASE(srcu_polling_tells_when),
	KUNIT_CASE(nobody_sees_what_was_freed),
	{},
};

/* --- RCU ------------------------------------------------------------------------------- */

static void rcu_polling_tells_when(struct kunit *test)
{
	struct rcu_gp_oldstate full;
	unsigned long cookie;

	reader_start(test, rcu_reader, NULL);
	cookie = start_poll_synchronize_rcu();
	start_poll_synchronize_rcu_full(&full);
	others_pass();
	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_rcu(cookie));
	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_rcu_full(&full));
	complete(&reader_may_go);
	while (!poll_state_synchronize_rcu(cookie) || !poll_state_synchronize_rcu_full(&full))
		yield();
	KUNIT_EXPECT_TRUE(test, atomic_read(&reader_gone));
}

/* --- sections that are readers, too ------------------------------------------------- */

static DEFINE_SPINLOCK(lock);

static void with_bh(void (*stay)(void))
{
	rcu_read_lock_bh();
	stay();
	rcu_read_unlock_bh();
}

static void with_sched(void (*stay)(void))
{
	rcu_read_lock_sched();
	stay();
	rcu_read_unlock_sched();
}

static void with_preemption_off(void (*stay)(void))
{
	preempt_disable();
	/* Nested ones end nothing. */
	rcu_read_lock_bh();
	rcu_read_unlock_bh();
	stay();
	preempt_enable();
}

static void with_irqs_off(void (*stay)(void))
{
	unsigned long flags;

	local_irq_save(flags);
	spin_lock(&lock);
	spin_unlock(&lock);
	stay();
	local_irq_restore(flags);
}

static void with_spinlock(void (*stay)(void))
{
	spin_lock(&lock);
	stay();
	spin_unlock(&lock);
}

static void (*const sections[])(void (*stay)(void)) = {
	with_bh, with_sched, with_preemption_off, with_irqs_off, with_spinlock,
};

static void reader_stay(void)
{
	complete(&reader_in);
	while (!try_wait_for_completion(&reader_may_go))
		cpu_relax();
	atomic_set(&reader_gone, 1);
}

static int section_reader(void *section)
{
	(*(void (*const *)(void (*)(void)))section)(reader_stay);
	return 0;
}

static void sections_are_readers(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sections); i++) {
		unsigned long cookie;

		reader_start(test, section_reader, (void *)&sections[i]);
		cookie = start_poll_synchronize_rcu();
		others_pass();
		KUNIT_EXPECT_FALSE_MSG(test, poll_state_synchronize_rcu(cookie), "section %u", i);
		complete(&reader_may_go);
		synchronize_rcu();
		KUNIT_EXPECT_TRUE(test, atomic_read(&reader_gone));
	}
}

static void waiting_twice_is_saved(struct kunit *test)
{
	unsigned long cookie = get_state_synchronize_rcu();

	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_rcu(cookie));
	synchronize_rcu();
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(cookie));
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(get_completed_synchronize_rcu()));
	/* Would wait for itself. */
	rcu_read_lock();
	cond_synchronize_rcu(cookie);
	rcu_read_unlock();
	cookie = get_state_synchronize_rcu();
	cond_synchronize_rcu(cookie);
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(cookie));
}

/* The program's end waits for them: or they would be left over. */
static void nobody_waits_for_callbacks(struct kunit *test)
{
	unsigned int i;

	atomic_set(&reader_gone, 1);
	for (i = 0; i < 100; i++)
		call_srcu(&domain, kmalloc(sizeof(struct rcu_head), GFP_KERNEL | __GFP_NOFAIL),
			  called);
}

static struct kunit_case rcu_cases[] = {
	KUNIT_CASE(rcu_polling_tells_when),
	KUNIT_CASE(sections_are_readers),
	KUNIT_CASE(waiting_twice_is_saved),
	KUNIT_CASE(nobody_waits_for_callbacks),
	{},
};

static struct kunit_suite srcu_suite = {
	.name = "srcu",
	.test_cases = srcu_cases,
};

static struct kunit_suite rcu_suite = {
	.name = "rcu",
	.test_cases = rcu_cases,
};
kunit_test_suites(&srcu_suite, &rcu_suite);

MODULE_LICENSE("Dual MIT/GPL");
