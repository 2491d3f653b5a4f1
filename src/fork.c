/* SPDX-License-Identifier: MIT */
/*
 * Fork: the child gets its own copy of every machine.
 *
 * A machine's tables are private memory, which the host copies for the child by
 * itself. Its frames are a shared file, so they are copied here, with every lock
 * of every machine held from before the copy until after the fork: no list is
 * caught half way, in the tables or in the frames.
 *
 *   before, in the parent   directory lock; freeze all; copy each machine's frames;
 *                           hold plat's own locks
 *   after, in the parent    drop the copies; thaw all
 *   after, in the child     put each machine on its copy, vmalloc areas too; thaw
 *
 * A process of one thread has nobody who could be half way, and nothing is frozen. Private
 * memory (kalloc.ram=private) the host copies by itself as it does the tables, page by page
 * as they are written to.
 *
 * Locks that live in frames (those of slab caches) are held in the copy as well,
 * and each process lets go of its own.
 *
 * If the host has no memory for a copy, the child loses that machine and says so.
 * It must not go on with the parent's frames: the reservation is made to fault
 * and the room pointers are taken away, so the first use stops the child. Such a
 * machine can only be halted.
 *
 * Threads of the parent other than the one that forks do not exist in the child;
 * what they had allocated there stays allocated, as with any memory.
 */
#include <pthread.h>

#include "page.h"
#include "top.h"
#include "vmap.h"

static struct machine_top *top_of(struct kalloc_machine *m)
{
	return container_of(m, struct machine_top, m);
}

static void machine_freeze(struct kalloc_machine *m)
{
	trace_freeze(m);
	for (int up = NR_ROOMS - 1; up >= 0; up--)
		rooms[up].freeze(m);
}

static void machine_thaw(struct kalloc_machine *m)
{
	for (int up = 0; up < NR_ROOMS; up++)
		rooms[up].thaw(m);
	trace_thaw(m);
}

static bool frozen; /* under directory_lock, over a fork: whether the machines are */

static void fork_prepare(void)
{
	lock_take(&directory_lock);
	frozen = !is_alone();
	for (struct kalloc_machine *m = directory_machines; m; m = m->next) {
		if (machine_is_lost(m))
			continue;
		if (frozen)
			machine_freeze(m);
		top_of(m)->has_copy = page_ram_copy(m, &top_of(m)->copy) == 0;
	}
	map_freeze();
	console_freeze();
}

static void plat_thaw(void)
{
	console_thaw();
	map_thaw();
}

static void fork_parent(void)
{
	plat_thaw();
	for (struct kalloc_machine *m = directory_machines; m; m = m->next) {
		if (machine_is_lost(m))
			continue;
		if (top_of(m)->has_copy)
			ram_destroy(&top_of(m)->copy);
		if (frozen)
			machine_thaw(m);
	}
	lock_drop(&directory_lock);
}

static bool machine_adopt(struct kalloc_machine *m)
{
	return top_of(m)->has_copy && page_ram_replace(m, &top_of(m)->copy) == 0 &&
	       vmap_remap_all(m) == 0;
}

/* All but the pages that @m itself lies in. */
static void machine_lose(struct kalloc_machine *m)
{
	char *top = (char *)ALIGN_DOWN((unsigned long)m, PAGE_SIZE);
	char *behind = (char *)ALIGN_UP((unsigned long)(top_of(m) + 1), PAGE_SIZE);

	map_uncommit(m->base, (size_t)(top - m->base));
	map_uncommit(behind, (size_t)(m->base + m->bytes - behind));
	m->page = NULL;
	m->slab = NULL;
	m->vmap = NULL;
}

static void fork_child(void)
{
	unsigned int nr_lost = 0;

	plat_thaw();
	for (struct kalloc_machine *m = directory_machines; m; m = m->next) {
		if (machine_is_lost(m))
			continue;
		if (machine_adopt(m)) {
			trace_adopt(m);
			if (frozen)
				machine_thaw(m);
		} else {
			machine_lose(m);
			nr_lost++;
		}
	}
	lock_drop(&directory_lock);
	if (nr_lost) {
		lock_forget_all();
		console_print(
			"kalloc: fork: no memory to copy %u machine(s): lost in this process\n",
			nr_lost);
	}
}

int fork_watch(void)
{
	static bool watching; /* under directory_lock */

	if (!watching && pthread_atfork(fork_prepare, fork_parent, fork_child) != 0)
		return -ENOMEM;
	watching = true;
	return 0;
}
