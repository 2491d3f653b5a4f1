// SPDX-License-Identifier: MIT
/*
 * Workqueues: what is cancelled does not come back, though it queues itself; who flushes waits
 * for what is queued, not for what comes later; items may wait for each other. And a thread
 * that is woken up just when it goes to sleep is woken up.
 */
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/workqueue.h>
#include <kunit/test.h>

static atomic_t nr_turns;
static struct completion began, may_end;

static void state_clear(void)
{
	atomic_set(&nr_turns, 0);
	init_completion(&began);
	init_completion(&may_end);
}

/* --- items that queue themselves ------------------------------------------------------ */

static struct delayed_work again;

static void queue_again(struct work_struct *work)
{
	if (!atomic_fetch_inc(&nr_turns)) {
		complete(&began);
		wait_for_completion(&may_end);
	}
	schedule_delayed_work(&again, 1);
}

/* Lets the item go on when somebody has begun to cancel it, who holds its pending bit. */
static int let_go(void *unused)
{
	while (!delayed_work_pending(&again))
		yield();
	complete(&may_end);
	return 0;
}

static void delayed_work_that_runs_is_cancelled(struct kunit *test)
{
	state_clear();
	INIT_DELAYED_WORK(&again, queue_again);
	schedule_delayed_work(&again, 0);
	wait_for_completion(&began);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(let_go, NULL, "let_go")));
	KUNIT_EXPECT_FALSE(test, cancel_delayed_work_sync(&again));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&again));
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), 1);
	/* And may be queued after that. */
	KUNIT_EXPECT_TRUE(test, schedule_delayed_work(&again, MAX_JIFFY_OFFSET / 2));
	KUNIT_EXPECT_FALSE(test, schedule_delayed_work(&again, 0));
	KUNIT_EXPECT_FALSE(test, flush_work(&again.work));
	KUNIT_EXPECT_TRUE(test, mod_delayed_work(system_wq, &again, MAX_JIFFY_OFFSET / 2));
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&again));
}

static void queue_again_at_once(struct work_struct *work)
{
	atomic_inc(&nr_turns);
	schedule_work(work);
}

static void flushing_does_not_wait_for_later_turns(struct kunit *test)
{
	struct work_struct work;

	state_clear();
	INIT_WORK_ONSTACK(&work, queue_again_at_once);
	schedule_work(&work);
	flush_work(&work);
	KUNIT_EXPECT_GE(test, atomic_read(&nr_turns), 1);
	__flush_workqueue(system_wq);
	cancel_work_sync(&work);
	KUNIT_EXPECT_FALSE(test, work_pending(&work));
	KUNIT_EXPECT_FALSE(test, flush_work(&work));
	destroy_work_on_stack(&work);
}

/* --- items that wait for others ------------------------------------------------------- */

#define NR_ITEMS 12

static struct work_struct items[NR_ITEMS];

static void wait_for_last(struct work_struct *work)
{
	if (work == &items[NR_ITEMS - 1])
		complete_all(&may_end);
	wait_for_completion(&may_end);
	atomic_inc(&nr_turns);
}

static void nap_until_last(struct work_struct *work)
{
	if (work == &items[NR_ITEMS - 1])
		complete_all(&may_end);
	while (!completion_done(&may_end))
		msleep(1);
	atomic_inc(&nr_turns);
}

static void items_run(struct kunit *test, work_func_t func)
{
	struct workqueue_struct *queue = alloc_workqueue("items", 0, 0);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, queue);
	state_clear();
	for (i = 0; i < NR_ITEMS; i++) {
		INIT_WORK(&items[i], func);
		queue_work(queue, &items[i]);
	}
	__flush_workqueue(queue);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), NR_ITEMS);
	destroy_workqueue(queue);
	/* Where it was queued is gone, but it may be asked for. */
	KUNIT_EXPECT_FALSE(test, flush_work(&items[0]));
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&items[0]));
}

static void items_wait_for_each_other(struct kunit *test)
{
	items_run(test, wait_for_last);
	items_run(test, nap_until_last);
}

/* One warning. */
static void what_is_queued_on_a_destroyed_queue_is_told(struct kunit *test)
{
	struct workqueue_struct *queue = alloc_workqueue("gone", 0, 0);

	state_clear();
	INIT_WORK(&items[0], wait_for_last);
	destroy_workqueue(queue);
	queue_work(queue, &items[0]);
	KUNIT_EXPECT_FALSE(test, work_pending(&items[0]));
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), 0);
}

/* --- going to sleep while woken ------------------------------------------------------- */

/*
 * Less than a second on an idle machine; on a busy one, where each meeting may take a turn of
 * the host's scheduler, as many as there is time for.
 */
#define NR_ROUNDS 150000
#define MOST_TIME (3 * HZ)

/* Apart, so that a store may still be on its way when the next word is looked at. */
static unsigned int waker_at ____cacheline_aligned, waiter_at ____cacheline_aligned;
static unsigned int given ____cacheline_aligned;
static unsigned int last ____cacheline_aligned; /* round, which the waiter says before it begins */
static struct task_struct *waiter;

/* Both begin a round together, on a machine of one CPU, too. */
static void meet(unsigned int *at, unsigned int nr)
{
	unsigned int round;

	for (round = 1; smp_load_acquire(at) != nr; round++) {
		if (round % 1024)
			cpu_relax();
		else
			yield();
	}
}

static void spend(unsigned int rounds)
{
	while (rounds--)
		barrier();
}

static int waker_run(void *unused)
{
	unsigned int i;

	for (i = 1; i <= READ_ONCE(last); i++) {
		meet(&waiter_at, i);
		WRITE_ONCE(waker_at, i);
		spend(i % 32);
		WRITE_ONCE(given, i);
		wake_up_process(waiter);
	}
	return 0;
}

/* Each is a little late by turns. */
static unsigned int rounds_wait(void)
{
	unsigned long end = jiffies + MOST_TIME;
	unsigned int i, nr_lost = 0;

	for (i = 1; i <= last; i++) {
		if (time_after(jiffies, end))
			WRITE_ONCE(last, i);
		smp_store_release(&waiter_at, i);
		meet(&waker_at, i);
		spend(i / 32 % 32);
		set_current_state(TASK_UNINTERRUPTIBLE);
		while (READ_ONCE(given) != i && !nr_lost) {
			nr_lost += !schedule_timeout(60 * HZ);
			set_current_state(TASK_UNINTERRUPTIBLE);
		}
		__set_current_state(TASK_RUNNING);
	}
	return nr_lost;
}

static void no_wakeup_is_lost(struct kunit *test)
{
	waker_at = waiter_at = given = 0;
	last = NR_ROUNDS;
	waiter = current;
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(waker_run, NULL, "waker")));
	KUNIT_EXPECT_EQ(test, rounds_wait(), 0U);
}

/* --- items that wait for readers ------------------------------------------------------ */

static struct rcu_work after;

static void turn_count(struct work_struct *work)
{
	atomic_inc(&nr_turns);
}

static void rcu_work_waits_for_readers(struct kunit *test)
{
	state_clear();
	INIT_RCU_WORK(&after, turn_count);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, queue_rcu_work(system_wq, &after));
	KUNIT_EXPECT_FALSE(test, queue_rcu_work(system_wq, &after));
	KUNIT_EXPECT_EQ(test, work_busy(&after.work), (unsigned int)WORK_BUSY_PENDING);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), 0);
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, flush_rcu_work(&after));
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), 1);
	KUNIT_EXPECT_EQ(test, work_busy(&after.work), 0U);
	KUNIT_EXPECT_FALSE(test, flush_rcu_work(&after));
}

/* --- what an item knows of itself, and others of it ----------------------------------- */

static struct work_struct known, *seen_work;
static char seen_name[TASK_COMM_LEN];

static void know_itself(struct work_struct *work)
{
	seen_work = current_work();
	set_worker_desc("item-%d", 7);
	get_task_comm(seen_name, current);
	complete(&began);
	wait_for_completion(&may_end);
}

static void name_see(struct work_struct *work)
{
	get_task_comm(seen_name, current);
}

static void an_item_is_known_while_it_runs(struct kunit *test)
{
	struct workqueue_struct *queue = alloc_ordered_workqueue("known", 0);

	KUNIT_ASSERT_NOT_NULL(test, queue);
	state_clear();
	INIT_WORK(&known, know_itself);
	KUNIT_EXPECT_EQ(test, work_busy(&known), 0U);
	queue_work(queue, &known);
	wait_for_completion(&began);
	KUNIT_EXPECT_EQ(test, work_busy(&known), (unsigned int)WORK_BUSY_RUNNING);
	queue_work(queue, &known);
	KUNIT_EXPECT_EQ(test, work_busy(&known),
			(unsigned int)(WORK_BUSY_RUNNING | WORK_BUSY_PENDING));
	KUNIT_EXPECT_TRUE(test, cancel_work(&known));
	complete(&may_end);
	flush_work(&known);
	KUNIT_EXPECT_PTR_EQ(test, seen_work, &known);
	KUNIT_EXPECT_STREQ(test, seen_name, "known+item-7");
	KUNIT_EXPECT_EQ(test, work_busy(&known), 0U);
	INIT_WORK(&known, name_see);
	queue_work(queue, &known);
	flush_work(&known);
	KUNIT_EXPECT_STREQ(test, seen_name, "known");
	KUNIT_EXPECT_NULL(test, current_work());
	destroy_workqueue(queue);
}

static void work_may_be_done_at_once(struct kunit *test)
{
	static struct execute_work later;

	state_clear();
	KUNIT_EXPECT_EQ(test, execute_in_process_context(turn_count, &later), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), 1);
	local_bh_disable();
	KUNIT_EXPECT_EQ(test, execute_in_process_context(turn_count, &later), 1);
	local_bh_enable();
	flush_work(&later.work);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_turns), 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(delayed_work_that_runs_is_cancelled),
	KUNIT_CASE(flushing_does_not_wait_for_later_turns),
	KUNIT_CASE(items_wait_for_each_other),
	KUNIT_CASE(what_is_queued_on_a_destroyed_queue_is_told),
	KUNIT_CASE(no_wakeup_is_lost),
	KUNIT_CASE(rcu_work_waits_for_readers),
	KUNIT_CASE(an_item_is_known_while_it_runs),
	KUNIT_CASE(work_may_be_done_at_once),
	{},
};

static struct kunit_suite suite = {
	.name = "workqueue",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_LICENSE("Dual MIT/GPL");
