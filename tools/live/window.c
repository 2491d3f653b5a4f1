/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "window.h"

/* The size of a page of the host's. */
#define PAGE 4096UL

static const struct target *shown;

static bool is_shown(unsigned long at)
{
	for (size_t i = 0; i < shown->nr_spans; i++)
		if (at >= shown->spans[i].start && at < shown->spans[i].end)
			return true;
	return false;
}

/* Copy @bytes from the target's address @from. Return: how many could be. */
static ssize_t peek(pid_t pid, unsigned long from, void *to, size_t bytes)
{
	struct iovec local = { .iov_base = to, .iov_len = bytes };
	struct iovec remote = { .iov_base = (void *)from, .iov_len = bytes };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0);
}

/* Async-signal-safe. */
static void page_fetch(int signal, siginfo_t *info, void *context)
{
	unsigned long at = (unsigned long)info->si_addr / PAGE * PAGE;
	int saved = errno;

	/* Memory that was there and cannot be written to, or never was. */
	if (info->si_code != SEGV_ACCERR || !is_shown(at) ||
	    mmap((void *)at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) == MAP_FAILED ||
	    peek(shown->pid, at, (void *)at, PAGE) != (ssize_t)PAGE)
		_exit(WINDOW_TORN);
	errno = saved;
}

static int spans_reserve(const struct target *target)
{
	for (size_t i = 0; i < target->nr_spans; i++) {
		const struct span *span = &target->spans[i];
		void *at = mmap((void *)span->start, span->end - span->start, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
				-1, 0);

		if (at == MAP_FAILED)
			return -1;
		if (at != (void *)span->start) { /* a kernel without that flag */
			errno = EEXIST;
			return -1;
		}
	}
	return 0;
}

int window_open(const struct target *target)
{
	struct sigaction fetch = { .sa_sigaction = page_fetch, .sa_flags = SA_SIGINFO };
	char byte;

	if (target->nr_spans && peek(target->pid, target->spans[0].start, &byte, 1) != 1)
		return -1;
	if (spans_reserve(target))
		return -1;
	shown = target;
	return sigaction(SIGSEGV, &fetch, NULL);
}
