/* SPDX-License-Identifier: MIT */
/*
 * The preemption count of the calling thread, which is that of its allocation context: a
 * section that must not be preempted must not sleep in an allocation either. Nobody is
 * preempted by it, as no other thread is on the virtual CPU, unless functions are called on
 * other CPUs (asm/gate.h).
 */
#ifndef _ASM_PREEMPT_H
#define _ASM_PREEMPT_H

#include <asm/irqflags.h>

#define PREEMPT_ENABLED 0

/* What stands in the context's word beside the kernel's counts. */
#define KALLOC_NO_COUNT (KALLOC_IRQS_OFF | KALLOC_NO_SECTION)

static __always_inline int preempt_count(void)
{
	return (int)(kalloc_task()->preempt_count & ~KALLOC_NO_COUNT);
}

static __always_inline void preempt_count_set(int count)
{
	struct kalloc_task *task = kalloc_task();

	task->preempt_count = (unsigned int)count | (task->preempt_count & KALLOC_NO_COUNT);
}

static __always_inline void __preempt_count_add(int n)
{
	struct kalloc_task *task = kalloc_task();

	if (!kalloc_is_atomic(task))
		kalloc_section_begin();
	task->preempt_count += (unsigned int)n;
}

/* Puts @n back, of which more was taken off than was there, and tells it. */
void kalloc_preempt_under(int n);

/* Of @count more is taken off than there is; or of its last part, that of disabled preemption. */
static __always_inline bool kalloc_is_under(unsigned int count, unsigned int n)
{
	return count < n || (count & 0xff) < (n & 0xff);
}

static __always_inline void __preempt_count_sub(int n)
{
	struct kalloc_task *task = kalloc_task();
	unsigned int before = task->preempt_count & ~KALLOC_NO_COUNT;

	task->preempt_count -= (unsigned int)n;
	if (!kalloc_is_atomic(task))
		kalloc_section_end();
	else if (__builtin_expect(kalloc_is_under(before, (unsigned int)n), 0))
		kalloc_preempt_under(n);
}

static __always_inline bool __preempt_count_dec_and_test(void)
{
	__preempt_count_sub(1);
	return false;
}

static __always_inline bool should_resched(int preempt_offset)
{
	return false;
}

static __always_inline void set_preempt_need_resched(void)
{
}

static __always_inline void clear_preempt_need_resched(void)
{
}

static __always_inline bool test_preempt_need_resched(void)
{
	return false;
}

#define init_task_preempt_count(task) \
	do {                          \
	} while (0)
#define init_idle_preempt_count(task, cpu) \
	do {                               \
	} while (0)

#endif
