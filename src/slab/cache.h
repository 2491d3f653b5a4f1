/* SPDX-License-Identifier: MIT */
/*
 * Cache: a supply of objects of one size.
 *
 * An object is free or allocated; a free one is in exactly one place: a sheaf
 * (front.h), the free list of a CPU's slab, or the free list of a slab. A slab is in one of four
 * states:
 *
 *   CPU slab    of one CPU, which alone takes objects from it        frozen
 *   CPU partial in reserve for one CPU, at most cpu_partial_slabs    frozen
 *   partial     has free objects, on the partial list of its node    not frozen
 *   full        no free object; on the full list of its node with    not frozen
 *               SLAB_STORE_USER, else on none
 *
 * Locks. kmem_cache_cpu.lock: that CPU's freelist, slab and partial chain, and the
 * free pointers on its freelist. kmem_cache_node.list_lock: the node's counts and
 * list, and the freelist, inuse and frozen of every slab of that node. The room's
 * caches_lock: the list of caches, refcount, object_size and inuse as merging
 * raises them. The rest is constant from creation to destruction.
 *
 * Invariants: objects on slab->freelist == slab->objects - slab->inuse, so a CPU
 * slab counts all that its CPU may hand out as in use; nr_partial == length of
 * the partial list; nr_slabs >= nr_partial; with SLAB_STORE_USER, nr_slabs == length
 * of both lists.
 *
 * A checked cache (any of SLAB_DEBUG_FLAGS) has no per-CPU part: each operation
 * goes to the node.
 *
 * Differs from Linux 6.1: locks instead of double-word compare and exchange; free
 * pointers are stored plain and ascend in a new slab (no hardening, no shuffle);
 * struct kmem_cache of the two caches that describe caches, and their nodes, lie
 * in the room instead of in a slab, so that booting needs no second pass; a slab
 * of a SLAB_TYPESAFE_BY_RCU cache is kept until the cache is destroyed, because
 * there are no readers' sections to wait for.
 */
#ifndef SLAB_CACHE_H
#define SLAB_CACHE_H

#include <kalloc/front.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>

#include "barn.h"
#include "chunk.h"
#include "list.h"
#include "machine.h"
#include "page.h"
#include "plat.h"
#include "quarantine.h"
#include "size.h"

struct slab;

struct kmem_cache_order_objects {
	unsigned int x; /* order << 16 | objects */
};

/* Objects of a slab are counted in 15 bits. */
#define MAX_OBJS_PER_PAGE 32767u

static inline unsigned int oo_order(struct kmem_cache_order_objects oo)
{
	return oo.x >> 16;
}

static inline unsigned int oo_objects(struct kmem_cache_order_objects oo)
{
	return oo.x & 0xffff;
}

struct cacheline kmem_cache_cpu {
	struct lock lock;
	void *freelist; /* objects of @slab */
	struct slab *slab;
	struct slab *partial; /* chained by slab->next */
};

struct kmem_cache_node {
	struct lock list_lock;
	unsigned long nr_partial;
	struct list_head partial;
	unsigned long nr_slabs;
	unsigned long total_objects;
	struct list_head full; /* with SLAB_STORE_USER; else empty */
};

/* Which of the eras' prototypes a constructor has. */
enum ctor_era {
	CTOR_OBJECT,	   /* since 2.6.27 */
	CTOR_CACHE_OBJECT, /* 2.6.24 to 2.6.26 */
	CTOR_OBJECT_FLAGS, /* before */
};

struct kmem_cache {
	/* What every allocation and free looks at: one line. */
	struct kalloc_supply supply; /* its class and fronts; programs' inlined code reads it */
	unsigned int sheaf_most;     /* objects that a sheaf of this cache holds; 0: no fronts */
	bool told;		     /* somebody is to be told of its objects: trace_slab.h */
	struct kalloc_machine *machine;
	struct kmem_cache_cpu *cpu_slab; /* one for each CPU */
	slab_flags_t flags;
	unsigned int nr_cpus;
	unsigned int offset; /* of the free pointer */
	unsigned int size;   /* from one object to the next */
	unsigned int object_size;
	unsigned int inuse; /* bytes before the metadata */
	unsigned int align;
	unsigned int red_left_pad;
	unsigned long min_partial;
	unsigned int cpu_partial;
	unsigned int cpu_partial_slabs;
	struct kmem_cache_order_objects oo;
	struct kmem_cache_order_objects min;
	gfp_t allocflags;
	int refcount; /* -1: never merged */
	union {
		void (*ctor)(void *object);
		void (*ctor_mid)(struct kmem_cache *s, void *object);
		kalloc_ctor_old ctor_old;
	};
	enum ctor_era ctor_era;
	unsigned int useroffset;
	unsigned int usersize;
	bool zero_on_alloc; /* init_on_alloc= and init_on_free=, where they apply */
	bool zero_never;    /* with init_on_alloc=, __GFP_ZERO spares constructed objects */
	bool zero_on_free;
	const char *name;
	u32 trace_number; /* what records of events call it; 0: nothing yet */
	struct list_head list;
	struct barn barn;
	struct kmem_cache_node *node[];
};

_Static_assert(offsetof(struct kmem_cache, supply) == 0, "as programs' inlined code sees it");

/* Flags that are the room's own. */
#define SLAB_KASAN    ((slab_flags_t)0x08000000U) /* probe/kasan.h; shadow.h */
#define OBJECT_POISON ((slab_flags_t)0x80000000U) /* POISON, and nobody looks at free objects */

#define SLAB_DEBUG_FLAGS \
	(SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_TRACE | SLAB_CONSISTENCY_CHECKS)

/* The table of fronts and what goes with it; front.h. */
struct front_table {
	u16 *returned; /* classes of caches that were destroyed */
	bool is_on;
	bool is_hidden; /* all fronts are; written under caches_lock */
	u32 nr_returned;
	u32 next_class;
	struct lock claims_lock; /* front_claim.c */
	struct sheaf_pool sheaves;
};

struct slab_room {
	struct front_table fronts;
	struct lock caches_lock;
	struct list_head slab_caches; /* newest first */
	struct kmem_cache *kmem_cache;
	struct kmem_cache *kmem_cache_node;
	struct kmem_cache *kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];
	struct size_rules rules;
	struct ratelimit oom_limit;
	struct shrinker shrinker; /* shrink.h */
	struct chunk_pool chunks; /* per-CPU parts, under caches_lock */
	kalloc_slab_taker taker;  /* NULL: nobody is told of reports */
	void *taker_ctx;
	struct quarantine quarantine;
	bool is_recorded; /* trace_slab.c, under caches_lock: somebody records objects */
};

/* What a cache is made from. */
struct cache_request {
	const char *name;
	unsigned int size;
	unsigned int align;
	slab_flags_t flags;
	unsigned int useroffset;
	unsigned int usersize;
	union {
		void (*ctor)(void *object);
		void (*ctor_mid)(struct kmem_cache *s, void *object);
		kalloc_ctor_old ctor_old;
	};
	enum ctor_era ctor_era;
};

static inline bool cache_is_checked(const struct kmem_cache *s)
{
	return (s->flags & SLAB_DEBUG_FLAGS) != 0;
}

/* Bytes of a struct kmem_cache on a machine with @nr_nodes nodes. */
static inline size_t cache_bytes(unsigned int nr_nodes)
{
	return sizeof(struct kmem_cache) + nr_nodes * sizeof(struct kmem_cache_node *);
}

/*
 * Fill the zeroed @s as @req says, but for its nodes and per-CPU part. The name is
 * taken over, not copied. Return: 0 or -EINVAL.
 */
int cache_setup(struct kalloc_machine *m, struct kmem_cache *s, const struct cache_request *req);

/* Give @s its per-CPU part. Return: 0 or -ENOMEM. */
int cache_setup_cpus(struct slab_room *room, struct kmem_cache *s);
void cache_drop_cpus(struct slab_room *room, struct kmem_cache *s);

/* kmem_cache_create_usercopy() of any era. Return: the cache, or NULL after a report. */
struct kmem_cache *cache_create(const struct cache_request *req);

/*
 * A new cache that no list knows yet; @class: front_attach(). Return: 0 with *@out set,
 * -EINVAL, -ENOMEM.
 */
int cache_make(struct kalloc_machine *m, const struct cache_request *req, unsigned int class,
	       struct kmem_cache **out);

/* Undo cache_make(); all slabs are gone. The name stays. */
void cache_drop(struct kmem_cache *s);

/* Put a cache on the list. */
void cache_publish(struct slab_room *room, struct kmem_cache *s);

/* Print the kernel's "Unable to allocate memory" lines, at most ten in 5 s. */
void cache_warn_oom(struct kmem_cache *s, gfp_t gfp, int nid);

/* Everything that the comments above promise, for tests; takes the locks. */
bool cache_ok(struct kmem_cache *s);

#endif
