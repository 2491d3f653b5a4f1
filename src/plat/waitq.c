/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "waitq.h"

void waitq_wait(struct waitq *q, u32 ticket, unsigned int ms)
{
	struct timespec timeout = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	int saved = errno;

	__atomic_add_fetch(&q->waiters, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &q->seq, FUTEX_WAIT_PRIVATE, ticket, &timeout, NULL, 0);
	__atomic_sub_fetch(&q->waiters, 1, __ATOMIC_SEQ_CST);
	errno = saved;
}

void waitq_wake(struct waitq *q)
{
	/* Pairs with waitq_ticket: whoever took an older ticket will not sleep. */
	__atomic_add_fetch(&q->seq, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&q->waiters, __ATOMIC_SEQ_CST))
		syscall(SYS_futex, &q->seq, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
