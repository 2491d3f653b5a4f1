/* SPDX-License-Identifier: MIT */
/* A function that several kernel threads run at once. */
#ifndef TESTS_KERNEL_THREADS_H
#define TESTS_KERNEL_THREADS_H

#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <kunit/test.h>

#define NR_THREADS 4

struct crew {
	void (*run)(unsigned int nr);
	unsigned int nr;
	struct completion done;
};

static inline int crew_run(void *arg)
{
	struct crew *crew = arg;

	crew->run(crew->nr);
	complete(&crew->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* Call @run in NR_THREADS threads, with the number of each; return when all are through. */
static inline void threads_run(struct kunit *test, void (*run)(unsigned int nr))
{
	struct crew crew[NR_THREADS];
	struct task_struct *tasks[NR_THREADS];
	unsigned int i;

	for (i = 0; i < NR_THREADS; i++) {
		crew[i].run = run;
		crew[i].nr = i;
		init_completion(&crew[i].done);
		tasks[i] = kthread_run(crew_run, &crew[i], "crew%u", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(tasks[i]));
	}
	for (i = 0; i < NR_THREADS; i++) {
		wait_for_completion(&crew[i].done);
		kthread_stop(tasks[i]);
	}
}

#endif
