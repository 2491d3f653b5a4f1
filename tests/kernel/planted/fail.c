/* SPDX-License-Identifier: MIT */
/* Copes with a request that fails, or does not, as it is told. Compiles without a tree, too. */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#if __has_include(<linux/debugfs.h>)
#define WITH_TREE
#include <linux/debugfs.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/workqueue.h>
#endif

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

#ifdef WITH_TREE
static const struct proc_ops no_ops;
static const struct file_operations no_fops;

static noinline void percpu_ask(void)
{
	int __percpu *percpu = alloc_percpu(int);

	if (percpu || !strcmp(what, "percpu"))
		*per_cpu_ptr(percpu, 0) = 1;
	free_percpu(percpu);
}

static noinline void queue_ask(void)
{
	struct workqueue_struct *queue = alloc_workqueue("asks", 0, 0);

	if (queue || !strcmp(what, "queue"))
		destroy_workqueue(queue);
}

static noinline void proc_ask(void)
{
	struct proc_dir_entry *folder = proc_mkdir("asks", NULL);

	if (!folder && !strcmp(what, "proc"))
		BUG();
	if (!folder)
		return;
	proc_create("file", 0444, folder, &no_ops);
	proc_symlink("link", folder, "file");
	proc_remove(folder);
}

static noinline void debugfs_ask(void)
{
	struct dentry *folder = debugfs_create_dir("asks", NULL);

	if (PTR_ERR_OR_ZERO(folder) == -ENOMEM && !strcmp(what, "debugfs"))
		BUG();
	debugfs_create_file("file", 0444, folder, NULL, &no_fops);
	debugfs_create_symlink("link", folder, "file");
	debugfs_remove(folder);
}

/* What is not of the library, or not only. */
static void layer_ask(void)
{
	percpu_ask();
	queue_ask();
	proc_ask();
	debugfs_ask();
}
#else
static void layer_ask(void)
{
}
#endif

static int __init fail_init(void)
{
	if (!strcmp(what, "items"))
		items_ask();
	else if (!strcmp(what, "sections"))
		sections_ask();
	else if (!strcmp(what, "thread"))
		thread_ask();
	else if (strcmp(what, "layer") && strcmp(what, "percpu") && strcmp(what, "queue") &&
		 strcmp(what, "proc") && strcmp(what, "debugfs"))
		pair_ask();
	else
		layer_ask();
	return 0;
}
module_init(fail_init);
MODULE_LICENSE("GPL");
