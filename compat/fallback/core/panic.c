/* SPDX-License-Identifier: MIT */
/* Warnings are counted; what a kernel cannot survive ends the process. */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "../../core/core.h"

atomic_t warns_seen = ATOMIC_INIT(0);
atomic_t kunit_passed = ATOMIC_INIT(0);
atomic_t kunit_failed = ATOMIC_INIT(0);
atomic_t suites_failed = ATOMIC_INIT(0);

/* At most so many are followed by a call stack: a test may warn on purpose. */
#define NR_STACKS 8

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printk(KERN_EMERG "Kernel panic - not syncing: ");
	vprintk(fmt, args);
	va_end(args);
	host_backtrace();
	host_abort();
}

void warn_count(void)
{
	if (atomic_inc_return(&warns_seen) <= NR_STACKS)
		host_backtrace();
}

void warn_slowpath_fmt(const char *file, int line, unsigned int taint, const char *fmt, ...)
{
	va_list args;
	char caller[80];

	host_symbol_show((unsigned long)__builtin_return_address(0), caller, sizeof(caller));
	pr_warn("WARNING: PID: %d at %s:%d %s\n", current->pid, file, line, caller);
	if (fmt) {
		va_start(args, fmt);
		vprintk(fmt, args);
		va_end(args);
	}
	warn_count();
}

void __might_sleep(const char *file, int line)
{
	if (likely(preemptible() && !host_rcu_depth()))
		return;
	pr_err("BUG: sleeping function called from invalid context at %s:%d\n", file, line);
	pr_err("in_atomic(): %d, irqs_disabled(): %d, pid: %d, name: %s\n", in_atomic(),
	       irqs_disabled(), current->pid, current->comm);
	pr_err("preempt_count: %x, expected: 0\n", preempt_count());
	pr_err("RCU nest depth: %u, expected: 0\n", host_rcu_depth());
	warn_count();
}

void dump_stack(void)
{
	host_backtrace();
}
