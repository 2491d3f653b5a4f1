/* SPDX-License-Identifier: MIT */
/*
 * Trace: the events of a machine, recorded by each CPU in a ring of its own (ring.h), and
 * told to debuggers and tracers through USDT probes (usdt.h).
 *
 * `machine->traced` has a bit for each event that somebody wants, and one for a program that
 * observes its objects (observe.h), and says if kasan is on. The rooms ask for the bit where
 * the event happens, which is the whole cost of one that nobody wants:
 *
 *   TRACE(m, mm_page_free, .pfn = pfn, .order = order);
 *
 * The hot paths do not even ask. Each room has a function, its *follower*, that is called
 * when the bits change and sees to it that every request it has events for takes a way on
 * which it asks: the fronts of the slab room then are empty and full to all comers
 * (slab/front.h), and the page room has each block dressed (page/quick.h). That is the way off
 * the hot paths for all who watch a machine; who watches one thread has a mark on it
 * (watch.h).
 *
 * A USDT probe is switched on from outside, by raising a semaphore in this process's memory
 * (usdt.h). trace_poll() looks at it wherever a request has left the hot path.
 *
 * What is recorded stays until it is read for good, overwritten, or cleared: the oldest
 * records go first, and how many went is counted. Each record has the time, the CPU, the
 * thread's number and whether it was in an atomic section; the threads' names are kept
 * beside, as they were last.
 *
 * Caches are recorded by number. A table, the tracer's own, says which name a number
 * stands for, since a cache may be gone when its records are read.
 *
 * Memory: rings, names of threads and the table are one reservation, committed by touch,
 * made when something is first recorded. It goes when the machine does: a thread may be
 * writing to it at any time.
 *
 * Locks: `lock` orders those that switch, read and clear; writers take none. `names_lock`
 * protects the table of caches as it grows.
 *
 * In the child of a fork the rings are the host's copy, records of the parent included.
 *
 * Source: Linux 6.1 kernel/trace, for what is kept and how it behaves.
 */
#ifndef PROBE_TRACE_H
#define PROBE_TRACE_H

#include "machine.h"
#include "ring.h"
#include "trace_events.h"
#include "usdt.h"

/* How a field is shown. */
enum trace_kind {
	TRACE_NUMBER,	      /* decimal */
	TRACE_HEX,	      /* with 0x */
	TRACE_POINTER,	      /* 16 hexadecimal digits */
	TRACE_SYMBOL,	      /* where a call returns to: function and offset */
	TRACE_FUNCTION,	      /* where a function begins, likewise */
	TRACE_PAGE,	      /* a frame's number: its struct page, and the number */
	TRACE_GFP,	      /* flags by name */
	TRACE_BOOLEAN,	      /* true, false */
	TRACE_CACHE,	      /* by number: its name */
	TRACE_ZONE,	      /* enum zone_type: its name */
	TRACE_SYNC,	      /* sync, async */
	TRACE_COMPACT_RESULT, /* enum compact_result of page: its name */
	TRACE_LRU,	      /* enum lru_list of page: its name */
	TRACE_WRITEBACK,      /* RECLAIM_WB_* by name */
	TRACE_TEXT,	      /* as it is */
	TRACE_HIDDEN,	      /* not at all */
	TRACE_HIDDEN_ZONE,
	TRACE_HIDDEN_CACHE,
};

struct trace_field {
	const char *name;
	const char *before; /* what is printed before it; NULL: its name */
	enum trace_kind kind;
};

struct trace_descriptor {
	const char *group;
	const char *name;
	unsigned int nr_fields;
	const struct trace_field *fields;
};

/*
 * What a ring keeps of an event: when, who and which in two words, then a word for each field.
 * Words of different sizes would take less room, and longer to write.
 */
#define TRACE_HEAD_WORDS			2u
#define TRACE_FIELDS_MOST			(RING_WORDS - TRACE_HEAD_WORDS)

#define TRACE_AS_MEMBER(kind, name)		u64 name;
#define TRACE_AS_OTHER_MEMBER(kind, name, text) u64 name;
#define TRACE_AS_ZERO_MEMBER(name)		u64 name;
#define TRACE_AS_STRUCT(group, name)                                                              \
	struct trace_##name {                                                                     \
		trace_fields_##name(TRACE_AS_MEMBER, TRACE_AS_OTHER_MEMBER, TRACE_AS_ZERO_MEMBER) \
	};                                                                                        \
	_Static_assert(sizeof(struct trace_##name) <= TRACE_FIELDS_MOST * sizeof(u64),            \
		       "a record is one slot");

TRACE_EVENTS(TRACE_AS_STRUCT)
TRACE_MARKS(TRACE_AS_STRUCT)

/* Bytes of a mark's text, the end included. */
#define TRACE_TEXT_BYTES (TRACE_FIELDS_MOST * sizeof(u64))

/* 0 is no event. Those before NR_TRACE_EVENTS can be wanted, marks come with others. */
#define TRACE_AS_ID(group, name) TRACE_ID_##name,
enum trace_id {
	TRACE_ID_none,
	TRACE_EVENTS(TRACE_AS_ID) NR_TRACE_EVENTS,
	TRACE_ID_last_event = NR_TRACE_EVENTS - 1,
	TRACE_MARKS(TRACE_AS_ID) NR_TRACE_IDS
};

_Static_assert(NR_TRACE_IDS <= 60, "a bit each in a word, and some over");

/* By enum trace_id. */
extern const struct trace_descriptor trace_descriptors[NR_TRACE_IDS]
	__attribute__((visibility("hidden")));

#define TRACE_BIT(name) (1ULL << TRACE_ID_##name)

/* What the slab room asks about objects; its marks come with any of these. */
#define TRACE_OBJECTS                                                          \
	(TRACE_BIT(kmalloc) | TRACE_BIT(kfree) | TRACE_BIT(kmem_cache_alloc) | \
	 TRACE_BIT(kmem_cache_free))

/*
 * In machine->traced: a USDT probe is wanted; somebody observes the objects (observe.h); kasan
 * is on (kasan.h), for who asks after both at once.
 */
#define TRACE_PROBED   (1ULL << 63)
#define TRACE_OBSERVED (1ULL << 62)
#define TRACE_KASAN    (1ULL << 61)

/* The same, as it is read. */
struct trace_record {
	u64 stamp;
	int pid;
	u16 id;	    /* enum trace_id */
	u8 context; /* TRACE_IN_IRQ, and how deep in atomic sections, at most 15 */
	unsigned int cpu;
	u64 words[TRACE_FIELDS_MOST]; /* a struct trace_*, or a text */
};

#define TRACE_IN_IRQ 0x80u

enum trace_clock {
	TRACE_CLOCK_LOCAL,   /* plat/ticks.h */
	TRACE_CLOCK_COUNTER, /* 1, 2, 3 ...: the same in every run */
	TRACE_CLOCK_MONO,    /* the host's CLOCK_MONOTONIC */
	NR_TRACE_CLOCKS
};

#define TRACE_CACHES  65536u
#define TRACE_THREADS 512u

/* What a cache's number stands for. */
struct trace_cache {
	u32 size;     /* bytes of an object with its padding; 0: not known yet */
	bool is_twin; /* another cache is of that size */
	char name[248];
};

struct kalloc_observer;

/* trace_memory.h */
struct trace_memory;
struct trace_names;

#define TRACE_FOLLOWERS 2

struct tracer {
	/* What writers look at. */
	struct trace_memory *memory; /* the rings; NULL: nothing was recorded yet */
	struct trace_names *names;   /* likewise */
	u64 recorded;		     /* the events that are, marks included */
	u64 count;		     /* of the clock that counts */
	u32 clock;		     /* enum trace_clock */

	u32 nr_followers;
	void (*followers[TRACE_FOLLOWERS])(struct kalloc_machine *m);

	/* Under lock. */
	struct lock lock;
	bool is_on;
	u64 wanted;	/* by set_event and the like */
	u64 ring_bytes; /* of each CPU */
	u64 nr_lost;	/* records overwritten before they were read, by those who read */

	const struct kalloc_observer *observer; /* observe.h; NULL: none */

	struct lock names_lock;
	u32 nr_caches;
};

/* --- writing ------------------------------------------------------------- */

static inline bool trace_wants(const struct kalloc_machine *m, u64 bits)
{
	return unlikely(READ_ONCE(m->traced) & bits);
}

/*
 * Record an event and tell who is at its probe. Any context, any lock may be held.
 * @stamp: what trace_stamp() gave to the event before, which is no time ago; 0: now.
 */
void trace_write(struct kalloc_machine *m, enum trace_id id, u64 stamp, const void *words,
		 size_t nr_words);

u64 trace_stamp(const struct kalloc_machine *m);

/* The event @name of machine @m, if anybody wants it; the fields are evaluated only then. */
#define TRACE(m, name, ...) TRACE_AT(m, 0, name, __VA_ARGS__)

/* The same with the stamp @at. Many events of one moment do not each look at the clock. */
#define TRACE_AT(m, at, name, ...)                                               \
	do {                                                                     \
		if (trace_wants(m, TRACE_BIT(name)))                             \
			trace_write(m, TRACE_ID_##name, at,                      \
				    &(const struct trace_##name){ __VA_ARGS__ }, \
				    sizeof(struct trace_##name) / sizeof(u64));  \
	} while (0)

/*
 * The number of the cache whose *@number this is, a new one if it is 0; @size: see struct
 * trace_cache. 0 if there are too many.
 */
u32 trace_cache_number(struct kalloc_machine *m, u32 *number, const char *name, u32 size);

/* Hit the event's USDT probe. */
void trace_fire(const struct kalloc_machine *m, enum trace_id id, const void *words);

/* --- switching ----------------------------------------------------------- */

void tracer_init(struct kalloc_machine *m, struct tracer *tracer);
void tracer_fini(struct kalloc_machine *m);

/* Have @follow called whenever m->traced changes; by a room that boots. */
void trace_follow(struct kalloc_machine *m, void (*follow)(struct kalloc_machine *m));

/*
 * Of the events in @which, want those in @wanted from now on; others are left as they are.
 * Takes tracer->lock; not with a lock held. Return: 0, or -ENOMEM with nothing changed.
 */
int trace_want(struct kalloc_machine *m, u64 which, u64 wanted);

/* Have @observer told of objects from now on; NULL: nobody. Takes tracer->lock, likewise. */
void trace_observe(struct kalloc_machine *m, const struct kalloc_observer *observer);

/* Record what is wanted, or nothing although it is. Likewise. */
void trace_switch(struct kalloc_machine *m, bool on);

#define TRACE_ALL (~0ULL)

/* Rings of @bytes each from now on, rounded up; what was recorded is gone. Likewise. */
int trace_resize(struct kalloc_machine *m, u64 bytes);

/* Stamps by another clock from now on; what was recorded is forgotten. */
void trace_set_clock(struct kalloc_machine *m, enum trace_clock clock);

/* Forget what was recorded, and that anything was lost. */
void trace_clear(struct kalloc_machine *m);

/* Put a text into the record, in as many pieces as it takes. Return: 0 or -ENOMEM. */
int trace_mark(struct kalloc_machine *m, const char *text, size_t len);

/*
 * Look whether USDT probes are wanted now, and let everybody know if that is news. Where a
 * request begins that left the hot path: no lock may be held but those outside of an
 * allocation. Does nothing in atomic context, nor while somebody else is at it.
 */
void trace_poll(struct kalloc_machine *m);

/* Whether it would find that they are; costs next to nothing if not. */
static inline bool trace_poll_is_due(void)
{
	return usdt_is_wanted();
}

/*
 * Read "kmem:kmalloc", "kmem:*", "kmem", "mm_page_*" and the like, separated by blanks or
 * commas, "!" before what is to be taken out again. Return: 0, or -EINVAL with *@wrong the
 * first word that no event is meant by.
 */
int trace_parse(const char *text, size_t len, u64 *wanted, const char **wrong, size_t *wrong_len);

/* Smallest and largest ring. */
#define TRACE_RING_LEAST (4UL << 10)
#define TRACE_RING_MOST	 (1UL << 30)

/* --- reading ------------------------------------------------------------- */

/* Where a reader is in one CPU's ring, and the record that it has not handed out yet. */
struct trace_cursor {
	struct ring *ring;
	unsigned int cpu;
	u64 at, end; /* the next number to look at; the first that is not read */
	u64 nr_lost; /* records that were overwritten before the one at hand */
	bool has;
	struct trace_record record;
};

/*
 * Records of all CPUs in the order of their stamps. Threads that share a CPU have theirs in the
 * order in which they claimed their slots: one that was held up before it looked at the clock
 * comes earlier than its stamp says. Between trace_read_begin() and
 * trace_read_end() tracer->lock is held; only what was there at the beginning is read.
 */
struct trace_reader {
	struct kalloc_machine *m;
	bool takes; /* what is read is gone */
	unsigned int nr_cursors, nr_allocated;
	struct trace_cursor *cursors;
	struct trace_cursor few[4]; /* enough as a rule */
};

/* Return: 0, or -ENOMEM with nothing held. */
int trace_read_begin(struct kalloc_machine *m, struct trace_reader *reader, bool takes);

/* The next record, and how many were lost before it on its CPU; NULL: there are no more. */
const struct trace_record *trace_read_look(const struct trace_reader *reader, u64 *nr_lost);

/* Go on to the one after it. */
void trace_read_on(struct trace_reader *reader);
void trace_read_end(struct trace_reader *reader);

struct trace_counts {
	u64 in_buffer, written, lost;
};

struct trace_counts trace_count(struct kalloc_machine *m);

/* The cache of a number, the name of a thread. "" if it is not known. */
const struct trace_cache *trace_cache_of(const struct kalloc_machine *m, u32 number);
void trace_thread_name(const struct kalloc_machine *m, int pid, char comm[16]);

/* --- fork ---------------------------------------------------------------- */

void trace_freeze(struct kalloc_machine *m);
void trace_thaw(struct kalloc_machine *m);
void trace_adopt(struct kalloc_machine *m); /* in the child, before trace_thaw() */

#endif
