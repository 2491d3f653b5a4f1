/* SPDX-License-Identifier: MIT */
/*
 * The calls of init, level by level, and those of exit, the last first. A file is a module:
 * where its init failed, nothing is there for its exit to undo, and it is not called. What
 * init leaves behind of an atomic section is told and ended.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include <kalloc/kernel/calls.h>

#include "core.h"

extern struct kalloc_initcall kalloc_initcalls_start[], kalloc_initcalls_end[];
extern struct kalloc_exitcall kalloc_exitcalls_start[], kalloc_exitcalls_end[];

/* As modules have them that do without module_init(); the C library has a function so called. */
int init_module(void) __weak;
void cleanup_module(void) __weak;

static int module_error;

static bool is_own(const void *function, const char *name)
{
	return function && host_address(name) == (unsigned long)function;
}

static const char *name_of(int (*fn)(void))
{
	struct host_symbol found;

	return host_symbol((unsigned long)fn, &found) ? found.name : "a call of init";
}

static void balance(int (*fn)(void), int count)
{
	int left = preempt_count() - count;

	WARN(left, "initcall %s returned with preemption imbalance %d\n", name_of(fn), left);
	if (left > 0)
		__preempt_count_sub(left);
	else if (left < 0)
		__preempt_count_add(-left);
	if (WARN(irqs_disabled(), "initcall %s returned with disabled interrupts\n", name_of(fn)))
		local_irq_enable();
}

/* Return: 1 if it failed. -EAGAIN is what tests return that do not want to stay. */
static unsigned int init_call(int (*fn)(void), int *error)
{
	int count = preempt_count();

	*error = fn();
	balance(fn, count);
	if (*error)
		pr_info("kalloc: %s returned %d\n", name_of(fn), *error);
	return *error && *error != -EAGAIN;
}

unsigned int calls_init(void)
{
	struct kalloc_initcall *call;
	unsigned int nr_failed = 0;

	for (call = kalloc_initcalls_start; call < kalloc_initcalls_end; call++)
		nr_failed += init_call(call->run, &call->error);
	if (is_own(init_module, "init_module"))
		nr_failed += init_call(init_module, &module_error);
	return nr_failed;
}

static bool has_failed(const char *file)
{
	struct kalloc_initcall *call;

	for (call = kalloc_initcalls_start; call < kalloc_initcalls_end; call++)
		if (call->error && !strcmp(call->file, file))
			return true;
	return false;
}

void calls_exit(void)
{
	struct kalloc_exitcall *call;

	if (is_own(cleanup_module, "cleanup_module") && !module_error)
		cleanup_module();
	for (call = kalloc_exitcalls_end; call-- > kalloc_exitcalls_start;)
		if (!has_failed(call->file))
			call->run();
}
