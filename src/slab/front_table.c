/* SPDX-License-Identifier: MIT */
/* The table of fronts: who has which class, what is kept of each frame, and fork. */
#include "front.h"

#define NR_CLASSES (CPU_ROW_LINES * 64 / sizeof(struct front))

/* A barn may hold this part of the machine's memory. */
#define BARN_SHARE 16

/* Bytes that a full sheaf holds at most, and the fewest objects. */
#define SHEAF_BYTES (16UL << 10)
#define SHEAF_FEW   4u

_Static_assert(NR_CLASSES <= 1 << 16, "a class is 16 bits");

static bool wants_fronts(const struct kalloc_machine *m)
{
	return m->params.sheaves && node_count(m) == 1 && !m->params.init_on_alloc &&
	       !m->params.init_on_free;
}

int front_boot(struct kalloc_machine *m)
{
	struct front_table *t = &m->slab->fronts;
	size_t table_bytes = cpu_rows() * CPU_ROW_BYTES;
	size_t frames = (size_t)(m->linear_end - m->linear) >> PAGE_SHIFT;
	size_t class_bytes = ALIGN_UP(frames * sizeof(u16), PAGE_SIZE);
	char *table;

	t->bytes = table_bytes + class_bytes + NR_CLASSES * sizeof(*t->returned);
	table = map_alloc(t->bytes);
	if (!table)
		return -ENOMEM;
	t->returned = (u16 *)(table + table_bytes + class_bytes);
	m->objects = (struct object_space){
		.start = m->linear,
		.bytes = (size_t)(m->linear_end - m->linear),
		.classes = (u16 *)(table + table_bytes),
		.fronts = table,
	};
	t->is_on = wants_fronts(m);
	t->next_class = FRONT_FIRST_CLASS;
	sheaf_pool_init(&t->sheaves);
	rseq_is_on();
	return 0;
}

void front_halt(struct kalloc_machine *m)
{
	struct front_table *t = &m->slab->fronts;

	sheaf_pool_fini(&t->sheaves);
	map_free(m->objects.fronts, t->bytes);
}

static unsigned int class_take(struct front_table *t)
{
	if (t->nr_returned)
		return t->returned[--t->nr_returned];
	return t->next_class < NR_CLASSES ? t->next_class++ : 0;
}

void front_attach(struct kmem_cache *s, unsigned int class)
{
	struct slab_room *room = s->machine->slab;
	struct front_table *t = &room->fronts;
	unsigned long most =
		clamp(SHEAF_BYTES / s->size, (unsigned long)SHEAF_FEW, (unsigned long)SHEAF_SLOTS);

	s->space = s->machine->objects;
	s->fronts = s->space.fronts;
	barn_init(&s->barn, s->machine->params.mem_bytes / BARN_SHARE / (most * s->size));
	if (!t->is_on || cache_is_checked(s))
		return;
	lock_take(&room->caches_lock);
	s->class = class ?: class_take(t);
	lock_drop(&room->caches_lock);
	if (!s->class)
		return;
	s->fronts += s->class * sizeof(struct front);
	s->sheaf_most = (unsigned int)most;
}

void front_detach(struct kmem_cache *s)
{
	struct slab_room *room = s->machine->slab;

	if (s->class < FRONT_FIRST_CLASS)
		return;
	lock_take(&room->caches_lock);
	room->fronts.returned[room->fronts.nr_returned++] = (u16)s->class;
	lock_drop(&room->caches_lock);
}

void front_note_slab(struct kalloc_machine *m, const struct page *page, unsigned int order,
		     unsigned int class)
{
	u16 *classes = m->objects.classes + pfn_of(m, page);

	for (unsigned long i = 0; i < 1UL << order; i++)
		WRITE_ONCE(classes[i], (u16) class);
}

static struct percpu *part_of_row(const struct kmem_cache *s, unsigned int row)
{
	return (struct percpu *)(s->fronts + row * CPU_ROW_BYTES);
}

void front_freeze(struct slab_room *room)
{
	int claim = percpu_claim_new();
	struct kmem_cache *s;

	list_for_each_entry(s, &room->slab_caches, list) {
		for (unsigned int row = 0; s->sheaf_most && row < cpu_rows(); row++)
			percpu_claim_begin(part_of_row(s, row), claim);
	}
	rseq_fence();
	list_for_each_entry(s, &room->slab_caches, list) {
		for (unsigned int row = 0; s->sheaf_most && row < cpu_rows(); row++)
			percpu_claim_end(part_of_row(s, row), claim);
		lock_take_nested(&s->barn.lock);
	}
	lock_take_nested(&room->fronts.sheaves.lock);
}

void front_thaw(struct slab_room *room)
{
	struct kmem_cache *s;

	lock_drop(&room->fronts.sheaves.lock);
	list_for_each_entry(s, &room->slab_caches, list) {
		lock_drop(&s->barn.lock);
		for (unsigned int row = 0; s->sheaf_most && row < cpu_rows(); row++)
			percpu_unclaim(part_of_row(s, row));
	}
}

/* The @nr objects at @slots are of @s, and no two of them are the same. */
static bool slots_ok(const struct kmem_cache *s, void **slots, u32 nr)
{
	for (u32 i = 0; i < nr; i++) {
		struct slab *slab =
			is_linear(s->machine, slots[i]) ? slab_of(s->machine, slots[i]) : NULL;

		if (!slab || slab->slab_cache != s || slab_index(s, slab, slots[i]) < 0)
			return false;
		for (u32 j = 0; j < i; j++)
			if (slots[i] == slots[j])
				return false;
	}
	return true;
}

static bool spare_ok(const struct kmem_cache *s, const struct sheaf *spare)
{
	return !spare || !spare->nr ||
	       (spare->nr <= s->sheaf_most && slots_ok(s, (void **)spare->slots, spare->nr));
}

bool front_ok(struct kmem_cache *s)
{
	for (unsigned int row = 0; s->sheaf_most && row < cpu_rows(); row++) {
		const struct front *f = (struct front *)part_of_row(s, row);

		if (stack_count(&f->stack) > f->stack.most || !f->stack.slots != !f->stack.most ||
		    !slots_ok(s, f->stack.slots, stack_count(&f->stack)) || !spare_ok(s, f->spare))
			return false;
	}
	return s->barn.nr <= s->barn.limit;
}
