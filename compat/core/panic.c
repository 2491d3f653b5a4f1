/* SPDX-License-Identifier: MIT */
/* Warnings are counted; what a kernel cannot survive ends the process. */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>

#include "core.h"

atomic_t warns_seen = ATOMIC_INIT(0);

/* At most so many are followed by a call stack: a test may warn on purpose. */
#define NR_STACKS 8

void panic(const char *fmt, ...)
{
	va_list args;

	printk(KERN_EMERG "Kernel panic - not syncing: %pV\n",
	       &(struct va_format){ fmt, (va_start(args, fmt), &args) });
	va_end(args);
	stack_print();
	host_abort();
}

void warn_count(void)
{
	if (atomic_inc_return(&warns_seen) <= NR_STACKS)
		stack_print();
}

/* @file: NULL: @fmt says what it is. */
void warn_slowpath_fmt(const char *file, int line, unsigned int taint, const char *fmt, ...)
{
	va_list args;

	if (file)
		pr_warn("WARNING: CPU: %d PID: %d at %s:%d %pS\n", raw_smp_processor_id(),
			current->pid, file, line, __builtin_return_address(0));
	if (fmt) {
		va_start(args, fmt);
		vprintk(fmt, args);
		va_end(args);
	}
	warn_count();
}

void __warn_printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
	warn_count();
}

/* A test that shuts the machine down ends the program. */
static void halt(void)
{
	host_exit(atomic_read(&kunit_failed) || atomic_read(&suites_failed));
}

void kernel_halt(void)
{
	halt();
}

void kernel_power_off(void)
{
	halt();
}

void kernel_restart(char *command)
{
	halt();
}

void dump_stack(void)
{
	stack_print();
}

void dump_stack_lvl(const char *level)
{
	stack_print();
}

void add_taint(unsigned int flag, enum lockdep_ok lockdep)
{
}

int test_taint(unsigned int flag)
{
	return 0;
}

unsigned long get_taint(void)
{
	return 0;
}

int oops_in_progress;
int panic_on_warn;
enum system_states system_state = SYSTEM_RUNNING;
