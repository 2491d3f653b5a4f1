/* SPDX-License-Identifier: MIT */
/*
 * A stack without a lock, as a module for a kernel: push and pop exchange the pointer to
 * the top node if it is still the one they saw. It has a bug, on purpose.
 *
 * Who pops has looked into the top node before it is his. Meanwhile another CPU may pop,
 * free, allocate and push the very same node: the exchange succeeds, and puts on top what
 * came next when the node was there first, which has been freed since. With -DLIFO_GRACE=1
 * nodes are freed after a grace period: while anybody looks at one it does not come back.
 *
 * Each thread pushes two numbers, pops two, pushes their sum and pops one, over and over.
 * In the end the stack has to be empty, and as much popped as was pushed.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#ifndef LIFO_GRACE
#define LIFO_GRACE 0
#endif

struct node {
	struct node *next;
	unsigned long value;
	struct rcu_head rcu;
};

static unsigned int threads = 4;
module_param(threads, uint, 0444);
static unsigned int rounds = 4000;
module_param(rounds, uint, 0444);

static struct node *top;
static struct kmem_cache *nodes;
static atomic_long_t pushed, popped;
static atomic_t nr_pops, nr_running;
static DECLARE_COMPLETION(begun);
static DECLARE_COMPLETION(ended);

static void push(unsigned long value)
{
	struct node *node = kmem_cache_alloc(nodes, GFP_KERNEL | __GFP_NOFAIL);
	struct node *was;

	node->value = value;
	do {
		was = READ_ONCE(top);
		node->next = was;
	} while (cmpxchg(&top, was, node) != was);
	atomic_long_add((long)value, &pushed);
}

/*
 * An interrupt between looking and exchanging. Most come and go in time, which is why such
 * a bug shows after days. One in 64 of these stays till an exchange would be wrong, or for
 * a millisecond.
 */
static void window(const struct node *node, const struct node *next)
{
	ktime_t end = ktime_add_ms(ktime_get(), 1);

	if (atomic_inc_return(&nr_pops) % 64)
		return;
	while (ktime_before(ktime_get(), end)) {
		if (READ_ONCE(top) == node && READ_ONCE(node->next) != next)
			return;
		udelay(1);
	}
}

/* A thread pops no more than it has pushed, so there is a node. */
static struct node *pop(void)
{
	struct node *node, *next;

	rcu_read_lock();
	do {
		node = READ_ONCE(top);
		next = READ_ONCE(node->next);
		window(node, next);
	} while (cmpxchg(&top, node, next) != node);
	rcu_read_unlock();
	atomic_long_add((long)node->value, &popped);
	return node;
}

static void node_free(struct node *node)
{
	if (LIFO_GRACE)
		kfree_rcu(node, rcu);
	else
		kmem_cache_free(nodes, node);
}

static int churn(void *data)
{
	wait_for_completion(&begun);
	for (unsigned int i = 0; i < rounds; i++) {
		struct node *first, *second;
		unsigned long sum;

		push(2 * i);
		push(2 * i + 1);
		first = pop();
		second = pop();
		sum = first->value + second->value;
		node_free(second);
		node_free(first);
		push(sum);
		node_free(pop());
	}
	if (atomic_dec_and_test(&nr_running))
		complete(&ended);
	return 0;
}

static int __init lifo_init(void)
{
	nodes = KMEM_CACHE(node, 0);
	if (!nodes)
		return -ENOMEM;
	atomic_set(&nr_running, (int)threads);
	for (unsigned int i = 0; i < threads; i++)
		BUG_ON(IS_ERR(kthread_run(churn, NULL, "lifo/%u", i)));
	complete_all(&begun);
	wait_for_completion(&ended);
	WARN_ON(top);
	WARN_ON(atomic_long_read(&pushed) != atomic_long_read(&popped));
	pr_info("lifo: %u threads, %u rounds\n", threads, rounds);
	return 0;
}

static void __exit lifo_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(nodes);
}

module_init(lifo_init);
module_exit(lifo_exit);
MODULE_LICENSE("Dual MIT/GPL");
