/* SPDX-License-Identifier: MIT */
/* Waiting: completions, and time. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/sched.h>

void complete(struct completion *x)
{
	unsigned int done = READ_ONCE(x->done);

	while (done < COMPLETION_ALL &&
	       !__atomic_compare_exchange_n(&x->done, &done, done + 1, false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
	host_wake(&x->done, 1);
}

void complete_all(struct completion *x)
{
	__atomic_store_n(&x->done, COMPLETION_ALL, __ATOMIC_RELEASE);
	host_wake(&x->done, INT_MAX);
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned int done = __atomic_load_n(&x->done, __ATOMIC_ACQUIRE);

	while (done && done < COMPLETION_ALL)
		if (__atomic_compare_exchange_n(&x->done, &done, done - 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_ACQUIRE))
			return true;
	return done != 0;
}

void wait_for_completion(struct completion *x)
{
	might_sleep();
	while (!try_wait_for_completion(x))
		host_wait(&x->done, 0, -1);
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long ticks)
{
	unsigned long end = jiffies + ticks;
	unsigned long left = ticks;

	might_sleep();
	while (!try_wait_for_completion(x)) {
		if (!left)
			return 0;
		host_wait(&x->done, 0, (long long)(left * KALLOC_TICK_NS));
		left = time_before(jiffies, end) ? end - jiffies : 0;
	}
	return max(left, 1UL);
}

void kalloc_sleep(long long ns)
{
	unsigned long long end = host_clock() + (unsigned long long)ns;
	unsigned int word = 0;

	might_sleep();
	for (unsigned long long now; (now = host_clock()) < end;)
		host_wait(&word, 0, (long long)(end - now));
}

void kalloc_spin(long long ns)
{
	unsigned long long end = host_clock() + (unsigned long long)ns;

	while (host_clock() < end)
		cpu_relax();
}

/* The host gives the CPU to others without being asked, so this is a place to check. */
int cond_resched(void)
{
	might_sleep();
	return 0;
}
