/* SPDX-License-Identifier: MIT */
/*
 * Observing: a program's own functions decide which requests for memory fail, and are told
 * of each object of a cache that is handed out or comes back. For tools that sweep over all
 * failures, look for leaks or count. Without them nothing takes longer; with them no request
 * goes by what is inline in programs, and gets the same object nevertheless.
 *
 * The functions are called with no lock of the library held, by the thread whose request it
 * is, and may read and write the files of machines (kalloc/kalloc.h) and fork. They must
 * not ask a machine for memory, nor give it back.
 */
#ifndef KALLOC_OBSERVE_H
#define KALLOC_OBSERVE_H

#include <kalloc/types.h>

struct kmem_cache;

/* What kalloc_observe() is given; it is read as long as it is in use. NULL: not told. */
struct kalloc_observer {
	/* @object of @s is handed out. It may not be cleared yet. */
	void (*taken)(struct kmem_cache *s, void *object);
	/* @object of @s is about to be free. */
	void (*given)(struct kmem_cache *s, void *object);
};

KALLOC_BEGIN_DECLS

/**
 * kalloc_fail_by() - let a function decide which requests of the calling thread fail
 * @fails: called before each request for memory, with its flags as the thread's scopes
 *	narrow them; true: it fails. NULL: none does any more
 *
 * What counts as a request is what /proc/thread-self/fail-nth counts: an object, objects in
 * bulk, a block or blocks of pages in bulk, also where one layer asks the next; but none
 * with __GFP_NOFAIL, nor in an interrupt section. Any context.
 */
KALLOC_API void kalloc_fail_by(bool (*fails)(gfp_t flags));

/**
 * kalloc_observe() - be told of the objects of the current machine
 * @observer: what to call; NULL: nothing any more
 *
 * All objects of caches are told, those of kmalloc() up to KMALLOC_MAX_CACHE_SIZE included,
 * and of bulk requests one by one. Larger ones are blocks of pages, which page_owner=on
 * records. Objects that were handed out before come back as others do. What other threads
 * have begun when this returns may still be told to the observer before, or to none. May
 * sleep; not from within a callback of the library's.
 */
KALLOC_API void kalloc_observe(const struct kalloc_observer *observer);

/**
 * kalloc_stack() - who is calling the library
 * @entries: receives return addresses, innermost first, without the library's own
 * @most: how many @entries has room for; more than 16 are not kept
 *
 * The first call of a process should be made where memory may be taken and locks of the C
 * library held; README.md says what it needs. In a child of fork() it takes longer.
 *
 * Return: how many there are; 0: the host cannot tell.
 */
KALLOC_API unsigned int kalloc_stack(unsigned long *entries, unsigned int most);

KALLOC_END_DECLS

#endif
