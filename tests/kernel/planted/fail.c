/* SPDX-License-Identifier: MIT */
/* Copes with a request that fails, or does not, as it is told. Compiles without a tree, too. */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

static char *what = "";
module_param(what, charp, 0444);

#define NR_REQUESTS 200

struct item {
	int number;
	struct rcu_head rcu;
};

static noinline void *first_ask(void)
{
	return kmalloc(100, GFP_KERNEL);
}

static noinline void *second_ask(void)
{
	return kmalloc(200, GFP_KERNEL);
}

/* What becomes of it. */
static noinline void check(void *memory)
{
	if (!strcmp(what, "crash"))
		*(volatile char *)memory = 1;
	else if (!strcmp(what, "bug"))
		BUG_ON(!memory);
	else if (!strcmp(what, "warn"))
		WARN_ON(!memory);
	else if (!strcmp(what, "hang"))
		while (!memory)
			cpu_relax();
}

/* With "leak" the first is lost if there is no second. */
static noinline void pair_ask(void)
{
	void *first = first_ask(), *second = second_ask();

	check(second);
	if (second || strcmp(what, "leak"))
		kfree(first);
	kfree(second);
}

/* Frees that wait for a grace period, from here and from two more places. */
static void items_ask(void)
{
	int i;

	for (i = 0; i < NR_REQUESTS; i++) {
		struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

		if (item)
			kfree_rcu(item, rcu);
	}
}

/* Only the first is known to fail: the others are used after the section that asks for them. */
static void sections_ask(void)
{
	int i;

	for (i = 0; i < 6; i++) {
		char *text;

		rcu_read_lock();
		text = kmalloc(100, GFP_ATOMIC);
		rcu_read_unlock();
		if (!i && !text)
			continue;
		*(volatile char *)text = 1;
		kfree(text);
	}
}

static DECLARE_COMPLETION(asked);

static int thread_run(void *arg)
{
	pair_ask();
	complete(&asked);
	while (!kthread_should_stop())
		cond_resched();
	return 0;
}

static void thread_ask(void)
{
	struct task_struct *task = kthread_create(thread_run, NULL, "asks");

	if (IS_ERR(task))
		return;
	wake_up_process(task);
	/* One that is stopped before it runs asks for nothing. */
	wait_for_completion(&asked);
	kthread_stop(task);
}

static int __init fail_init(void)
{
	if (!strcmp(what, "items"))
		items_ask();
	else if (!strcmp(what, "sections"))
		sections_ask();
	else if (!strcmp(what, "thread"))
		thread_ask();
	else
		pair_ask();
	return 0;
}
module_init(fail_init);
MODULE_LICENSE("GPL");
