/* SPDX-License-Identifier: MIT */
/*
 * Requests for memory that are to fail. All that the program makes are counted, in whatever
 * thread, from the first call of init to the last KUnit suite.
 *
 * A program of one thread makes the same requests in each run: what waits for a grace period
 * is freed by the thread itself meanwhile (rcu_by_caller), at places that do not depend on
 * time.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <kalloc/observe.h>

#include "core.h"

static fault_chooser *chooser;
static atomic_t nr_made = ATOMIC_INIT(0);
static unsigned int fails_at;
static bool has_failed;
static __thread unsigned long asker; /* 0: the library is asked */

static bool request_fails(gfp_t gfp)
{
	static __thread bool inside;
	fault_chooser *choose = READ_ONCE(chooser);
	bool fails;

	if (!choose || inside)
		return false;
	if (gfp & __GFP_DIRECT_RECLAIM)
		rcu_call();
	inside = true;
	fails = choose((unsigned int)atomic_inc_return(&nr_made));
	inside = false;
	return fails;
}

bool fault_strikes(gfp_t gfp, unsigned long caller)
{
	bool fails;

	if (!READ_ONCE(chooser) || (gfp & __GFP_NOFAIL) || in_interrupt())
		return false;
	asker = caller;
	fails = request_fails(gfp);
	asker = 0;
	return fails;
}

unsigned int fault_stack(unsigned long *entries, unsigned int most)
{
	return sites_stack(entries, most, asker);
}

void fault_join(void)
{
	if (READ_ONCE(chooser))
		kalloc_fail_by(request_fails);
}

void fault_begin(fault_chooser *choose)
{
	rcu_by_caller = true;
	WRITE_ONCE(chooser, choose);
	fault_join();
}

unsigned int fault_end(void)
{
	WRITE_ONCE(chooser, NULL);
	kalloc_fail_by(NULL);
	return (unsigned int)atomic_read(&nr_made);
}

static bool is_nth(unsigned int nr)
{
	if (nr == fails_at)
		WRITE_ONCE(has_failed, true);
	return nr == fails_at;
}

void fault_begin_nth(unsigned int nth)
{
	fails_at = nth;
	fault_begin(is_nth);
}

/* Who sweeps by hand must know when to end. */
void fault_end_nth(void)
{
	fault_end();
	printk("kalloc: request %u %s\n", fails_at, has_failed ? "failed" : "was not made");
}
