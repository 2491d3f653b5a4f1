/* SPDX-License-Identifier: MIT */
#include "front.h"
#include "node.h"
#include "cpu_slab.h"
#include "object_note.h"
#include "trace.h"

static struct percpu *part_of(struct front *f)
{
	return percpu_of(&f->stack);
}

static struct sheaf_pool *pool_of(const struct kmem_cache *s)
{
	return &s->machine->slab->fronts.sheaves;
}

/*
 * A thread that was moved meanwhile goes to its new row instead of taking the old one along,
 * which would cost two moves each time.
 */
static never_inline int enter_anew(const struct kmem_cache *s, struct front **front)
{
	if (cpu_row_again())
		*front = front_here(s);
	return percpu_enter(part_of(*front), RANK_FRONT);
}

/* Enter the calling thread's front. Return: as percpu_enter(), with *@front set. */
static always_inline int enter_here(const struct kmem_cache *s, struct front **front)
{
	int home;

	*front = front_here(s);
	home = percpu_enter_own(part_of(*front), RANK_FRONT);
	if (unlikely(home == PERCPU_BUSY))
		home = enter_anew(s, front);
	if (likely(home != PERCPU_BUSY))
		front_show(*front);
	return home;
}

/* The counterpart of enter_here(), where that did enter. */
static void leave_here(const struct kmem_cache *s, struct front *f, int home)
{
	if (unlikely(READ_ONCE(s->told)))
		front_hide(f);
	percpu_leave(part_of(f), RANK_FRONT, home);
}

static void use_sheaf(struct front *f, struct sheaf *sheaf, u32 most)
{
	f->stack.slots = sheaf->slots;
	f->stack.nr = sheaf->nr;
	f->stack.most = most;
}

struct sheaf *front_sheaf(struct front *f)
{
	struct sheaf *sheaf = f->stack.slots ? sheaf_of(f->stack.slots) : NULL;

	if (sheaf)
		sheaf->nr = f->stack.nr;
	return sheaf;
}

static void swap_sheaves(struct front *f)
{
	struct sheaf *used = front_sheaf(f);

	use_sheaf(f, f->spare, f->stack.most);
	f->spare = used;
}

static void *pop_inside(struct front *f)
{
	return f->stack.nr ? f->stack.slots[--f->stack.nr] : NULL;
}

static void push_inside(struct front *f, void *object)
{
	f->stack.slots[f->stack.nr++] = object;
}

/* Move up to @count objects between @p and the sheaf in use. Return: how many. */
static u32 pop_many_inside(struct front *f, size_t count, void **p)
{
	u32 nr = (u32)min(count, (size_t)f->stack.nr);

	f->stack.nr -= nr;
	memcpy(p, f->stack.slots + f->stack.nr, nr * sizeof(*p));
	return nr;
}

static u32 push_many_inside(struct front *f, size_t count, void **p)
{
	u32 nr = (u32)min(count, (size_t)(f->stack.most - f->stack.nr));

	memcpy(f->stack.slots + f->stack.nr, p, nr * sizeof(*p));
	f->stack.nr += nr;
	return nr;
}

/* Put a sheaf with objects in the place of an empty one, or of none. */
static void install(struct kmem_cache *s, struct front *f, struct sheaf *sheaf)
{
	struct sheaf *empty = front_sheaf(f);

	use_sheaf(f, sheaf, s->sheaf_most);
	if (!f->spare)
		f->spare = empty;
	else if (empty)
		sheaf_give(pool_of(s), empty);
}

/* Have objects in the sheaf in use, if there are any short of the slabs. */
static void fill_inside(struct kmem_cache *s, struct front *f)
{
	struct sheaf *full;

	if (f->stack.nr)
		return;
	if (f->spare && f->spare->nr) {
		swap_sheaves(f);
		note_from(s, KALLOC_FROM_SPARE, NUMA_NO_NODE);
		return;
	}
	full = barn_take(&s->barn);
	if (full) {
		install(s, f, full);
		note_from(s, KALLOC_FROM_BARN, NUMA_NO_NODE);
	}
}

void front_empty(struct kmem_cache *s, struct sheaf *chain)
{
	while (chain) {
		struct sheaf *sheaf = chain;

		chain = sheaf->next;
		node_free_many(s, sheaf->slots, sheaf->nr);
		sheaf_give(pool_of(s), sheaf);
	}
}

/* A sheaf of what the CPU's slab has, in the order in which it would hand them out. */
static struct sheaf *gather(struct kmem_cache *s)
{
	struct sheaf *sheaf = sheaf_take(pool_of(s));
	u32 nr;

	if (!sheaf)
		return NULL;
	nr = (u32)cpu_slab_take_many(s, s->sheaf_most, sheaf->slots);
	for (u32 i = 0; i < nr / 2; i++) {
		void *object = sheaf->slots[i];

		sheaf->slots[i] = sheaf->slots[nr - 1 - i];
		sheaf->slots[nr - 1 - i] = object;
	}
	sheaf->nr = nr;
	sheaf->next = NULL;
	return sheaf;
}

/* From the slabs: one object for the caller, and what else its slab has for the front. */
static void *refill(struct kmem_cache *s, gfp_t gfp)
{
	struct explain_place place = explain_place();
	void *object = cpu_slab_take(s, gfp, NUMA_NO_NODE);
	struct sheaf *sheaf;
	struct front *f;
	int home;

	if (!object)
		return NULL;
	/* Nothing noted: it was on the free list of the CPU's slab. */
	if (explain_place().nr_notes == place.nr_notes)
		note_from(s, KALLOC_FROM_CPU, NUMA_NO_NODE);
	sheaf = gather(s);
	if (!sheaf)
		return object;
	home = enter_here(s, &f);
	if (home != PERCPU_BUSY) {
		if (sheaf->nr && !f->stack.nr) {
			install(s, f, sheaf);
			sheaf = NULL;
		}
		leave_here(s, f, home);
	}
	/* Somebody else on this CPU was faster. */
	front_empty(s, sheaf);
	return object;
}

never_inline void *front_take(struct kmem_cache *s, gfp_t gfp)
{
	struct front *f;
	void *object;
	int home;

	if (trace_poll_is_due())
		trace_poll(s->machine);
	home = enter_here(s, &f);
	if (home == PERCPU_BUSY)
		return cpu_slab_take(s, gfp, NUMA_NO_NODE);
	fill_inside(s, f);
	object = pop_inside(f);
	leave_here(s, f, home);
	return likely(object != NULL) ? object : refill(s, gfp);
}

size_t front_take_many(struct kmem_cache *s, size_t count, void **p)
{
	struct front *f;
	size_t i = 0;
	int home;

	if (!s->sheaf_most)
		return cpu_slab_take_many(s, count, p);
	home = enter_here(s, &f);
	if (home == PERCPU_BUSY)
		return 0;
	while (i < count) {
		fill_inside(s, f);
		if (!f->stack.nr)
			break;
		i += pop_many_inside(f, count - i, p + i);
		/* Who is told of them needs to know in which order they lay. */
		if (unlikely(READ_ONCE(s->told)))
			break;
	}
	leave_here(s, f, home);
	return i;
}

/*
 * Have room in the sheaf in use. Return: false if the host has no memory for one;
 * *@over is a full sheaf that has no place any more, to be emptied.
 */
static bool clear_inside(struct kmem_cache *s, struct front *f, struct sheaf **over)
{
	struct sheaf *empty;

	if (f->stack.nr < f->stack.most)
		return true;
	if (f->spare && !f->spare->nr) {
		swap_sheaves(f);
		return true;
	}
	empty = sheaf_take(pool_of(s));
	if (!empty)
		return false;
	empty->nr = 0;
	/* The older of two full ones goes. */
	if (f->spare && !barn_give(&s->barn, f->spare)) {
		*over = f->spare;
		(*over)->next = NULL;
	}
	f->spare = front_sheaf(f);
	use_sheaf(f, empty, s->sheaf_most);
	return true;
}

never_inline void front_give(struct kmem_cache *s, struct slab *slab, void *object)
{
	struct sheaf *over = NULL;
	struct front *f;
	bool given;
	int home;

	home = enter_here(s, &f);
	if (home == PERCPU_BUSY) {
		cpu_slab_give(s, slab, object, object, 1);
		return;
	}
	given = clear_inside(s, f, &over);
	if (given)
		push_inside(f, object);
	leave_here(s, f, home);
	if (!given)
		cpu_slab_give(s, slab, object, object, 1);
	front_empty(s, over);
}

/* How many of @p, from the first on, are objects of @s. Neighbours are often in one frame. */
static size_t nr_of_class(const struct kmem_cache *s, size_t count, void **p)
{
	unsigned long frame = ~0UL;
	size_t i = 0;

	for (; i < count; i++) {
		if ((unsigned long)p[i] >> PAGE_SHIFT == frame)
			continue;
		if (kalloc_class_at(&s->supply.space, p[i]) != s->supply.nr)
			break;
		frame = (unsigned long)p[i] >> PAGE_SHIFT;
	}
	return i;
}

size_t front_give_many(struct kmem_cache *s, size_t count, void **p)
{
	struct sheaf *over = NULL;
	struct front *f;
	size_t i = 0;
	int home;

	if (!s->sheaf_most)
		return 0;
	count = nr_of_class(s, count, p);
	home = enter_here(s, &f);
	if (home == PERCPU_BUSY)
		return 0;
	while (i < count && !over && clear_inside(s, f, &over))
		i += push_many_inside(f, count - i, p + i);
	leave_here(s, f, home);
	front_empty(s, over);
	return i;
}
