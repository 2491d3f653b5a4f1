/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include <kalloc/inspect.h>

#include "memory.h"
#include "names.h"
#include "slab_body.h"
#include "slabs.h"

void slabs_fini(struct slabs *slabs)
{
	table_fini(&slabs->bodies);
	free(slabs->which.text);
	free(slabs->at_hand);
}

/* --- counts of all caches ------------------------------------------------ */

static void count_free(void *ctx, const struct kalloc_slab_view *view)
{
	*(unsigned long *)ctx += view->nr_free;
}

static void count_at_hand(void *ctx, const void *object, int row)
{
	(void)object;
	(void)row;
	++*(unsigned long *)ctx;
}

static void write_counts(struct caches_seen *caches, struct json *json)
{
	json_begin(json, "caches", '[');
	for (size_t i = 0; i < caches->nr; i++) {
		struct cache_seen *seen = &caches->list[i];
		unsigned long now[4] = { 0 }, nr_free = 0;

		if (seen->is_there) {
			struct kmem_cache *cache = (struct kmem_cache *)(uintptr_t)seen->view.cache;

			kalloc_inspect_slabs(cache, count_free, &nr_free);
			kalloc_inspect_at_hand(cache, count_at_hand, &nr_free);
			now[0] = seen->view.nr_slabs;
			now[1] = seen->view.nr_objects;
			now[2] = seen->view.nr_objects - nr_free;
			now[3] = seen->view.nr_partial;
		}
		if (memcmp(now, seen->told, sizeof(now)) == 0)
			continue;
		memcpy(seen->told, now, sizeof(now));
		json_begin(json, NULL, '[');
		json_number(json, NULL, (long long)i);
		for (size_t j = 0; j < 4; j++)
			json_number(json, NULL, (long long)now[j]);
		json_end(json, ']');
	}
	json_end(json, ']');
}

/* --- which caches -------------------------------------------------------- */

static bool is_named(const char *named, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = named; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, name, len) == 0 && (at[len] == ',' || at[len] == '\0'))
			return true;
	return false;
}

static unsigned long frames_of(const struct cache_seen *seen)
{
	return seen->view.nr_slabs << seen->view.order;
}

/* Most frames first; of two alike the older one. */
static int by_frames(const void *a, const void *b)
{
	const struct cache_seen *one = *(struct cache_seen *const *)a;
	const struct cache_seen *other = *(struct cache_seen *const *)b;

	if (one->is_there != other->is_there)
		return one->is_there ? -1 : 1;
	if (frames_of(one) != frames_of(other))
		return frames_of(one) > frames_of(other) ? -1 : 1;
	return one < other ? -1 : one > other;
}

static void rank_caches(struct caches_seen *caches)
{
	struct cache_seen **sorted = memory_new(caches->nr, sizeof(*sorted));

	for (size_t i = 0; i < caches->nr; i++)
		sorted[i] = &caches->list[i];
	qsort(sorted, caches->nr, sizeof(*sorted), by_frames);
	for (size_t i = 0; i < caches->nr; i++)
		sorted[i]->rank = i;
	free(sorted);
}

static bool is_chosen(const struct slabs *slabs, const struct cache_seen *seen)
{
	if (!seen->is_there || !seen->view.nr_slabs)
		return false;
	return is_named(slabs->named, seen->view.name) || seen->rank < SLABS_CACHES ||
	       (seen->view.flags & SLAB_RED_ZONE && seen->rank < 2 * SLABS_CACHES);
}

/* --- the slabs of a chosen cache ------------------------------------------ */

struct shown {
	struct slabs *slabs;
	const struct cache_seen *seen;
	struct json *bodies;
	struct json *which;
	unsigned int nr[3];
	struct table listed; /* pfn + 1 of the slabs on lists */
};

static void note_at_hand(void *ctx, const void *object, int row)
{
	struct slabs *slabs = ctx;

	(void)row;
	slabs->at_hand = memory_grow(slabs->at_hand, &slabs->capacity, slabs->nr_at_hand + 1,
				     sizeof(*slabs->at_hand));
	slabs->at_hand[slabs->nr_at_hand++] = object;
}

static int by_address(const void *a, const void *b)
{
	uintptr_t one = *(const uintptr_t *)a, other = *(const uintptr_t *)b;

	return one < other ? -1 : one > other;
}

static void show(struct shown *shown, const struct kalloc_slab_view *view, int place)
{
	struct slabs *slabs = shown->slabs;
	struct table_slot *told;
	struct json_piece piece;
	uint64_t hash;

	json_number(shown->which, NULL, (long long)view->pfn);
	json_piece_begin(&piece);
	slab_body_write(&shown->seen->view, view, place, slabs->at_hand, slabs->nr_at_hand,
			&piece.json);
	json_piece_end(&piece);
	hash = names_hash(piece.text, piece.len);
	told = table_put(&slabs->bodies, view->pfn + 1);
	if (told->value != hash) {
		told->value = hash;
		json_begin(shown->bodies, NULL, '[');
		json_raw(shown->bodies, NULL, piece.text, piece.len);
		json_end(shown->bodies, ']');
	}
	free(piece.text);
}

static void show_listed(void *ctx, const struct kalloc_slab_view *view)
{
	static const unsigned int most[] = { [KALLOC_SLAB_CPU] = SLABS_CPU,
					     [KALLOC_SLAB_CPU_PARTIAL] = SLABS_RESERVE,
					     [KALLOC_SLAB_PARTIAL] = SLABS_PARTIAL };
	struct shown *shown = ctx;

	table_put(&shown->listed, view->pfn + 1);
	if (shown->nr[view->place]++ < most[view->place])
		show(shown, view, view->place);
}

/* Slabs in order of address that no list knows. */
static void show_full(struct shown *shown, const struct frames *frames, unsigned int number)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < frames->nr_slabs && nr < SLABS_FULL; i++) {
		const struct frames_slab *slab = &frames->slabs[i];
		struct kalloc_slab_view view = {
			.pfn = slab->pfn,
			.order = slab->order,
			.nr_objects =
				(unsigned int)((PAGE_SIZE << slab->order) / shown->seen->view.size),
		};

		if (slab->cache != number || table_find(&shown->listed, slab->pfn + 1))
			continue;
		show(shown, &view, SLAB_BODY_FULL);
		nr++;
	}
}

static void show_cache(struct slabs *slabs, const struct caches_seen *caches, unsigned int number,
		       const struct frames *frames, struct json *bodies, struct json *which)
{
	const struct cache_seen *seen = &caches->list[number];
	struct kmem_cache *cache = (struct kmem_cache *)(uintptr_t)seen->view.cache;
	struct shown shown = { .slabs = slabs, .seen = seen, .bodies = bodies, .which = which };

	slabs->nr_at_hand = 0;
	kalloc_inspect_at_hand(cache, note_at_hand, slabs);
	if (slabs->nr_at_hand)
		qsort(slabs->at_hand, slabs->nr_at_hand, sizeof(*slabs->at_hand), by_address);
	json_begin(which, NULL, '[');
	json_number(which, NULL, number);
	kalloc_inspect_slabs(cache, show_listed, &shown);
	show_full(&shown, frames, number);
	json_end(which, ']');
	table_fini(&shown.listed);
}

void slabs_step(struct slabs *slabs, struct caches_seen *caches, const struct frames *frames,
		struct json *json)
{
	struct json_piece which;

	write_counts(caches, json);
	rank_caches(caches);
	json_piece_begin(&which);
	json_begin(json, "slabs", '[');
	for (unsigned int i = 0; i < caches->nr; i++)
		if (is_chosen(slabs, &caches->list[i]))
			show_cache(slabs, caches, i, frames, json, &which.json);
	json_end(json, ']');
	if (!memo_changes(&slabs->which, &which))
		return;
	json_begin(json, "shown", '[');
	json_raw(json, NULL, slabs->which.text, slabs->which.len);
	json_end(json, ']');
}
