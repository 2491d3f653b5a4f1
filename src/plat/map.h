/* SPDX-License-Identifier: MIT */
/*
 * Address space. A host process may hold only so many mappings
 * (vm.max_map_count, 65,530 by default); past that every mmap *and malloc* in
 * the process fails. So rooms that map in pieces take each piece from a budget
 * first, and fail like a kernel whose vmalloc space is full when it is spent.
 */
#ifndef PLAT_MAP_H
#define PLAT_MAP_H

#include "base.h"

/*
 * Reserve @bytes of address space aligned to @align (a power of two, at least a
 * page): no memory, any access faults. Where the last reservation was or would have gone
 * on is tried first, so that as a rule one call of the host is enough. Return: the
 * address, or NULL.
 */
void *map_reserve(size_t bytes, size_t align);

/* Give back a reservation with all that was mapped inside it. */
void map_release(void *at, size_t bytes);

/*
 * Make a piece of a reservation that faults private zero-filled memory, committed by the
 * host page by page at first touch. Return: 0 or -ENOMEM.
 */
int map_commit(void *at, size_t bytes);

/* Make a piece of a reservation fault again. Return: 0 or -ENOMEM. */
int map_uncommit(void *at, size_t bytes);

/* Give private memory back to the host; it reads as zero afterwards. */
void map_forget(void *at, size_t bytes);

/*
 * Make pages of what ram_map() showed fault, as map_uncommit() does, but by markers in the
 * host's page table: it stays one mapping, and what a file has behind the pages is kept; private
 * memory goes back to the host. Return: 0; -EINVAL if the host knows no such markers (Linux
 * before 6.15 for files, before 6.13 for private memory); -ENOMEM.
 */
int map_guard(void *at, size_t bytes);

/* Take the markers away. Return: as above. */
int map_unguard(void *at, size_t bytes);

/* Zero-filled memory of our own for a room's tables; NULL if the host has none. */
void *map_alloc(size_t bytes);
void map_free(void *at, size_t bytes);

/*
 * Take @count mappings from the process's budget: half of what vm.max_map_count
 * leaves free at the first call. The other half stays with the program.
 * Return: true, or false with nothing taken.
 */
bool map_budget_take(unsigned int count);
void map_budget_give(unsigned int count);

/* Mappings left in the budget. */
unsigned int map_budget_left(void);

/*
 * True if less than a quarter is left of what there was at the first call of another of these:
 * a look without a lock.
 */
bool map_budget_is_low(void);

/* Around fork: hold the budget still. */
void map_freeze(void);
void map_thaw(void);

/* Set what is left; for tests that must see it run out. Return: what was left. */
unsigned int map_budget_set(unsigned int left);

#endif
