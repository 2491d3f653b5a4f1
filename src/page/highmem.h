/* SPDX-License-Identifier: MIT */
/*
 * Addresses for frames that have none. HIGHMEM frames (highmem=) lie outside the
 * linear space; a mapped one is lent a page-sized slot, counted, so that all users
 * of a frame share its slot. kmap may lend KMAP_SLOTS of them and waits when they
 * are all in use; KMAP_LOCAL more for each CPU are there for kmap_local_page, which
 * must not wait.
 *
 * A slot keeps its mapping after the last user has gone, so that mapping the same
 * frame again costs no system call; it is taken when another frame needs it.
 *
 * Lock: `lock` protects everything here. Invariant: lent == slots with users.
 * Source: Linux 6.1 mm/highmem.c, where local slots belong to the CPU's task.
 */
#ifndef PAGE_HIGHMEM_H
#define PAGE_HIGHMEM_H

#include "machine.h"
#include "page.h"
#include "plat.h"

#define KMAP_SLOTS 512
#define KMAP_LOCAL 16

struct kmap_slot {
	unsigned long pfn; /* 0: nothing mapped */
	unsigned int users;
};

struct kmap_slots {
	struct lock lock;
	struct waitq wait; /* for a slot */
	char *start;	   /* address of slot 0 */
	struct kmap_slot *slot;
	unsigned int nr;
	unsigned int lent;
	unsigned int next; /* where the search for a slot starts */
};

/* How many slots there are on a machine of these parameters: none without HIGHMEM. */
unsigned int kmap_count(const struct machine_params *params);

/* @slot: of zeroes, one for each; @start: a page of address space for each, which faults. */
void kmap_init(struct kmap_slots *kmap, unsigned int nr, struct kmap_slot *slot, char *start);

/* Map every slot in use onto other memory (fork); the rest is forgotten. */
int kmap_remap(struct kmap_slots *kmap, const struct ram *ram);

#endif
