/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <kalloc/vmalloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "heap.h"
#include "report.h"

#define LINE_MOST 512

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_on;
static char waiting[64 << 10]; /* under the lock */
static size_t nr_waiting;

void calls_begin(void)
{
	is_on = true;
}

/* Under the lock. A program may have closed all files: none is kept open. */
static void write_out(void)
{
	int fd = nr_waiting ? report_file_open("/trace", O_APPEND) : -1;

	if (fd >= 0) {
		report_write_all(fd, waiting, nr_waiting);
		close(fd);
	}
	nr_waiting = 0;
}

/* Begin a line, as ftrace does. Under the lock. */
static void stamp(void)
{
	struct timespec now;

	if (nr_waiting + LINE_MOST > sizeof(waiting))
		write_out();
	clock_gettime(CLOCK_MONOTONIC, &now);
	nr_waiting +=
		(size_t)snprintf(waiting + nr_waiting, LINE_MOST / 2,
				 "%.15s-%d [%03d] ..... %ld.%06ld: ", program_invocation_short_name,
				 (int)getpid(), sched_getcpu(), (long)now.tv_sec,
				 now.tv_nsec / 1000);
}

void calls_alloc(const void *p, size_t size, size_t bytes)
{
	if (!is_on || is_vmalloc_addr(p))
		return;
	pthread_mutex_lock(&lock);
	stamp();
	nr_waiting += (size_t)snprintf(waiting + nr_waiting, LINE_MOST / 2,
				       "kmalloc: call_site=malloc+0x0/0x0 ptr=%p bytes_req=%zu "
				       "bytes_alloc=%zu gfp_flags=GFP_KERNEL\n",
				       p, size < HEAP_ALIGN ? HEAP_ALIGN : size, bytes);
	pthread_mutex_unlock(&lock);
}

void calls_free(const void *p)
{
	int saved = errno;

	if (!is_on || is_vmalloc_addr(p))
		return;
	pthread_mutex_lock(&lock);
	stamp();
	nr_waiting += (size_t)snprintf(waiting + nr_waiting, LINE_MOST / 2,
				       "kfree: call_site=free+0x0/0x0 ptr=%p\n", p);
	pthread_mutex_unlock(&lock);
	errno = saved;
}

void calls_flush(void)
{
	pthread_mutex_lock(&lock);
	write_out();
	pthread_mutex_unlock(&lock);
}

void calls_freeze(void)
{
	pthread_mutex_lock(&lock);
	write_out();
}

void calls_thaw(void)
{
	pthread_mutex_unlock(&lock);
}
