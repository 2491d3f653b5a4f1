/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a condition that another thread makes true.
 *
 *   waiter                              waker
 *   ticket = waitq_ticket(q)            make the condition true
 *   if the condition holds: done        waitq_wake(q)
 *   else waitq_wait(q, ticket, ms)
 *
 * No wake is lost: one between the ticket and the wait makes the wait return at
 * once (the sequence number has moved). Spurious returns are allowed; the waiter
 * looks at its condition again.
 */
#ifndef PLAT_WAITQ_H
#define PLAT_WAITQ_H

#include "base.h"

struct waitq {
	u32 seq;
	u32 waiters;
};

static inline u32 waitq_ticket(struct waitq *q)
{
	return __atomic_load_n(&q->seq, __ATOMIC_SEQ_CST);
}

/* Sleep until a wake after @ticket, at most @ms milliseconds. */
void waitq_wait(struct waitq *q, u32 ticket, unsigned int ms);

/* Let all waiters look again. Any context. */
void waitq_wake(struct waitq *q);

#endif
