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

/* What stands in for the area where sequences must not work: no thread of it is on a CPU. */
static __thread struct {
	u32 unused;
	int cpu;
	u64 running;
} no_area __attribute__((tls_model("initial-exec"))) = { .cpu = -1 };

_Static_assert(offsetof(__typeof__(no_area), cpu) == 4 &&
		       offsetof(__typeof__(no_area), running) == 8,
	       "as the sequences see it");

static bool is_registered(void)
{
	return *(volatile int *)(rseq_thread() + __rseq_offset + 4) >= 0;
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
	static int known; /* 1: on, -1: off; not before rseq_area is set */
	int is = __atomic_load_n(&known, __ATOMIC_ACQUIRE);

	if (unlikely(!is)) {
		is = probe() ? 1 : -1;
		WRITE_ONCE(rseq_area, is > 0 ? __rseq_offset : (char *)&no_area - rseq_thread());
		__atomic_store_n(&known, is, __ATOMIC_RELEASE);
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
