/* SPDX-License-Identifier: MIT */
/*
 * Front: the free objects that a host CPU has at hand for one cache, and the table of
 * all of them, whose outside programs know (kalloc/front.h). Taking and freeing touch
 * neither the object nor its slab: a pop from, or a push to, the sheaf in use.
 *
 * A front has two sheaves, one in use and a spare. With both empty one comes full from
 * the cache's barn (barn.h), or the front is refilled from the layer below
 * (cpu_slab.h, which is SLUB's own) with what one slab has; with both full one goes to the barn, or
 * is emptied into the slabs. So an object is free in one place more: in a sheaf, where
 * its slab counts it as in use.
 *
 * The machine has no fronts with kalloc.sheaves=off or kasan=on, nor if it has several nodes
 * or clears on allocation or free; nor have checked caches, and the two that describe caches,
 * which are asked too rarely for what a front costs to fill. All of these go to the layer
 * below with every request, and objects come in the order of Linux 6.1.
 *
 * While events of objects are wanted (trace_slab.h) fronts are *hidden*: a stack says that
 * it holds nothing and that nothing fits, so whatever pops or pushes outside of this room
 * comes here, and what it does hold stands beside. Whoever enters a front shows it, and hides
 * it again as he leaves.
 *
 * Invariants, while nobody is inside: stack.slots is the sheaf in use or NULL (then
 * most == 0); stack.nr <= stack.most, or of a hidden one hidden_nr <= hidden_most and the
 * stack's are 0; the spare is empty or full.
 *
 * Locks: a front is a per-CPU part (plat/percpu.h), RANK_FRONT; barns and the pool of
 * sheaves are inside. Nothing else is taken while inside: slabs are asked before or
 * after. Outside is claims_lock (RANK_CLAIMS), which whoever claims fronts holds, and
 * outside that the list's lock (RANK_CACHES), which protects which class is whose.
 *
 * Differs from Linux 6.1, which has no such layer: its order of reuse is by slabs. The
 * one here is that of 6.18, for caches made with sheaves.
 */
#ifndef SLAB_FRONT_H
#define SLAB_FRONT_H

#include "slab_struct.h"

/* Lower ones are kmalloc's: 16 * type + index. */
#define FRONT_FIRST_CLASS 64u

struct front {
	struct kalloc_stack stack;
	struct sheaf *spare;
	u32 hidden_nr, hidden_most; /* of the stack; most == 0: it is not hidden */
} cacheline;

_Static_assert(sizeof(struct front) == KALLOC_FRONT_BYTES && offsetof(struct front, stack) == 0,
	       "as programs' inlined code sees it; one line a front");

/* The calling thread's front, as far as it knows; a sequence finds out. */
static inline struct front *front_here(const struct kmem_cache *s)
{
	return (struct front *)kalloc_front(s->supply.fronts);
}

/* Take an object without a look at its flags. NULL: front_take() is to be asked. */
static inline void *front_pop(const struct kmem_cache *s)
{
	return kalloc_stack_pop(kalloc_front(s->supply.fronts));
}

/* Free an object of @s without another look. False: front_give() is to be asked. */
static inline bool front_push(const struct kmem_cache *s, void *object)
{
	return kalloc_stack_push(kalloc_front(s->supply.fronts), object);
}

/* The same of a class of the machine's. */
static inline void *front_pop_class(const struct kalloc_space *space, size_t class)
{
	return kalloc_stack_pop(kalloc_front_of(space, class));
}

static inline bool front_push_class(const struct kalloc_space *space, size_t class, void *object)
{
	return kalloc_stack_push(kalloc_front_of(space, class), object);
}

/* What the fronts have of the machine's tables. */
struct front_cut {
	char *fronts;
	u16 *classes;
	u16 *returned;
	void *sheaves; /* the first chunk of them */
};

struct front_cut front_cut(const struct kalloc_machine *m, struct tables *tables);

/* Boot and halt the table. */
void front_boot(struct kalloc_machine *m, const struct front_cut *cut);
void front_halt(struct kalloc_machine *m);

/*
 * Give @s, whose layout is known, its class and barn; @class: one of kmalloc's, or 0
 * for the next. A cache may go without: too many of them, or it is to have no fronts.
 */
void front_attach(struct kmem_cache *s, unsigned int class);

/* Let @s go without. */
void front_attach_none(struct kmem_cache *s);

/* Take class and barn back; no object of @s is left in a front. */
void front_detach(struct kmem_cache *s);

/*
 * Note that the frames of a slab hold objects of @s from now on / none any more. The table
 * is not touched for a cache without fronts.
 */
void front_note_slab(const struct kmem_cache *s, const struct page *page, unsigned int order);
void front_forget_slab(const struct kmem_cache *s, const struct page *page, unsigned int order);

/*
 * Take an object of a cache that has fronts, from sheaves or slabs; neither cleared nor
 * anything else. NULL if there is none.
 */
void *front_take(struct kmem_cache *s, gfp_t gfp);

/*
 * Take up to @count objects from this CPU's sheaves into @p, in the order in which they lie
 * there, as 6.18 does. Return: how many.
 */
size_t front_take_many(struct kmem_cache *s, size_t count, void **p);

/*
 * Free the first of @count objects of @s into this CPU's sheaves, as many as have room
 * without a slab being touched; the last is taken first again. Return: how many.
 */
size_t front_give_many(struct kmem_cache *s, size_t count, void **p);

/* Give an object of @slab back; @s has fronts. */
void front_give(struct kmem_cache *s, struct slab *slab, void *object);

/* Return to the slabs what all CPUs and the barn hold. */
void front_flush_all(struct kmem_cache *s);

/*
 * The same of all caches whose fronts were used since, under the list's lock. Return: true
 * if there was one.
 */
bool front_flush_room(struct slab_room *room);

/* Return to the slabs what the barn holds. */
void front_flush_barn(struct kmem_cache *s);

/*
 * Hide the fronts of all caches from now on / show them, and let the caches know
 * (kmem_cache.told). Under the list's lock.
 */
void front_hide_all(struct slab_room *room, bool hidden);

/* Around fork: keep everybody out / let them in, for all caches. */
void front_freeze(struct slab_room *room);
void front_thaw(struct slab_room *room);

/* What kalloc_inspect_at_hand() shows. */
void front_visit(struct kmem_cache *s, void (*visit)(void *ctx, const void *object, int row),
		 void *ctx);

/* The invariants above, of all fronts and the barn of @s. */
bool front_ok(struct kmem_cache *s);

/* For the parts of this one: */

/* A front as it is / as it is to look while events are wanted. Inside, or claimed. */
static inline void front_show(struct front *f)
{
	if (unlikely(f->hidden_most)) {
		f->stack.nr = f->hidden_nr;
		f->stack.most = f->hidden_most;
		f->hidden_most = 0;
	}
}

static inline void front_hide(struct front *f)
{
	if (f->stack.most) {
		f->hidden_nr = f->stack.nr;
		f->hidden_most = f->stack.most;
		f->stack.nr = f->stack.most = 0;
	}
}

/* The sheaf in use, its count brought up to date, or NULL; inside, or with the front claimed. */
struct sheaf *front_sheaf(struct front *f);

/* Free a chain of sheaves, and what is in them into the slabs. */
void front_empty(struct kmem_cache *s, struct sheaf *chain);

#endif
