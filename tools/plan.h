/* SPDX-License-Identifier: MIT */
/*
 * What a trace tells about itself, learnt in two readings before it is replayed:
 *
 *   learn   the linear map's base, the caches' names, where the recorder paused,
 *           the machine's shape, the kernel's own files;
 *   assign  which page allocations belong to objects (a slab, a large kmalloc),
 *           whether objects (of which caches) and pages are handed out without
 *           events, and how many traced objects each cache held when the state
 *           "before" was taken.
 *
 * A page block belongs to objects if, while it was allocated, an object event
 * named an address in it. Its page events are not replayed: the objects bring
 * their pages along.
 *
 * Linux 6.1 tells of no object that kmem_cache_alloc_bulk() gives and of no page
 * that alloc_pages_bulk() gives. What proves it: an object never allocated is
 * freed in a page that was allocated during the trace; a page leaves the free
 * lists and is freed with no mm_page_alloc in between. After such proof, frees of
 * that cache, or of pages, that find nothing allocated are explained.
 */
#ifndef TOOLS_PLAN_H
#define TOOLS_PLAN_H

#include "caches.h"
#include "gaps.h"
#include "linear.h"
#include "log.h"

struct plan {
	struct caches caches;
	struct linear linear;
	struct states states;
	char *cmdline; /* of the machine of this library that was recorded; NULL: a kernel was */
	unsigned int nr_cpus;
	unsigned long long lost; /* events that the recorder lost or overwrote */
	uint64_t nr_events;
	uint64_t nr_pages;	   /* frames that all mm_page_alloc events allocated */
	uint64_t top_pfn;	   /* largest frame number seen */
	struct gap pause;	   /* where the recorder was off */
	size_t pause_gaps;	   /* gaps that agree on it; 0: no pause was found */
	bool has_before;	   /* the log has slabinfo of a state before */
	uint64_t before_event;	   /* the event at which it was taken */
	uint64_t pages_between;	   /* frames allocated from "before" to "after" */
	uint64_t silent_pages;	   /* frames proven to be allocated without an event */
	unsigned char *page_owned; /* one bit for each mm_page_alloc: objects own it */
	size_t page_owned_bytes;
};

/* Called with 0 when a reading begins, and now and then with the fraction done. */
struct plan_watch {
	void (*update)(struct plan_watch *watch, double fraction);
};

/*
 * Study the trace at @path.
 * Return: NULL, or the message of what is wrong with it, to be freed.
 */
char *plan_make(struct plan *plan, const char *path, struct plan_watch *watch);

/* True if the mm_page_alloc that is number @index in the trace belongs to objects. */
bool plan_owns_page(const struct plan *plan, uint64_t index);

/* The command line of a machine like the traced one. */
void plan_cmdline(const struct plan *plan, char *buf, size_t size);

void plan_fini(struct plan *plan);

#endif
