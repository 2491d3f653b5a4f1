/* SPDX-License-Identifier: MIT */
/*
 * What a script holds of a machine: blocks of pages, memory, caches, pools and so on, each
 * from the call that returned it to the one that gives it back.
 *
 * A thing is *alive* as long as it is the script's; then it is on the session's list, which
 * is what the script has left to give back. After that variables may still name it: so it
 * stays in memory, dead, until the last of them has gone.
 *
 * Invariant: a thing is in memory while it is alive or refs > 0. One that was taken from a
 * cache or a pool counts among that one's refs.
 */
#ifndef SCENARIO_THING_H
#define SCENARIO_THING_H

#include <stdbool.h>
#include <stddef.h>

enum thing_kind {
	THING_PAGES,
	THING_RANGE,
	THING_MEMORY,
	THING_AREA,
	THING_CACHE,
	THING_POOL,
	THING_FLEX_ARRAY,
	THING_PAGE_CACHE,
	THING_SHRINKER,
	THING_TASK,
	THING_FRAGMENTATION,
	NR_THING_KINDS
};

/* A set of kinds. */
#define THING_SET(kind) (1u << (kind))

struct thing {
	enum thing_kind kind;
	bool alive;
	unsigned int refs;  /* values that name it, and things taken from it */
	int made_at;	    /* line */
	int gone_at;	    /* line; 0: with its machine */
	void *at;	    /* struct page, address, struct kmem_cache ... */
	unsigned int order; /* PAGES */
	size_t size;	    /* bytes asked for; RANGE: frames */
	unsigned long pfn;  /* PAGES, RANGE: of the first frame */
	struct thing *from; /* the cache or pool it was taken from */
	struct thing *prev, *next;
};

/* Those that are alive, in the order in which they were made. */
struct things {
	struct thing *first, *last;
	size_t nr;
};

/* A live thing with one reference. */
struct thing *thing_new(struct things *things, enum thing_kind kind, void *at, int line);

/* @thing was taken from the cache or pool @from. */
void thing_set_from(struct thing *thing, struct thing *from);

/* @thing is no longer the script's. */
void thing_gone(struct things *things, struct thing *thing, int line);

void thing_drop(struct thing *thing);

/*
 * Give a live thing back to its machine, by its own call. Return: false if it stays: a cache
 * of which objects are in use.
 */
bool thing_give_back(struct thing *thing);

/* "a block of pages" */
const char *thing_kind_name(enum thing_kind kind);

/* "a cache or a memory pool": a set of kinds. */
void thing_kinds_show(unsigned int kinds, char *buf, size_t size);

/* "a block of pages of order 3 at frame 1024" */
void thing_show(const struct thing *thing, char *buf, size_t size);

#endif
