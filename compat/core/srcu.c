/* SPDX-License-Identifier: MIT */
/*
 * Sleepable RCU: the tree's own, whose readers count in per-CPU variables and whose grace
 * periods are items of work. What it asks of the rest of RCU is here: the shape of a tree
 * of CPUs, and a queue of its own, so that work which waits for a grace period is not in
 * its way. And each thread's sections are noted, so that one who waits for his own is told.
 */
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include <kernel/rcu/rcu.h>

#include "../host/tsan.h"
#include "core.h"

/* Stands for all readers: ThreadSanitizer does not see what fences and counters order. */
static int readers;

/* Callbacks that have been queued and not begun. */
static atomic_t nr_queued = ATOMIC_INIT(0);

static bool head_queue(void)
{
	atomic_inc(&nr_queued);
	return false; /* not twice, as far as is known */
}

static void head_unqueue(void)
{
	order_behind(&readers);
	atomic_dec(&nr_queued);
}

/* It says at boot how large it makes things. */
#undef pr_info
#define pr_info(...) no_printk(__VA_ARGS__)

#undef pr_fmt
#define __srcu_read_lock	     tree_srcu_read_lock
#define __srcu_read_unlock	     tree_srcu_read_unlock
#define synchronize_srcu	     tree_synchronize_srcu
#define synchronize_srcu_expedited   tree_synchronize_srcu_expedited
#define debug_rcu_head_queue(head)   head_queue()
#define debug_rcu_head_unqueue(head) head_unqueue()

int tree_srcu_read_lock(struct srcu_struct *srcu);
void tree_srcu_read_unlock(struct srcu_struct *srcu, int slot);
void tree_synchronize_srcu(struct srcu_struct *srcu);
void tree_synchronize_srcu_expedited(struct srcu_struct *srcu);

#include <kernel/rcu/srcutree.c>

#undef __srcu_read_lock
#undef __srcu_read_unlock
#undef synchronize_srcu
#undef synchronize_srcu_expedited

/* --- sections of the calling thread's ----------------------------------------- */

/* Of a thread that is in sections of more domains than that some are not known. */
#define NR_DOMAINS 8

static __thread struct section {
	struct srcu_struct *srcu; /* NULL: of none */
	unsigned int depth;
} sections[NR_DOMAINS];

/* That of @srcu, which may be NULL for one that is free. NULL: there is none. */
static struct section *section_of(struct srcu_struct *srcu)
{
	unsigned int i;

	for (i = 0; i < NR_DOMAINS; i++)
		if (sections[i].srcu == srcu)
			return &sections[i];
	return NULL;
}

int __srcu_read_lock(struct srcu_struct *srcu)
{
	struct section *section = section_of(srcu) ?: section_of(NULL);

	if (section) {
		section->srcu = srcu;
		section->depth++;
	}
	return tree_srcu_read_lock(srcu);
}

void __srcu_read_unlock(struct srcu_struct *srcu, int slot)
{
	struct section *section = section_of(srcu);

	if (section && !--section->depth)
		section->srcu = NULL;
	order_before(&readers);
	tree_srcu_read_unlock(srcu, slot);
}

/* As of a semaphore: another thread may end it. */
int kalloc_srcu_down_read(struct srcu_struct *srcu)
{
	return tree_srcu_read_lock(srcu);
}

void kalloc_srcu_up_read(struct srcu_struct *srcu, int slot)
{
	order_before(&readers);
	tree_srcu_read_unlock(srcu, slot);
}

/* Whoever calls @function from within a section of @srcu would wait for its end for ever. */
static void reader_refuse(struct srcu_struct *srcu, const char *function)
{
	if (section_of(srcu))
		panic("%s() in a read-side critical section of the same domain, whose end it waits for",
		      function);
}

/* --- waiting ------------------------------------------------------------------- */

void synchronize_srcu(struct srcu_struct *srcu)
{
	reader_refuse(srcu, "synchronize_srcu");
	tree_synchronize_srcu(srcu);
	order_behind(&readers);
}

void synchronize_srcu_expedited(struct srcu_struct *srcu)
{
	reader_refuse(srcu, "synchronize_srcu_expedited");
	tree_synchronize_srcu_expedited(srcu);
	order_behind(&readers);
}

struct workqueue_struct *rcu_gp_wq;
int rcu_num_lvls = RCU_NUM_LVLS;
int num_rcu_lvl[] = NUM_RCU_LVL_INIT;
int rcu_num_nodes = NUM_RCU_NODES;

/* It is the same for every program. */
void rcu_init_geometry(void)
{
}

void srcu_boot(void)
{
	rcu_gp_wq = alloc_workqueue("rcu_gp", 0, 0);
	srcu_init();
}

/* For how long callbacks that are due may need, where no reader is in their way. */
#define SETTLE_NS (2 * 1000 * 1000 * 1000ULL)

void srcu_settle(void)
{
	unsigned long long end = host_clock() + SETTLE_NS;
	unsigned int round;

	for (round = 0; atomic_read(&nr_queued) && host_clock() < end; round++)
		host_relax(round);
	__flush_workqueue(rcu_gp_wq);
}
