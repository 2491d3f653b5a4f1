/* SPDX-License-Identifier: MIT */
/* Who the calling thread is to the host, by the names that the kernel's reports use. */
#ifndef PLAT_THREAD_H
#define PLAT_THREAD_H

struct thread_numbers {
	int pid;  /* the thread's own */
	int tgid; /* its process's, which getpid() gives */
};

/*
 * A thread asks the host once, and anew in a child of fork(). A child of vfork() or of a bare
 * clone() has its parent's.
 */
struct thread_numbers thread_numbers(void);

#endif
