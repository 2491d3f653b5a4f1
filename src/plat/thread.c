/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "thread.h"

#include <unistd.h>

int thread_pid(void)
{
	return gettid();
}

int thread_tgid(void)
{
	return getpid();
}
