/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

#include "lock.h"
#include "map.h"

static struct lock budget_lock = LOCK_INIT(RANK_MAP);
static bool budget_known;
static unsigned int budget; /* written under budget_lock */
static unsigned int budget_at_first;

/* Reservations go down from here: the host's highest gap at first. Only a hint. */
static unsigned long reserve_below;

static unsigned long reserve_near(unsigned long hint, size_t bytes)
{
	void *at = mmap((void *)hint, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			-1, 0);

	return at == MAP_FAILED ? 0 : (unsigned long)at;
}

/* Where @bytes fit that end at or below @end. */
static unsigned long aligned_below(unsigned long end, size_t bytes, size_t align)
{
	return end > bytes ? ALIGN_DOWN(end - bytes, align) : 0;
}

/* Reserve more than is wanted and give back what is not aligned. */
static unsigned long reserve_and_trim(size_t bytes, size_t align)
{
	size_t span = bytes + align;
	unsigned long at = reserve_near(0, span);
	unsigned long aligned = ALIGN_UP(at, align), end = aligned + bytes;

	if (!at)
		return 0;
	if (aligned > at)
		munmap((void *)at, aligned - at);
	if (at + span > end)
		munmap((void *)end, at + span - end);
	return aligned;
}

void *map_reserve(size_t bytes, size_t align)
{
	unsigned long hint = aligned_below(READ_ONCE(reserve_below), bytes, align);
	unsigned long at = 0;

	if (bytes + align < bytes)
		return NULL;
	/* The second try is below the place that the host chose instead. */
	for (int tries = 0; tries < 2; tries++) {
		at = reserve_near(hint, bytes);
		if (!at || !(at & (align - 1)))
			break;
		munmap((void *)at, bytes);
		hint = aligned_below(at + bytes, bytes, align);
		at = 0;
	}
	if (!at)
		at = reserve_and_trim(bytes, align);
	if (at)
		WRITE_ONCE(reserve_below, at);
	return (void *)at;
}

void map_release(void *at, size_t bytes)
{
	if (READ_ONCE(reserve_below) == (unsigned long)at)
		WRITE_ONCE(reserve_below, (unsigned long)at + bytes);
	munmap(at, bytes);
}

/* What faults is fresh memory already: changing that costs the host less than a mapping. */
int map_commit(void *at, size_t bytes)
{
	return mprotect(at, bytes, PROT_READ | PROT_WRITE) ? -errno : 0;
}

int map_uncommit(void *at, size_t bytes)
{
	void *p = mmap(at, bytes, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	return p == MAP_FAILED ? -errno : 0;
}

/* Headers are often older than the host. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif

int map_guard(void *at, size_t bytes)
{
	return madvise(at, bytes, MADV_GUARD_INSTALL) ? -errno : 0;
}

int map_unguard(void *at, size_t bytes)
{
	return madvise(at, bytes, MADV_GUARD_REMOVE) ? -errno : 0;
}

void *map_alloc(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void map_free(void *at, size_t bytes)
{
	munmap(at, bytes);
}

static unsigned int count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned int lines = 0;
	int c;

	if (!maps)
		return 1000;
	while ((c = getc(maps)) != EOF)
		lines += c == '\n';
	fclose(maps);
	return lines;
}

static unsigned int budget_measure(void)
{
	FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
	unsigned int most = 65530, used = count_mappings();

	if (file) {
		if (fscanf(file, "%u", &most) != 1)
			most = 65530;
		fclose(file);
	}
	return most > used ? (most - used) / 2 : 0;
}

/* Measuring reads /proc and may allocate, so it runs before the lock is taken. */
static void budget_enter(void)
{
	unsigned int measured = 0;

	if (!READ_ONCE(budget_known))
		measured = budget_measure();
	lock_take(&budget_lock);
	if (!budget_known) {
		WRITE_ONCE(budget, measured);
		WRITE_ONCE(budget_at_first, measured);
		WRITE_ONCE(budget_known, true);
	}
}

bool map_budget_take(unsigned int count)
{
	bool enough;

	budget_enter();
	enough = budget >= count;
	if (enough)
		WRITE_ONCE(budget, budget - count);
	lock_drop(&budget_lock);
	return enough;
}

void map_budget_give(unsigned int count)
{
	budget_enter();
	WRITE_ONCE(budget, budget + count);
	lock_drop(&budget_lock);
}

bool map_budget_is_low(void)
{
	return READ_ONCE(budget) < READ_ONCE(budget_at_first) / 4;
}

void map_freeze(void)
{
	lock_take(&budget_lock);
}

void map_thaw(void)
{
	lock_drop(&budget_lock);
}

unsigned int map_budget_left(void)
{
	unsigned int left;

	budget_enter();
	left = budget;
	lock_drop(&budget_lock);
	return left;
}

unsigned int map_budget_set(unsigned int left)
{
	unsigned int was;

	budget_enter();
	was = budget;
	WRITE_ONCE(budget, left);
	lock_drop(&budget_lock);
	return was;
}
