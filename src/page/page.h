/* SPDX-License-Identifier: MIT */
/*
 * Page: the front door for the rooms above. The public door is <kalloc/page.h>;
 * what is declared here takes the machine it works on.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include <kalloc/page.h>

#include "base.h"
#include "machine.h"
#include "plat.h"

/*
 * How large the reservation of a machine must be for page's part, before it is made:
 * bytes of linear space (holes included), of slots for kmap, and what booting cuts.
 */
size_t page_linear_bytes(const struct machine_params *params);
size_t page_slots_bytes(const struct machine_params *params);
void page_measure(const struct kalloc_machine *m, struct tables *tables);

/*
 * Boot and halt the room. @m->params and the addresses are set but for vmemmap, which
 * booting sets. Return: 0 or a negative errno, with nothing left behind.
 */
int page_boot(struct kalloc_machine *m);
void page_halt(struct kalloc_machine *m);

/*
 * Around fork: hold every lock of the room / let go of them; in the child, put
 * the machine on @copy of its memory (mapped at the same addresses).
 */
struct ram;
void page_freeze(struct kalloc_machine *m);
void page_thaw(struct kalloc_machine *m);
int page_ram_copy(struct kalloc_machine *m, struct ram *copy);
int page_ram_replace(struct kalloc_machine *m, const struct ram *copy);

/* The machine's memory, for mapping its frames elsewhere. */
const struct ram *page_ram(const struct kalloc_machine *m);

/*
 * alloc_pages_node() on machine @m. @nid: a node, or NUMA_NO_NODE for the caller's.
 */
struct page *pages_alloc(struct kalloc_machine *m, gfp_t gfp, unsigned int order, int nid);

/*
 * A block of 2^@order frames as single ones, each with a count of 1, if the node has one
 * at hand: no reclaim, no other node, no warning. Return: its first frame, or NULL.
 */
struct page *pages_take_run(struct kalloc_machine *m, gfp_t gfp, unsigned int order, int nid);

/*
 * Drop one reference of each of @nr frames. Those that follow each other and that nobody
 * else holds go back as the blocks they form, so that the next run is one of them.
 */
void pages_put_runs(struct kalloc_machine *m, struct page **pages, unsigned long nr);

/* __free_pages() of a frame of @m. */
void pages_free(struct kalloc_machine *m, struct page *page, unsigned int order);

/* Node of the calling thread's CPU. */
int node_current(const struct kalloc_machine *m);
unsigned int node_count(const struct kalloc_machine *m);

/* Frames managed by the buddy system, all zones; totalram_pages() of the kernel. */
unsigned long pages_total(const struct kalloc_machine *m);

/* Largest order of the machine's blocks. */
static inline unsigned int pages_max_order(const struct kalloc_machine *m)
{
	return (unsigned int)m->params.max_order;
}

/* Frame, page and linear address of a known machine, without a look-up. */
static inline struct page *linear_to_page(const struct kalloc_machine *m, const void *addr)
{
	return m->vmemmap + (((const char *)addr - m->linear) >> PAGE_SHIFT);
}

static inline void *page_to_linear(const struct kalloc_machine *m, const struct page *page)
{
	return m->linear + ((size_t)(page - m->vmemmap) << PAGE_SHIFT);
}

static inline unsigned long pfn_of(const struct kalloc_machine *m, const struct page *page)
{
	return (unsigned long)(page - m->vmemmap);
}

/* Bits of page->flags that other rooms set; the numbers are 6.1's. */
#define PG_REFERENCED (1UL << 1)
#define PG_DIRTY      (1UL << 3)
#define PG_LRU	      (1UL << 4) /* on an LRU list */
#define PG_ACTIVE     (1UL << 5)
#define PG_SWAPBACKED (1UL << 19) /* anonymous */
#define PG_SLAB	      (1UL << 9)
#define PG_HEAD	      (1UL << 16)

/* The node is in the highest ones. */
#define FRAME_NODE_SHIFT 54

/* page_to_nid() without a call. */
static inline int page_nid(const struct page *page)
{
	return (int)(page->flags >> FRAME_NODE_SHIFT);
}

/* page->flags as the kernel's messages write them: "0x..(slab|node=0|zone=1|...)". */
struct text;
void page_flags_show(struct text *text, unsigned long flags);

static inline void page_set_slab(struct page *page)
{
	page->flags |= PG_SLAB;
}

static inline void page_clear_slab(struct page *page)
{
	page->flags &= ~PG_SLAB;
}

/*
 * Knobs: vm.min_free_kbytes, vm.watermark_scale_factor (in 1/10000 of a zone, at
 * most 3000), vm.watermark_boost_factor (in 1/10000 of the high mark). Setting one
 * recomputes the marks. Return: 0 or -EINVAL.
 */
unsigned long page_min_free_kbytes(const struct kalloc_machine *m);
int page_set_min_free_kbytes(struct kalloc_machine *m, unsigned long kbytes);
unsigned long page_watermark_scale_factor(const struct kalloc_machine *m);
int page_set_watermark_scale_factor(struct kalloc_machine *m, unsigned long factor);
unsigned long page_watermark_boost_factor(const struct kalloc_machine *m);
int page_set_watermark_boost_factor(struct kalloc_machine *m, unsigned long factor);

/* vm.compact_memory: let every zone become as whole as it can. */
void page_compact(struct kalloc_machine *m);

/* register_shrinker() on machine @m, for the rooms above; they live as long as it does. */
struct shrinker;
void shrinker_add(struct kalloc_machine *m, struct shrinker *shrinker);

/* Give every CPU's page lists back to their zones. */
void pages_drain(struct kalloc_machine *m);

/*
 * Per-node counters in pages that other rooms keep up to date and /proc shows
 * (vmstat's names). Where there are several threads, updated with a locked add.
 */
enum node_stat {
	NR_SLAB_RECLAIMABLE,
	NR_SLAB_UNRECLAIMABLE,
	NR_KERNEL_MISC_RECLAIMABLE,
	NR_NODE_STATS
};

struct node_stats {
	long nr[NR_NODE_STATS];
} cacheline;

static inline void node_stat_add(struct kalloc_machine *m, int nid, enum node_stat item,
				 long nr_pages)
{
	long *stat = &m->node_stats[nid].nr[item];

	if (is_alone())
		WRITE_ONCE(*stat, *stat + nr_pages);
	else
		__atomic_add_fetch(stat, nr_pages, __ATOMIC_RELAXED);
}

unsigned long node_stat(const struct kalloc_machine *m, int nid, enum node_stat item);

/*
 * The kernel's report of a failed request: "<who>: <what>, mode:0x..(..), ..." and
 * memory info, unless @gfp has __GFP_NOWARN; at most one in 10 s. @fmt is <what>.
 */
void pages_warn(struct kalloc_machine *m, gfp_t gfp, const char *fmt, ...) printf_like(3, 4);

#endif
