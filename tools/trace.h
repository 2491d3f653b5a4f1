/* SPDX-License-Identifier: MIT */
/*
 * One line of kernel trace text as an event. Both forms that the kernel's own
 * tools print are read, and the fields of all eras from 4.x to 6.x:
 *
 *   ftrace       init-1  [000] ..s1.  0.797304: kmalloc: call_site=f+0x1 ptr=ff.. ...
 *   perf script  init  1 [000]        0.797304: kmem:kmalloc: call_site=ff.. ptr=0xff.. ...
 *
 * An event line is one that has a time stamp ("12.345678:", or "12:" of a clock that only
 * counts) followed by a name and a colon. Spans point into the line.
 *
 * The recorder of this library (kalloc/trace.h) puts marks between the events, as programs do
 * that write to trace_marker: "tracing_mark_write: kmem_cache_create: name=foo size=100 ..."
 * and the like. Marks of others are events that this program does not know.
 */
#ifndef TOOLS_TRACE_H
#define TOOLS_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include <kalloc/gfp.h>

enum trace_kind {
	TRACE_TEXT,    /* not an event line */
	TRACE_LOST,    /* "CPU:1 [LOST 20 EVENTS]" */
	TRACE_KMALLOC, /* kmalloc, kmalloc_node */
	TRACE_ALLOC,   /* kmem_cache_alloc, kmem_cache_alloc_node */
	TRACE_KFREE,
	TRACE_FREE, /* kmem_cache_free */
	TRACE_PAGE_ALLOC,
	TRACE_PAGE_FREE,
	TRACE_PAGE_TAKEN, /* mm_page_alloc_zone_locked: left the free lists, for a CPU's */
	TRACE_BATCHED,	  /* mm_page_free_batched: mm_page_free has told of it already */
	TRACE_INNER,	  /* moves pages inside the allocator, or only counts */
	TRACE_CALL,	  /* a mark of this library's recorder: a call that is replayed whole */
	TRACE_NAME,	  /* such a mark: which cache the object of the next event is of */
	TRACE_UNKNOWN,	  /* an event that this program does not know */
	TRACE_KINDS
};

struct trace_span {
	const char *text;
	size_t len;
};

enum trace_verb {
	TRACE_EXISTS, /* a cache was made before the recording */
	TRACE_CREATE,
	TRACE_DESTROY,
	TRACE_SHRINK,
};

/* TRACE_CALL: kmem_cache_create() and the like. TRACE_NAME has only id and name. */
struct trace_call {
	enum trace_verb verb;
	bool is_end; /* what the thread did since the beginning was part of the call */
	uint64_t id; /* of the cache, not 0 */
	struct trace_span name;
	uint64_t size, align, flags, useroffset, usersize, ctor;
	uint64_t slab_size; /* bytes of an object with its padding; 0 where it is not told */
	uint64_t users;	    /* TRACE_EXISTS: for how many kmem_cache_create() it was made */
};

struct trace_event {
	enum trace_kind kind;
	int cpu;  /* -1 where the line does not tell */
	int pid;  /* likewise */
	int node; /* -1: none was asked for */
	struct trace_span name;
	struct trace_span call_site;
	struct trace_span cache; /* len 0 where the line names none; of marks, see marks.h */
	uint64_t ptr;
	uint64_t bytes_req;
	uint64_t bytes_alloc;
	gfp_t gfp;
	uint64_t pfn; /* 0: the allocation failed */
	unsigned int order;
	uint64_t lost; /* TRACE_LOST: how many */
	bool in_call;  /* part of a marked call, see marks.h */
	struct trace_call call;
};

/*
 * Read one line.
 * Return: NULL, or what is wrong with it ("no field ptr=", ...).
 */
const char *trace_parse(const char *line, struct trace_event *event);

/* Return: the event's name as the kernel writes it, for the known kinds. */
const char *trace_kind_name(enum trace_kind kind);

#endif
