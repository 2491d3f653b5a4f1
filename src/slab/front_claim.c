/* SPDX-License-Identifier: MIT */
/*
 * Fronts of all CPUs at once: flushing them, keeping everybody out over a fork, showing
 * what they hold, and the walk of their invariants. All of it claims fronts under claims_lock; percpu.h says why
 * a lock.
 */
#include "front.h"
#include "trace_slab.h"

static struct front *front_of_row(const struct kmem_cache *s, unsigned int row)
{
	return (struct front *)(s->supply.fronts + row * CPU_ROW_BYTES);
}

static unsigned int nr_fronts(const struct kmem_cache *s)
{
	return s->sheaf_most ? cpu_rows() : 0;
}

static void claim_begin(struct kmem_cache *s, int claim)
{
	for (unsigned int row = 0; row < nr_fronts(s); row++)
		percpu_claim_begin(percpu_of(&front_of_row(s, row)->stack), claim);
}

static void claim_end(struct kmem_cache *s, int claim)
{
	for (unsigned int row = 0; row < nr_fronts(s); row++)
		percpu_claim_end(percpu_of(&front_of_row(s, row)->stack), claim);
}

static void unclaim(struct kmem_cache *s)
{
	for (unsigned int row = 0; row < nr_fronts(s); row++)
		percpu_unclaim(percpu_of(&front_of_row(s, row)->stack));
}

static void claim_all(struct slab_room *room)
{
	int claim = percpu_claim_new();
	struct kmem_cache *s;

	list_for_each_entry(s, &room->slab_caches, list)
		claim_begin(s, claim);
	rseq_fence();
	list_for_each_entry(s, &room->slab_caches, list)
		claim_end(s, claim);
}

static void claim_one(struct kmem_cache *s)
{
	int claim = percpu_claim_new();

	claim_begin(s, claim);
	rseq_fence();
	claim_end(s, claim);
}

/* Take everything out of a claimed front. Return: the chain, longer by it. */
static struct sheaf *strip(struct front *f, struct sheaf *chain)
{
	struct sheaf *sheaves[2];

	front_show(f);
	sheaves[0] = front_sheaf(f);
	sheaves[1] = f->spare;
	f->stack.slots = NULL;
	f->stack.nr = f->stack.most = 0;
	f->spare = NULL;
	for (unsigned int i = 0; i < ARRAY_SIZE(sheaves); i++) {
		if (!sheaves[i])
			continue;
		sheaves[i]->next = chain;
		chain = sheaves[i];
	}
	return chain;
}

/* Return: the sheaves of all fronts of @s, which are claimed and no longer are. */
static struct sheaf *strip_all(struct kmem_cache *s)
{
	struct sheaf *chain = NULL;

	for (unsigned int row = 0; row < nr_fronts(s); row++)
		chain = strip(front_of_row(s, row), chain);
	unclaim(s);
	return chain;
}

void front_flush_all(struct kmem_cache *s)
{
	struct slab_room *room = s->machine->slab;
	struct sheaf *chain;

	if (!s->sheaf_most)
		return;
	lock_take(&room->fronts.claims_lock);
	claim_one(s);
	chain = strip_all(s);
	lock_drop(&room->fronts.claims_lock);
	front_empty(s, chain);
	front_flush_barn(s);
}

void front_flush_barn(struct kmem_cache *s)
{
	if (s->sheaf_most && barn_is_used(&s->barn))
		front_empty(s, barn_clear(&s->barn));
}

/* Whether any CPU has used its front since they were flushed: a guess, if one is doing so now. */
static racy_read bool is_used(const struct kmem_cache *s)
{
	for (unsigned int row = 0; row < nr_fronts(s); row++)
		if (front_of_row(s, row)->stack.slots)
			return true;
	return false;
}

bool front_flush_room(struct slab_room *room)
{
	struct kmem_cache *s;
	bool any = false;

	list_for_each_entry(s, &room->slab_caches, list) {
		if (!is_used(s))
			continue;
		front_flush_all(s);
		any = true;
	}
	return any;
}

/* Fronts of a cache that are claimed. */
static void hide(struct kmem_cache *s, bool hidden)
{
	WRITE_ONCE(s->told, trace_slab_is_told(s->machine->slab, s));
	for (unsigned int row = 0; row < nr_fronts(s); row++) {
		if (hidden)
			front_hide(front_of_row(s, row));
		else
			front_show(front_of_row(s, row));
	}
}

/*
 * Who is inside when the caches are told still leaves his front as he found it, but the
 * claim waits for him; who enters later knows.
 */
void front_hide_all(struct slab_room *room, bool hidden)
{
	struct kmem_cache *s;

	WRITE_ONCE(room->fronts.is_hidden, hidden);
	lock_take(&room->fronts.claims_lock);
	claim_all(room);
	list_for_each_entry(s, &room->slab_caches, list) {
		hide(s, hidden);
		unclaim(s);
	}
	lock_drop(&room->fronts.claims_lock);
}

void front_freeze(struct slab_room *room)
{
	struct kmem_cache *s;

	lock_take_nested(&room->fronts.claims_lock);
	claim_all(room);
	list_for_each_entry(s, &room->slab_caches, list)
		lock_take_nested(&s->barn.lock);
	lock_take_nested(&room->fronts.sheaves.lock);
}

void front_thaw(struct slab_room *room)
{
	struct kmem_cache *s;

	lock_drop(&room->fronts.sheaves.lock);
	list_for_each_entry(s, &room->slab_caches, list) {
		lock_drop(&s->barn.lock);
		unclaim(s);
	}
	lock_drop(&room->fronts.claims_lock);
}

struct front_visitor {
	void (*visit)(void *ctx, const void *object, int row);
	void *ctx;
};

/* The object that is taken first comes first. */
static void visit_sheaf(const struct front_visitor *to, const struct sheaf *sheaf, int row)
{
	for (u32 i = sheaf ? sheaf->nr : 0; i > 0; i--)
		to->visit(to->ctx, sheaf->slots[i - 1], row);
}

static void visit_barn(const struct front_visitor *to, struct barn *barn)
{
	lock_take(&barn->lock);
	for (const struct sheaf *sheaf = barn->full; sheaf; sheaf = sheaf->next)
		visit_sheaf(to, sheaf, -1);
	lock_drop(&barn->lock);
}

void front_visit(struct kmem_cache *s, void (*visit)(void *ctx, const void *object, int row),
		 void *ctx)
{
	struct slab_room *room = s->machine->slab;
	const struct front_visitor to = { visit, ctx };

	if (!s->sheaf_most)
		return;
	lock_take(&room->fronts.claims_lock);
	claim_one(s);
	for (unsigned int row = 0; row < nr_fronts(s); row++) {
		struct front *f = front_of_row(s, row);

		front_show(f);
		visit_sheaf(&to, front_sheaf(f), (int)row);
		visit_sheaf(&to, f->spare, (int)row);
		if (s->told)
			front_hide(f);
	}
	visit_barn(&to, &s->barn);
	unclaim(s);
	lock_drop(&room->fronts.claims_lock);
}

/* The objects in @sheaf are of @s, and no two of them are the same. */
static bool sheaf_ok(const struct kmem_cache *s, const struct sheaf *sheaf)
{
	for (u32 i = 0; i < sheaf->nr; i++) {
		void *object = sheaf->slots[i];
		struct slab *slab =
			is_linear(s->machine, object) ? slab_of(s->machine, object) : NULL;

		if (!slab || slab->slab_cache != s || slab_index(s, slab, object) < 0)
			return false;
		for (u32 j = 0; j < i; j++)
			if (object == sheaf->slots[j])
				return false;
	}
	return true;
}

static bool is_whole(const struct kmem_cache *s, const struct sheaf *sheaf)
{
	return sheaf->nr == s->sheaf_most && sheaf_ok(s, sheaf);
}

static bool one_ok(const struct kmem_cache *s, struct front *f)
{
	const struct sheaf *sheaf;

	if (f->hidden_most && (f->stack.nr || f->stack.most || !s->told))
		return false;
	front_show(f);
	sheaf = front_sheaf(f);
	if (!sheaf)
		return !f->stack.nr && !f->stack.most && !f->spare;
	return f->stack.most == s->sheaf_most && sheaf->nr <= s->sheaf_most && sheaf_ok(s, sheaf) &&
	       (!f->spare || !f->spare->nr || is_whole(s, f->spare));
}

static bool barn_ok(struct kmem_cache *s)
{
	struct barn *barn = &s->barn;
	bool good = true;
	u32 nr = 0;

	lock_take(&barn->lock);
	for (struct sheaf *sheaf = barn->full; good && sheaf; sheaf = sheaf->next)
		good = ++nr <= barn->nr && is_whole(s, sheaf);
	good = good && nr == barn->nr && nr <= barn->limit && barn->limit <= barn->most;
	lock_drop(&barn->lock);
	return good;
}

bool front_ok(struct kmem_cache *s)
{
	struct slab_room *room = s->machine->slab;
	bool good = true;

	lock_take(&room->fronts.claims_lock);
	claim_one(s);
	for (unsigned int row = 0; good && row < nr_fronts(s); row++) {
		good = one_ok(s, front_of_row(s, row));
		if (s->told)
			front_hide(front_of_row(s, row));
	}
	good = good && barn_ok(s);
	unclaim(s);
	lock_drop(&room->fronts.claims_lock);
	return good;
}
