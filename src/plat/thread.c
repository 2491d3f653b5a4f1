/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "thread.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

/* Asking the host is a system call for each, so a thread remembers. */
__thread struct thread_numbers thread_known;

static pthread_once_t watch_once = PTHREAD_ONCE_INIT;
static bool watching; /* so that a child does not go by what its parent remembers */

static void forget(void)
{
	thread_known = (struct thread_numbers){ 0 };
}

static void watch(void)
{
	watching = pthread_atfork(NULL, NULL, forget) == 0;
}

struct thread_numbers thread_ask(void)
{
	struct thread_numbers found;

	pthread_once(&watch_once, watch);
	found = (struct thread_numbers){ .pid = gettid(), .tgid = getpid() };
	if (watching)
		thread_known = found;
	return found;
}
