/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables. Each CPU has a stretch of one reservation of address space. At the
 * beginning of it lie the variables that the program defines, behind them the areas that it
 * allocates, at the same place for every CPU; the host commits what is touched. A pointer
 * to an area counts from where the program's initial values stand.
 *
 * Areas are powers of two, each size with a list of free ones. An area that is used again
 * is cleared where it is not zero, so that CPUs which never wrote to it cost nothing.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "core.h"

#define STRIDE	  (256UL << 20)
#define LEAST	  16UL
#define LEAST_LOG 4
#define MOST_LOG  15

extern char __per_cpu_start[], __per_cpu_end[];

unsigned long __per_cpu_offset[NR_CPUS];
EXPORT_SYMBOL(__per_cpu_offset);

__thread unsigned long kalloc_percpu_mine;

/* So that there is one, and no area lies at offset 0. */
static DEFINE_PER_CPU(unsigned long, first) __used;

static char *base;
static u8 *logs; /* of the area at each 16 bytes; 0: none */
static DEFINE_RAW_SPINLOCK(lock);
static unsigned long fresh;	      /* from here on nothing was used */
static u32 *free_heads[MOST_LOG + 1]; /* stacks of places, in units of LEAST */
static unsigned int nr_free[MOST_LOG + 1], nr_room[MOST_LOG + 1];
static long nr_live;

/* Word by word: AddressSanitizer keeps bytes between variables that nobody may touch. */
static __no_sanitize_address noinline void values_copy(unsigned long *to, unsigned long bytes)
{
	unsigned long *from = (unsigned long *)__per_cpu_start;
	unsigned long i;

	for (i = 0; i < bytes / sizeof(*to); i++)
		WRITE_ONCE(to[i], from[i]);
}

void percpu_boot(void)
{
	unsigned long bytes = __per_cpu_end - __per_cpu_start;
	unsigned int cpu;

	base = host_reserve(STRIDE * NR_CPUS);
	logs = host_reserve(STRIDE / LEAST);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		char *unit = base + cpu * STRIDE;

		__per_cpu_offset[cpu] = (unsigned long)unit - (unsigned long)__per_cpu_start;
		values_copy((unsigned long *)unit, bytes);
	}
	fresh = ALIGN(bytes, PAGE_SIZE);
}

long percpu_live(void)
{
	return nr_live;
}

/* Put the area at @place on the list of its size. */
static void stack_push(unsigned int log, u32 place)
{
	if (nr_free[log] == nr_room[log]) {
		unsigned int room = nr_room[log] ? 2 * nr_room[log] : 64;
		u32 *larger = host_zalloc(room * sizeof(u32));

		if (nr_free[log])
			memcpy(larger, free_heads[log], nr_free[log] * sizeof(u32));
		host_free(free_heads[log]);
		free_heads[log] = larger;
		nr_room[log] = room;
	}
	free_heads[log][nr_free[log]++] = place;
}

/* Return: an offset in each CPU's stretch, 0 if there is none left. */
static unsigned long area_take(unsigned int log, bool *used)
{
	unsigned long at = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	*used = nr_free[log] > 0;
	if (*used) {
		at = free_heads[log][--nr_free[log]] * LEAST;
	} else if (ALIGN(fresh, 1UL << log) + (1UL << log) <= STRIDE) {
		at = ALIGN(fresh, 1UL << log);
		fresh = at + (1UL << log);
	}
	if (at) {
		logs[at / LEAST] = log;
		nr_live++;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return at;
}

static void area_clear(unsigned long at, size_t size)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		char *area = base + cpu * STRIDE + at;

		if (memchr_inv(area, 0, size))
			memset(area, 0, size);
	}
}

/* A kernel has a mutex for requests that may sleep, do I/O and call the file system. */
static void context_check(gfp_t gfp)
{
	might_sleep_if((current_gfp_context(gfp) & GFP_KERNEL) == GFP_KERNEL);
}

static void __percpu *percpu_take(size_t size, size_t align, gfp_t gfp, unsigned long caller)
{
	unsigned int log;
	unsigned long at;
	bool used;

	context_check(gfp);
	if (WARN_ON(!size || size > PCPU_MIN_UNIT_SIZE || align > PAGE_SIZE ||
		    !is_power_of_2(align)))
		return NULL;
	if (fault_strikes(gfp, caller))
		return NULL;
	log = ilog2(roundup_pow_of_two(max(max(size, align), LEAST)));
	at = area_take(log, &used);
	if (!at)
		return NULL;
	if (used)
		area_clear(at, 1UL << log);
	sites_take(sites_percpu, __per_cpu_start + at, size, caller);
	return (void __percpu *)(__per_cpu_start + at);
}

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 10, 0)
void __percpu *pcpu_alloc_noprof(size_t size, size_t align, bool reserved, gfp_t gfp)
{
	return percpu_take(size, align, gfp, _RET_IP_);
}
#else
void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	return percpu_take(size, align, gfp, _RET_IP_);
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return percpu_take(size, align, GFP_KERNEL, _RET_IP_);
}
#endif

void free_percpu(void __percpu *area)
{
	unsigned long at = (unsigned long)area - (unsigned long)__per_cpu_start;
	unsigned long flags;

	if (!area)
		return;
	sites_drop((__force void *)area);
	raw_spin_lock_irqsave(&lock, flags);
	if (at < STRIDE && at % LEAST == 0 && logs[at / LEAST]) {
		stack_push(logs[at / LEAST], at / LEAST);
		logs[at / LEAST] = 0;
		nr_live--;
		at = 0;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	WARN(at, "free_percpu: %px is not allocated\n", (__force void *)area);
}
