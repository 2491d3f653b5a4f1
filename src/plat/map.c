/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lock.h"
#include "map.h"

static struct lock budget_lock = LOCK_INIT(RANK_MAP);
static bool budget_known;
static unsigned int budget; /* written under budget_lock */
static unsigned int budget_at_first;

/* What is taken for granted where /proc cannot be read. */
#define MAPPINGS_MOST 65530
#define MAPPINGS_USED 1000

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

void map_forget(void *at, size_t bytes)
{
	madvise(at, bytes, MADV_DONTNEED);
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

/*
 * Hand a file to @take piece by piece. Not by the C library's streams, which allocate: the
 * allocator may be ours. Return: false if there is none.
 */
static bool file_read(const char *path, void (*take)(unsigned int *value, char c),
		      unsigned int *value)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char piece[1024];
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			take(value, piece[i]);
	}
	close(fd);
	return true;
}

static void count_line(unsigned int *lines, char c)
{
	*lines += c == '\n';
}

static void add_digit(unsigned int *number, char c)
{
	if (c >= '0' && c <= '9')
		*number = *number * 10 + (unsigned int)(c - '0');
}

static unsigned int budget_measure(void)
{
	unsigned int most = 0, used = 0;
	int saved = errno;

	if (!file_read("/proc/sys/vm/max_map_count", add_digit, &most))
		most = MAPPINGS_MOST;
	if (!file_read("/proc/self/maps", count_line, &used))
		used = MAPPINGS_USED;
	errno = saved;
	return most > used ? (most - used) / 2 : 0;
}

/* Measuring reads /proc, which takes a while, so it runs before the lock is taken. */
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
