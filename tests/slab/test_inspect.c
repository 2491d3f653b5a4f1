/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/inspect.c: what visitors are shown is what objects are taken from
 * next, in that order; every free object is shown once; and looking changes nothing.
 */
#define RIG_SHEAVES "off"
#include "rig.h"

#include <kalloc/inspect.h>
#include <kalloc/inspect_slab.h>

#define MOST 512

struct shown {
	struct kmem_cache *cache;
	unsigned int nr_slabs[3]; /* by place */
	unsigned int nr_free;
	const char *next[MOST]; /* what the CPU's slab gives next */
	unsigned int nr_next;
	unsigned long used; /* objects on no list, of slabs that are shown */
};

static void show(void *ctx, const struct kalloc_slab_view *view)
{
	struct shown *shown = ctx;
	const char *start = page_address(pfn_to_page(view->pfn));

	assert_ptr_equal(kalloc_inspect_cache_at(view->pfn), shown->cache);
	assert_int_equal(view->index,
			 view->place == KALLOC_SLAB_CPU ? 0 : shown->nr_slabs[view->place]);
	shown->nr_slabs[view->place]++;
	shown->nr_free += view->nr_free;
	shown->used += view->nr_objects - view->nr_free;
	for (unsigned int i = 0; i < view->nr_free; i++) {
		assert_in_range(view->free[i], 0, view->nr_objects - 1);
		if (view->place == KALLOC_SLAB_CPU)
			shown->next[shown->nr_next++] =
				start + view->free[i] * kmem_cache_size(shown->cache);
	}
}

static struct shown look(struct kmem_cache *cache)
{
	struct shown shown = { .cache = cache };

	assert_int_equal(kalloc_inspect_slabs(cache, show, &shown), 0);
	return shown;
}

/* Objects come out as the free lists were shown, the CPU's first. */
static void test_order(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("order", 256, 0, 0, NULL);
	void *objects[16];
	struct shown shown = look(cache);

	(void)state;
	assert_int_equal(shown.nr_slabs[KALLOC_SLAB_CPU], 0);
	for (int i = 0; i < 16; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = 0; i < 16; i += 3)
		kmem_cache_free(cache, objects[i]);
	shown = look(cache);
	assert_int_equal(shown.nr_slabs[KALLOC_SLAB_CPU], 1);
	assert_in_range(shown.nr_next, 1, 16);
	for (unsigned int i = 0; i < shown.nr_next; i++)
		assert_ptr_equal(kmem_cache_alloc(cache, GFP_KERNEL), shown.next[i]);
	shown = look(cache);
	assert_int_equal(shown.nr_next, 0);
}

/* Partial slabs of the CPU and of the node; full ones are on no list. */
static void test_places(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("places", 512, 0, 0, NULL);
	unsigned int per_slab = oo_objects(cache->oo);
	void *objects[MOST];
	struct shown shown;

	(void)state;
	for (unsigned int i = 0; i < 40 * per_slab; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	shown = look(cache);
	assert_int_equal(shown.nr_slabs[KALLOC_SLAB_PARTIAL], 0);
	assert_int_equal(shown.nr_slabs[KALLOC_SLAB_CPU_PARTIAL], 0);

	/* One object of each slab: those past the CPU's reserve go to the node. */
	for (unsigned int i = 0; i < 40; i++)
		kmem_cache_free(cache, objects[i * per_slab]);
	shown = look(cache);
	assert_true(shown.nr_slabs[KALLOC_SLAB_PARTIAL] > 0);
	assert_true(shown.nr_slabs[KALLOC_SLAB_CPU_PARTIAL] > 0);
	assert_in_range(shown.nr_slabs[KALLOC_SLAB_CPU_PARTIAL], 1, cache->cpu_partial_slabs);
	assert_int_equal(shown.nr_free, 40);
	assert_int_equal(shown.used + shown.nr_free,
			 (shown.nr_slabs[0] + shown.nr_slabs[1] + shown.nr_slabs[2]) * per_slab);
}

struct seen_cache {
	const char *name;
	struct kalloc_cache_view view;
	unsigned int nr;
};

static void see_cache(void *ctx, const struct kalloc_cache_view *view)
{
	struct seen_cache *seen = ctx;

	if (!strcmp(view->name, seen->name)) {
		seen->view = *view;
		seen->nr++;
	}
}

static struct kalloc_cache_view view_of(const char *name)
{
	struct seen_cache seen = { .name = name };

	kalloc_inspect_caches(see_cache, &seen);
	assert_int_equal(seen.nr, 1);
	return seen.view;
}

/* The parts of a slot stand where they are shown. */
static void test_layout(void **state)
{
	struct kmem_cache *cache = kmem_cache_create(
		"guarded", 40, 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);
	struct kalloc_cache_view view = view_of("guarded");
	struct shown shown = look(cache);

	(void)state;
	assert_ptr_equal(view.cache, cache);
	assert_int_equal(view.object_size, 40);
	assert_int_equal(view.size, cache->size);
	assert_int_equal(view.nr_slabs, 1);
	assert_int_equal(view.nr_objects, view.objects);
	assert_true(view.red_left > 0);
	for (unsigned int i = 1; i <= view.red_left; i++)
		assert_int_equal(object[-(long)i], 0xcc);
	assert_int_equal(object[view.object_size], 0xcc);
	assert_in_range(view.free_pointer, view.object_size, view.size - sizeof(void *));
	assert_int_equal(shown.nr_slabs[KALLOC_SLAB_PARTIAL], 1);
	assert_int_equal(shown.nr_free, view.objects - 1);
	kmem_cache_free(cache, object);
	assert_int_equal(object[-1], 0xbb);
}

struct hand {
	const void *objects[4096];
	unsigned int nr, nr_waiting;
	struct kmem_cache *cache;
};

static void see_object(void *ctx, const void *object, int row)
{
	struct hand *hand = ctx;

	assert_true(hand->nr < ARRAY_SIZE(hand->objects));
	assert_ptr_equal(rig_cache_of(object), hand->cache);
	for (unsigned int i = 0; i < hand->nr; i++)
		assert_ptr_not_equal(hand->objects[i], object);
	hand->objects[hand->nr++] = object;
	hand->nr_waiting += row < 0;
}

/* With sheaves: all that was freed is at hand or on a list, once; the last one first. */
static void test_at_hand(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1 slab_nomerge");
	struct kmem_cache *cache = kmem_cache_create("hand", 256, 0, 0, NULL);
	struct kalloc_cache_view view = view_of("hand");
	static void *objects[1000];
	struct hand hand = { .cache = cache };
	struct shown shown;

	(void)state;
	for (int i = 0; i < 1000; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = 0; i < 1000; i++)
		kmem_cache_free(cache, objects[i]);
	kalloc_inspect_at_hand(cache, see_object, &hand);
	view = view_of("hand");
	shown = look(cache);
	assert_true(hand.nr_waiting > 0);
	assert_true(hand.nr > hand.nr_waiting);
	assert_int_equal(hand.nr + shown.nr_free, view.nr_objects);
	assert_ptr_equal(hand.objects[0], objects[999]);
	assert_ptr_equal(kmem_cache_alloc(cache, GFP_KERNEL), hand.objects[0]);
	assert_true(cache_ok(cache));
	rig_halt(m);
}

/* The addresses of a seeded run, with a look at everything now and then or without. */
static unsigned long run(const char *cmdline, bool looks)
{
	struct kalloc_machine *m = rig_boot(cmdline);
	struct kmem_cache *cache = kmem_cache_create("run", 192, 0, 0, NULL);
	const char *start = page_address(pfn_to_page(0));
	void *objects[MOST] = { NULL };
	unsigned long random = 1, sum = 0;

	for (int step = 0; step < 20000; step++) {
		unsigned int i;

		random = random * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned int)(random >> 33) % MOST;
		if (objects[i]) {
			kmem_cache_free(cache, objects[i]);
			objects[i] = NULL;
		} else {
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			sum = sum * 31 + (unsigned long)((char *)objects[i] - start);
		}
		if (looks && step % 97 == 0) {
			struct hand hand = { .cache = cache };

			look(cache);
			kalloc_inspect_at_hand(cache, see_object, &hand);
		}
	}
	rig_halt(m);
	return sum;
}

static void test_changes_nothing(void **state)
{
	static const char *const cmdlines[] = {
		"mem=64M nr_cpus=1 slab_nomerge",
		"mem=64M nr_cpus=1 slab_nomerge kalloc.sheaves=off",
		"mem=64M nr_cpus=1 slab_nomerge slub_debug=FZPU",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++)
		assert_int_equal(run(cmdlines[i], false), run(cmdlines[i], true));
}

static void find_slab(void *ctx, const struct kalloc_block *block)
{
	unsigned long *nr = ctx;

	if (block->state == KALLOC_FRAMES_SLAB) {
		assert_non_null(kalloc_inspect_cache_at(block->pfn));
		++*nr;
	} else if (block->state == KALLOC_FRAMES_USED) {
		assert_null(kalloc_inspect_cache_at(block->pfn));
	}
}

/* Asked for each run of frames: the slabs have a cache, nobody else has. */
static void test_frames(void **state)
{
	unsigned long nr = 0;
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	(void)state;
	kalloc_inspect_frames(find_slab, &nr);
	assert_true(nr > 0);
	assert_null(kalloc_inspect_cache_at(1UL << 40));
	__free_pages(page, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_order),
		rig_test(test_places),
		rig_test(test_layout),
		cmocka_unit_test(test_at_hand),
		cmocka_unit_test(test_changes_nothing),
		rig_test(test_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
