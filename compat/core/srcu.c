/* SPDX-License-Identifier: MIT */
/*
 * Sleepable RCU: the tree's own, whose readers count in per-CPU variables and whose grace
 * periods are items of work. What it asks of the rest of RCU is here: the shape of a tree
 * of CPUs, and a queue of its own, so that work which waits for a grace period is not in
 * its way.
 */
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

/* It says at boot how large it makes things. */
#undef pr_info
#define pr_info(...) no_printk(__VA_ARGS__)

#undef pr_fmt
#include <kernel/rcu/srcutree.c>

#include "core.h"

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
