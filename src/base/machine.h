/* SPDX-License-Identifier: MIT */
/*
 * The machine, as every room sees it: the parameters it was booted with, where
 * its memory lies, and one pointer per room. Each room knows only what its own
 * pointer leads to.
 *
 * Address space. A machine is one reservation, aligned to and a multiple of
 * MACHINE_ALIGN, so the directory below finds the machine of any address in it
 * with one load and no lock:
 *
 *   base = linear ... linear_end   frame pfn at linear + (pfn << PAGE_SHIFT)
 *   vmalloc_start ... vmalloc_end  aliases of frames, guards between them
 *   slots ...                      frames that kmap shows
 *   tables ... (below base + bytes)  every room's own, struct pages among them (tables.h):
 *                                  that of frame pfn at vmemmap + pfn
 *
 * Everything but the room pointers, traced and context_report_ms is constant between boot
 * and halt; `objects` from the slab room's boot on.
 */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include "base.h"
#include "self.h"
#include "tables.h"

struct node_stats;
struct owner_table;
struct page;
struct page_room;
struct slab_room;
struct tracer;
struct vmap_room;

enum kvmalloc_policy {
	KVMALLOC_SLAB,	 /* the kernel's rule: slab first */
	KVMALLOC_VMAP,	 /* vmalloc wherever the rule allows it as a fallback */
	KVMALLOC_RANDOM, /* a seeded coin between the two */
};

enum oom_policy {
	OOM_FAIL,      /* the request fails, after the kernel's report */
	OOM_KILL_TASK, /* a registered task is ended */
	OOM_PANIC,     /* the process stops */
};

/* What the command line said. src/params.c fills it; its table is the list of names. */
struct machine_params {
	unsigned long mem_bytes;	 /* mem= */
	unsigned long highmem_bytes;	 /* highmem= */
	unsigned long movablecore_bytes; /* movablecore= */
	unsigned long vmalloc_bytes;	 /* vmalloc=; 0: chosen from mem= */
	unsigned long nr_cpus;		 /* nr_cpus= */
	unsigned long nr_nodes;		 /* numa=fake=, or the number of kalloc.nodes= */
	bool has_node_bytes;		 /* kalloc.nodes=: node_bytes says how large each is */
	unsigned long node_bytes[64];	 /* 0: a node without memory */
	u8 distance[64][64];		 /* kalloc.distance=; [0][0] == 0: all 10 and 20 */
	unsigned long max_order;	 /* kalloc.max_order= */
	bool ram_private;		 /* kalloc.ram=private */
	unsigned long seed;		 /* kalloc.seed= */
	unsigned long slub_debug;	 /* slub_debug=: SLAB_* bits */
	char slub_debug_caches[128];	 /* slub_debug=FLAGS,cache,cache; "" for all */
	unsigned long slub_min_order;	 /* slub_min_order= */
	unsigned long slub_max_order;	 /* slub_max_order= */
	unsigned long slub_min_objects;	 /* slub_min_objects=; 0: from nr_cpus */
	bool slab_nomerge;		 /* slab_nomerge, slub_nomerge */
	bool init_on_alloc;		 /* init_on_alloc= */
	bool init_on_free;		 /* init_on_free= */
	bool kasan;			 /* kasan= */
	bool page_owner;		 /* page_owner= */
	enum kvmalloc_policy kvmalloc;	 /* kalloc.kvmalloc= */
	bool vfree_unmap;		 /* kalloc.vfree=unmap */
	enum oom_policy oom;		 /* kalloc.oom= */
	unsigned long swap_bytes;	 /* kalloc.swap= */
	bool daemons_step;		 /* kalloc.daemons=step */
	bool sheaves;			 /* kalloc.sheaves= */
	u64 trace_events;		 /* trace_event=: bits of machine->traced */
	unsigned long trace_bytes;	 /* trace_buf_size=; 0: not named */
	unsigned int trace_clock;	 /* trace_clock=: enum trace_clock of probe */
};

struct kalloc_machine {
	struct kalloc_objects objects; /* the slab room's; programs' inlined code reads it */
	struct owner_table *owners;    /* probe/owner.h; NULL: page_owner=off */
	struct page_room *page;
	u64 traced;	       /* probe/trace.h: the events that somebody wants */
	struct tracer *tracer; /* probe/trace.h */
	struct machine_params params;
	const char *cmdline; /* as it was given; "" for NULL */
	char *base;
	size_t bytes;
	char *linear;
	char *linear_end;
	char *vmalloc_start;
	char *vmalloc_end;
	char *slots;
	struct page *vmemmap;
	struct node_stats *node_stats; /* page/page.h: by node */
	struct slab_room *slab;
	struct vmap_room *vmap;
	struct tables tables;	     /* what is left of them: nothing, once the rooms are up */
	u64 context_report_ms;	     /* plat/context.c: when it last reported; 0: never */
	struct kalloc_machine *next; /* directory list, src/machine.c */
};

_Static_assert(offsetof(struct kalloc_machine, objects) == 0, "as programs' inlined code sees it");

/* Each request and each free looks at both. */
_Static_assert(offsetof(struct kalloc_machine, owners) / 64 ==
		       offsetof(struct kalloc_machine, page) / 64,
	       "in one cache line, as long as a machine begins on one");

#define MACHINE_SHIFT 32
#define MACHINE_ALIGN (1UL << MACHINE_SHIFT)
#define MACHINE_SLOTS (1UL << (47 - MACHINE_SHIFT))

/* Written by src/machine.c only, under its lock; read anywhere. */
extern struct kalloc_machine *machine_directory[MACHINE_SLOTS];

/* The default machine; NULL: not booted. Written by src/machine.c only, under its lock. */
extern struct kalloc_machine *machine_default_now __attribute__((visibility("hidden")));

/*
 * The default machine, booted on first use. The one symbol below that the top of
 * the house (src/machine.c) provides to the rooms.
 */
struct kalloc_machine *machine_default(void);

/* Make @m the calling thread's current machine; NULL: the default. Return: as @m, the one before. */
static inline struct kalloc_machine *machine_enter(struct kalloc_machine *m)
{
	struct kalloc_machine *before = kalloc_self.machine;

	kalloc_self.machine = m;
	kalloc_self.current = m ? &kalloc_self.machine : &machine_default_now;
	return before;
}

/* As kalloc_known(), by loads that do not wait for each other; programs do not see the second. */
static inline struct kalloc_machine *machine_known(void)
{
	struct kalloc_machine *m = kalloc_self.machine;
	struct kalloc_machine *by_default = __atomic_load_n(&machine_default_now, __ATOMIC_ACQUIRE);

	/* Both are common: no jump. */
	return __builtin_expect_with_probability(m != NULL, 1, 0.5) ? m : by_default;
}

/* The calling thread's current machine. */
static inline struct kalloc_machine *machine_current(void)
{
	struct kalloc_machine *m = machine_known();

	return likely(m != NULL) ? m : machine_default();
}

/* The machine that @addr points into (linear, vmalloc or struct page); NULL if none. */
static inline struct kalloc_machine *machine_of(const void *addr)
{
	return READ_ONCE(machine_directory[((unsigned long)addr >> MACHINE_SHIFT) % MACHINE_SLOTS]);
}

static inline bool is_linear(const struct kalloc_machine *m, const void *addr)
{
	return (const char *)addr >= m->linear && (const char *)addr < m->linear_end;
}

#endif
