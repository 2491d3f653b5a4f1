/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alone.h"
#include "console.h"
#include "rseq.h"

static int membarrier(int command)
{
	return (int)syscall(SYS_membarrier, command, 0, 0);
}

#if RSEQ_HOST
#include <sys/rseq.h>
#else
#define __rseq_offset 0
#endif

long rseq_area;

/* The host takes a process's first registration and ignores further ones. */
static bool probe(void)
{
	rseq_area = __rseq_offset;
	return RSEQ_HOST && rseq_cpu() >= 0 &&
	       membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ) == 0;
}

bool rseq_is_on(void)
{
	static int known; /* 1: on, -1: off */
	int is = READ_ONCE(known);

	if (unlikely(!is)) {
		is = probe() ? 1 : -1;
		WRITE_ONCE(known, is);
	}
	return is > 0;
}

void rseq_fence(void)
{
	if (is_alone() || !rseq_is_on() || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) == 0)
		return;
	/* Not registered after all: a child made without fork's help. */
	membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ);
	TRAP_IF(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) != 0);
}
