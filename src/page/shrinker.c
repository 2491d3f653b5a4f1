/* SPDX-License-Identifier: MIT */
#include "event.h"
#include "room.h"
#include "shrinker.h"
#include "task.h"
#include "trace.h"

#define SHRINK_BATCH 128

/* In shrinker->calls: no new call, somebody waits for those under way. */
#define SHRINKER_LEAVING (1u << 31)

typedef int (*shrink_plain_t)(int nr_to_scan, gfp_t gfp_mask);
typedef int (*shrink_own_t)(struct shrinker *s, int nr_to_scan, gfp_t gfp_mask);
typedef int (*shrink_control_t)(struct shrinker *s, struct shrink_control *sc);

/* Call the one function of the forms before 3.12, whichever it is. */
static int call_shrink(struct shrinker *s, struct shrink_control *sc, unsigned long nr)
{
	void (*shrink)(void) = (void (*)(void))s->shrink;
	struct shrink_control copy = *sc;

	copy.nr_to_scan = nr;
	switch (s->form) {
	case 1:
		return ((shrink_plain_t)shrink)((int)nr, sc->gfp_mask);
	case 2:
		return ((shrink_own_t)shrink)(s, (int)nr, sc->gfp_mask);
	default:
		return ((shrink_control_t)shrink)(s, &copy);
	}
}

static unsigned long count_objects(struct shrinker *s, struct shrink_control *sc)
{
	int left;

	if (s->count_objects)
		return s->count_objects(s, sc);
	left = call_shrink(s, sc, 0);
	return left > 0 ? (unsigned long)left : 0;
}

/* The one function returns what is left, so what it freed is the difference. */
static unsigned long scan_objects(struct shrinker *s, struct shrink_control *sc)
{
	int before, after;

	if (s->scan_objects)
		return s->scan_objects(s, sc);
	before = call_shrink(s, sc, 0);
	after = call_shrink(s, sc, sc->nr_to_scan);
	if (after < 0)
		return SHRINK_STOP;
	return before > after ? (unsigned long)(before - after) : 0;
}

/* Where its work is done, for those who read a record. */
static u64 function_of(const struct shrinker *s)
{
	return s->scan_objects ? (u64)(uintptr_t)s->scan_objects : (u64)(uintptr_t)s->shrink;
}

static unsigned long shrink_one(struct kalloc_machine *m, struct shrinker *s,
				struct shrink_control *sc, int priority)
{
	long batch = s->batch ?: SHRINK_BATCH, scanned = 0, total, delta, before, deferred;
	unsigned long freed = 0;
	long freeable = (long)count_objects(s, sc);

	if (freeable == 0 || freeable == (long)SHRINK_EMPTY)
		return 0;
	before = deferred = __atomic_exchange_n(&s->nr_deferred, 0, __ATOMIC_RELAXED);
	delta = s->seeks ? (freeable >> priority) * 4 / s->seeks : freeable / 2;
	total = min((deferred >> priority) + delta, 2 * freeable);
	TRACE(m, mm_shrink_slab_start, .shrink = function_of(s), .shr = (u64)(uintptr_t)s,
	      .nid = sc->nid, .nr_objects_to_shrink = deferred, .gfp_flags = sc->gfp_mask,
	      .cache_items = freeable, .delta = delta, .total_scan = total, .priority = priority);

	while (total >= batch || total >= freeable) {
		unsigned long got;

		sc->nr_to_scan = sc->nr_scanned = (unsigned long)min(batch, total);
		got = scan_objects(s, sc);
		if (got == SHRINK_STOP)
			break;
		freed += got;
		page_event_add(m, SLABS_SCANNED, sc->nr_scanned);
		total -= (long)sc->nr_scanned;
		scanned += (long)sc->nr_scanned;
		/* A shrinker that says it scanned nothing would be asked for ever. */
		if (!sc->nr_scanned)
			break;
	}
	deferred = min(max(deferred + delta - scanned, 0L), 2 * freeable);
	deferred = __atomic_add_fetch(&s->nr_deferred, deferred, __ATOMIC_RELAXED);
	TRACE(m, mm_shrink_slab_end, .shrink = function_of(s), .shr = (u64)(uintptr_t)s,
	      .nid = sc->nid, .unused_scan = before, .new_scan = deferred, .total_scan = total,
	      .retval = freed);
	return freed;
}

/* The shrinker after @s that may be called, held so that it cannot go; @s is let go of. */
static struct shrinker *shrinker_next(struct page_room *room, struct shrinker *s)
{
	struct list_head *node;
	struct shrinker *next = NULL;
	bool last = false;

	lock_take(&room->shrinker_lock);
	node = s ? s->list.next : room->shrinkers.next;
	for (; node != &room->shrinkers && !next; node = node->next) {
		next = list_entry(node, struct shrinker, list);
		if (next->calls & SHRINKER_LEAVING)
			next = NULL;
	}
	if (next)
		next->calls++;
	/* Forgotten already, in the child of a fork from within the call. */
	if (s && s->calls & ~SHRINKER_LEAVING)
		last = --s->calls == SHRINKER_LEAVING;
	lock_drop(&room->shrinker_lock);
	if (last)
		waitq_wake(&room->shrinker_wait);
	return next;
}

void shrinker_forget_calls(struct page_room *room)
{
	struct shrinker *s;

	list_for_each_entry(s, &room->shrinkers, list)
		s->calls &= SHRINKER_LEAVING;
}

unsigned long shrink_slab(struct kalloc_machine *m, gfp_t gfp, int nid, int priority)
{
	struct page_room *room = m->page;
	struct shrinker *s = NULL;
	unsigned long freed = 0;

	while ((s = shrinker_next(room, s))) {
		struct shrink_control sc = {
			.gfp_mask = gfp,
			.nid = s->flags & SHRINKER_NUMA_AWARE ? nid : 0,
		};

		kalloc_self.task.shrinker = s;
		freed += shrink_one(m, s, &sc, priority);
		kalloc_self.task.shrinker = NULL;
	}
	return freed;
}

void shrinker_add(struct kalloc_machine *m, struct shrinker *s)
{
	s->machine = m;
	s->nr_deferred = 0;
	s->calls = 0;
	lock_take(&m->page->shrinker_lock);
	list_add_tail(&s->list, &m->page->shrinkers);
	lock_drop(&m->page->shrinker_lock);
}

int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)
{
	shrinker_add(machine_current(), shrinker);
	return 0;
}

int kalloc_register_shrinker(struct shrinker *shrinker, int form)
{
	shrinker->form = form;
	shrinker_add(machine_current(), shrinker);
	return 0;
}

void shrinker_register(struct shrinker *shrinker)
{
	shrinker_add(machine_current(), shrinker);
}

void unregister_shrinker(struct shrinker *shrinker)
{
	struct page_room *room;
	bool idle = false;

	if (!shrinker->machine)
		return;
	/* Waiting for one's own call to end would be for ever, as it is in Linux. */
	if (WARN(kalloc_self.task.shrinker == shrinker,
		 "a shrinker unregisters itself from its own call"))
		return;
	room = shrinker->machine->page;
	while (!idle) {
		u32 ticket = waitq_ticket(&room->shrinker_wait);

		lock_take(&room->shrinker_lock);
		shrinker->calls |= SHRINKER_LEAVING;
		idle = shrinker->calls == SHRINKER_LEAVING;
		if (idle)
			list_del(&shrinker->list);
		lock_drop(&room->shrinker_lock);
		if (!idle)
			waitq_wait(&room->shrinker_wait, ticket, 1000);
	}
	shrinker->machine = NULL;
}

struct shrinker *shrinker_alloc(unsigned int flags, const char *fmt, ...)
{
	struct shrinker *shrinker = map_alloc(sizeof(*shrinker));

	if (shrinker) {
		shrinker->flags = flags;
		shrinker->seeks = DEFAULT_SEEKS;
	}
	return shrinker;
}

void shrinker_free(struct shrinker *shrinker)
{
	if (!shrinker)
		return;
	unregister_shrinker(shrinker);
	if (shrinker->machine) /* refused, and reported */
		return;
	map_free(shrinker, sizeof(*shrinker));
}
