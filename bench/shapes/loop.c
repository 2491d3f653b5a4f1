/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "pick.h"

double budget_ns = 4e6;
char nothing[NOTHING_BYTES];

double thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double ns_of(void (*loop)(long), long times)
{
	double start = thread_ns();

	loop(times);
	return thread_ns() - start;
}

double loop_ns(void (*real)(long), void (*empty)(long))
{
	long times = 1;
	double warm, spent;

	empty(1);
	do {
		times *= 2;
		warm = ns_of(real, times);
	} while (warm < budget_ns / 4);
	times = (long)((double)times * budget_ns / warm) + 1;
	spent = ns_of(empty, times);
	return (ns_of(real, times) - spent) / (double)times;
}
