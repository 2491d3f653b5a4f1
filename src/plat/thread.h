/* SPDX-License-Identifier: MIT */
/* Who the calling thread is to the host, by the names that the kernel's reports use. */
#ifndef PLAT_THREAD_H
#define PLAT_THREAD_H

#include "base.h"

struct thread_numbers {
	int pid;  /* the thread's own */
	int tgid; /* its process's, which getpid() gives */
};

/* What the calling thread was told; pid == 0: it did not ask yet. */
extern __thread struct thread_numbers thread_known
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

struct thread_numbers thread_ask(void);

/*
 * A thread asks the host once, and anew in a child of fork(). A child of vfork() or of a bare
 * clone() has its parent's.
 */
static inline struct thread_numbers thread_numbers(void)
{
	return likely(thread_known.pid) ? thread_known : thread_ask();
}

#endif
