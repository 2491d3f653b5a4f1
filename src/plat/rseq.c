/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

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

_Static_assert(offsetof(struct kalloc_area, cpu) == 4 && offsetof(struct kalloc_area, running) == 8,
	       "as the host sees it");

static struct kalloc_area *area_of_host(void)
{
	return (struct kalloc_area *)(rseq_thread() + __rseq_offset);
}

static bool is_registered(void)
{
	return READ_ONCE(area_of_host()->cpu) >= 0;
}

/*
 * A host may run sequences and have no fence for them (Linux before 5.10, some
 * containers); then they are of no use. It takes a process's first registration for
 * the fence and ignores further ones.
 */
static bool probe(void)
{
	return RSEQ_HOST && is_registered() &&
	       membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ) == 0 &&
	       membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) == 0;
}

/* Threads may ask for the first time at once: they write the same. */
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

int rseq_cpu(void)
{
	if (unlikely(kalloc_self.area == &self_no_area))
		kalloc_self.area = rseq_is_on() ? area_of_host() : &kalloc_self.no_area;
	return READ_ONCE(kalloc_self.area->cpu);
}

void rseq_fence(void)
{
	if (is_alone() || !rseq_is_on() || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) == 0)
		return;
	/* Not registered after all: a child made without fork's help. */
	membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ);
	TRAP_IF(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) != 0);
}
