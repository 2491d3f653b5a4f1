/* SPDX-License-Identifier: MIT */
/*
 * Self: what the library keeps of each thread, in one object, so that a hot path
 * finds all of it from one thread-local address.
 */
#ifndef BASE_SELF_H
#define BASE_SELF_H

#include <kalloc/context.h>

#include "base.h"

struct kalloc_machine;

struct thread_self {
	struct kalloc_task task;	/* task.h */
	struct kalloc_machine *machine; /* the current one; NULL: the default (machine.h) */
	int cpu;			/* plat/cpu.h; -1: none yet */
	bool cpu_is_set;		/* by the thread itself, not lent */
	bool has_policy;		/* page/policy.h: a memory policy other than the default */
	bool is_counted;		/* among those that asked for a CPU */
	size_t row;			/* plat/cpu.h: where its row of a table begins */
};

extern __thread struct thread_self thread_self
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

#endif
