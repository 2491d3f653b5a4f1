/* SPDX-License-Identifier: MIT */
/*
 * Which cache an object belongs to. A kmalloc tells it by its size and flags. A
 * kmem_cache_alloc of Linux 6.1 names no cache; it has a *site*: the calling
 * function, bytes asked for and bytes given. The cache of a site is, in order:
 *
 *   0. what the recording says, if it is one of this library's (marks.h);
 *   1. the name that a kmem_cache_free gave to an object of that site;
 *   2. among the caches of that object size in the log's slabinfo, the only one,
 *      or else the one that had the most objects no other site accounts for;
 *   3. a cache of the site's own, named after the calling function.
 *
 * 2 uses the state *before*, never the one that the replay is compared with.
 */
#ifndef TOOLS_CACHES_H
#define TOOLS_CACHES_H

#include <stdbool.h>

#include "names.h"
#include "trace.h"

#define CACHES_NONE  ((size_t)-1)
#define CACHES_LARGE "(large)"
#define CACHES_CALL  "(call)"

enum cache_kind {
	CACHE_SLAB,    /* made with kmem_cache_create() */
	CACHE_KMALLOC, /* one of the machine's kmalloc-* */
	CACHE_LARGE,   /* kmalloc beyond the largest class: pages */
	CACHE_CALL,    /* not one: what a marked call allocates for itself (marks.h) */
};

struct cache {
	const char *name; /* owned by struct caches */
	enum cache_kind kind;
	unsigned long size;	     /* bytes of an object with its padding */
	gfp_t kmalloc_gfp;	     /* CACHE_KMALLOC: the flags that lead to this class */
	bool reclaimable;	     /* its slab pages are */
	bool silent;		     /* proven to hand out objects without an event */
	bool is_made;		     /* in the course of the trace */
	unsigned long kmalloc_live;  /* traced objects in use while the trace is studied */
	unsigned long live_before;   /* traced objects in use when the state was taken */
	unsigned long active_before; /* what that state's slabinfo says */
};

struct site {
	size_t cache; /* or CACHES_NONE */
	unsigned long size;
	unsigned long live;
	unsigned long live_before;
};

struct caches {
	struct names names; /* cache names; a cache's number is its name's */
	struct cache *list;
	size_t capacity;
	struct names site_names;
	struct site *sites;
	size_t sites_capacity;
	size_t by_mark, by_name, by_size, by_site; /* sites decided by rule 0, 1, 2, 3 */
	size_t conflicts; /* sites whose objects were freed under two names */
};

/* Return: the number of the cache of that name, made if it is new. */
size_t caches_id(struct caches *caches, const char *name, size_t len);

/* Return: the number of the kmalloc class that a TRACE_KMALLOC came from. */
size_t caches_kmalloc(struct caches *caches, const struct trace_event *event);

/* Return: the number of the site of a TRACE_ALLOC. */
size_t caches_site(struct caches *caches, const struct trace_event *event);

/* Rule 1: an object of @site was freed under this name. */
void caches_learn(struct caches *caches, size_t site, struct trace_span name);

/* Remember the counts of this moment as those of the state. */
void caches_mark_before(struct caches *caches);

/* Rules 2 and 3 for the sites still open; @slabinfo (may be NULL) is the state before. */
void caches_settle(struct caches *caches, const char *slabinfo);

/*
 * Objects that were in use before tracing began: those of the state that no event
 * made. SLUB counts the free objects of a CPU's slab as active, so this is rather
 * too many.
 */
unsigned long caches_born_before(const struct cache *cache);

void caches_fini(struct caches *caches);

#endif
