/* SPDX-License-Identifier: MIT */
/* The table of fronts: who has which class, and what is kept of each frame. */
#include "front.h"

#define NR_CLASSES (CPU_ROW_LINES * 64 / sizeof(struct front))

/* A barn may hold this part of the machine's memory. */
#define BARN_SHARE 16

/* Bytes that a full sheaf holds at most: a share of the machine's memory in bounds. */
#define SHEAF_SHARE	  2048
#define SHEAF_BYTES_LEAST (4UL << 10)
#define SHEAF_BYTES_MOST  (64UL << 10)

/* The fewest objects that it may hold. */
#define SHEAF_FEW 4UL

_Static_assert(NR_CLASSES <= 1 << 16, "a class is 16 bits");

static bool wants_fronts(const struct kalloc_machine *m)
{
	return m->params.sheaves && node_count(m) == 1 && !m->params.init_on_alloc &&
	       !m->params.init_on_free && !m->params.kasan;
}

struct front_cut front_cut(const struct kalloc_machine *m, struct tables *tables)
{
	size_t nr_frames = (size_t)(m->linear_end - m->linear) >> PAGE_SHIFT;

	return (struct front_cut){
		.sheaves = table_cut_large(tables, chunk_first_bytes(sizeof(struct sheaf))),
		.fronts = table_cut_large(tables, cpu_rows() * CPU_ROW_BYTES),
		.classes = table_cut_large(tables, nr_frames * sizeof(u16)),
		.returned = table_cut_large(tables, NR_CLASSES * sizeof(u16)),
	};
}

void front_boot(struct kalloc_machine *m, const struct front_cut *cut)
{
	struct front_table *t = &m->slab->fronts;

	m->objects.space = (struct kalloc_space){
		.start = m->linear,
		.bytes = (size_t)(m->linear_end - m->linear),
		/* Frames are looked up by address, which takes an instruction less. */
		.classes = cut->classes - ((size_t)m->linear >> PAGE_SHIFT),
		.fronts = cut->fronts,
	};
	/* No bytes are class 0, which has nothing. */
	for (unsigned int words = 0; words < ARRAY_SIZE(m->objects.small_class); words++)
		m->objects.small_class[words] = (u8)kmalloc_index(words * 8);
	t->returned = cut->returned;
	t->is_on = wants_fronts(m);
	t->next_class = FRONT_FIRST_CLASS;
	lock_init(&t->claims_lock, RANK_CLAIMS);
	sheaf_pool_init(&t->sheaves, cut->sheaves);
	rseq_is_on();
}

void front_halt(struct kalloc_machine *m)
{
	sheaf_pool_fini(&m->slab->fronts.sheaves);
}

static unsigned int class_take(struct front_table *t)
{
	if (t->nr_returned)
		return t->returned[--t->nr_returned];
	return t->next_class < NR_CLASSES ? t->next_class++ : 0;
}

void front_attach_none(struct kmem_cache *s)
{
	s->supply.space = s->machine->objects.space;
	s->supply.fronts = s->supply.space.fronts;
	barn_init(&s->barn, 0);
}

void front_attach(struct kmem_cache *s, unsigned int class)
{
	struct slab_room *room = s->machine->slab;
	struct front_table *t = &room->fronts;
	unsigned long bytes = clamp(s->machine->params.mem_bytes / SHEAF_SHARE, SHEAF_BYTES_LEAST,
				    SHEAF_BYTES_MOST);
	unsigned long most = clamp(bytes / s->size, SHEAF_FEW, (unsigned long)SHEAF_SLOTS);

	front_attach_none(s);
	if (!t->is_on || cache_is_checked(s))
		return;
	lock_take(&room->caches_lock);
	s->supply.nr = class ?: class_take(t);
	lock_drop(&room->caches_lock);
	if (!s->supply.nr)
		return;
	barn_init(&s->barn, s->machine->params.mem_bytes / BARN_SHARE / (most * s->size));
	s->supply.fronts += s->supply.nr * sizeof(struct front);
	s->sheaf_most = (unsigned int)most;
}

void front_detach(struct kmem_cache *s)
{
	struct slab_room *room = s->machine->slab;

	if (s->supply.nr < FRONT_FIRST_CLASS)
		return;
	/* Whoever had a hard time with them is no measure for the next cache. */
	for (unsigned int row = 0; row < cpu_rows(); row++)
		percpu_init((struct percpu *)(s->supply.fronts + row * CPU_ROW_BYTES));
	lock_take(&room->caches_lock);
	room->fronts.returned[room->fronts.nr_returned++] = (u16)s->supply.nr;
	lock_drop(&room->caches_lock);
}

static void set_class(const struct kmem_cache *s, const struct page *page, unsigned int order,
		      unsigned int class)
{
	size_t first = (size_t)page_to_linear(s->machine, page) >> PAGE_SHIFT;
	u16 *classes = s->supply.space.classes + first;

	for (unsigned long i = 0; s->supply.nr && i < 1UL << order; i++)
		WRITE_ONCE(classes[i], (u16) class);
}

void front_note_slab(const struct kmem_cache *s, const struct page *page, unsigned int order)
{
	set_class(s, page, order, s->supply.nr);
}

void front_forget_slab(const struct kmem_cache *s, const struct page *page, unsigned int order)
{
	set_class(s, page, order, 0);
}
