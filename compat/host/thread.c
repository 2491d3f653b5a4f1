/* SPDX-License-Identifier: MIT */
/*
 * Threads. One that the kernel layer starts runs until its function returns or it calls
 * host_thread_exit(), which jumps back to where it began: kernel code has no cleanups.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdlib.h>

#include <kalloc/kernel/host.h>

struct start {
	void (*run)(void *arg);
	void *arg;
};

static __thread jmp_buf *thread_end;
static pthread_key_t watch_key;
static pthread_once_t watch_once = PTHREAD_ONCE_INIT;

static void *thread_main(void *data)
{
	struct start *start = data;
	void (*run)(void *arg) = start->run;
	void *arg = start->arg;
	jmp_buf end;

	free(start);
	if (!setjmp(end)) {
		thread_end = &end;
		run(arg);
	}
	return NULL;
}

int host_thread_start(void (*run)(void *arg), void *arg)
{
	struct start *start = malloc(sizeof(*start));
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	if (!start)
		return -12; /* ENOMEM, which every host numbers alike */
	start->run = run;
	start->arg = arg;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, thread_main, start);
	pthread_attr_destroy(&attr);
	if (error)
		free(start);
	return -error;
}

void host_thread_exit(void)
{
	if (thread_end)
		longjmp(*thread_end, 1);
	pthread_exit(NULL);
}

static void watch_end(void *data)
{
	kalloc_thread_gone();
}

static void watch_boot(void)
{
	pthread_key_create(&watch_key, watch_end);
}

void host_thread_watch(void)
{
	pthread_once(&watch_once, watch_boot);
	pthread_setspecific(watch_key, &watch_key);
}

unsigned int host_nr_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned int)CPU_COUNT(&set);
}
