/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/front_table.c: which caches have fronts and which class they are; that
 * classes come back and may run out; what is noted of each frame.
 */
#include <kalloc/page.h>

#include "front_rig.h"

#define LAST_CLASS 65535u

static void test_classes(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *s = kmem_cache_create("a", 64, 0, 0, NULL);
	struct kmem_cache *t = kmem_cache_create("b", 64, 0, 0, NULL);
	unsigned int first = s->supply.nr;

	for (unsigned int type = 0; type < NR_KMALLOC_TYPES; type++) {
		for (unsigned int i = 1; i <= KMALLOC_SHIFT_HIGH; i++)
			assert_int_equal(m->slab->kmalloc_caches[type][i]->supply.nr,
					 16 * type + i);
	}
	assert_true(first >= FRONT_FIRST_CLASS);
	assert_int_equal(t->supply.nr, first + 1);
	assert_int_equal(s->sheaf_most, SHEAF_SLOTS);
	assert_int_equal(kmem_cache_create("big", 8192, 0, 0, NULL)->sheaf_most, 4);
	/* The one that was returned last is given first. */
	kmem_cache_destroy(s);
	kmem_cache_destroy(t);
	assert_int_equal(kmem_cache_create("c", 32, 0, 0, NULL)->supply.nr, first + 1);
	assert_int_equal(kmem_cache_create("d", 32, 0, 0, NULL)->supply.nr, first);
	assert_int_equal(kmem_cache_create("e", 32, 0, 0, NULL)->supply.nr, first + 3);
	rig_all_ok(m);
}

/* A class comes without anything of the cache that had it before. */
static void test_class_again(void **state)
{
	struct kmem_cache *s = kmem_cache_create("a", 64, 0, 0, NULL), *t;
	unsigned int class = s->supply.nr;
	void *objects[3 * SHEAF_SLOTS];

	take_objects(s, objects, 3 * SHEAF_SLOTS);
	free_objects(s, objects, 3 * SHEAF_SLOTS);
	assert_int_equal(front_count(s), 2 * SHEAF_SLOTS);
	front_of(s)->stack.moves = 1000;
	kmem_cache_destroy(s);
	t = kmem_cache_create("b", 256, 0, 0, NULL);
	assert_int_equal(t->supply.nr, class);
	assert_int_equal(front_count(t), 0);
	assert_int_equal(front_of(t)->stack.owner, PERCPU_NONE);
	assert_int_equal(front_of(t)->stack.moves, 0);
	take_objects(t, objects, 300);
	for (int i = 0; i < 300; i++)
		assert_int_equal(kalloc_class_at(&t->supply.space, objects[i]), class);
	free_objects(t, objects, 300);
	assert_int_equal(objects_out(t), 0);
	rig_all_ok(*state);
	assert_string_equal(said, "");
}

/* A cache that comes too late goes without. */
static void test_exhausted(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *last, *late, *later;
	void *objects[300];

	m->slab->fronts.next_class = LAST_CLASS;
	last = kmem_cache_create("last", 64, 0, 0, NULL);
	late = kmem_cache_create("late", 64, 0, 0, NULL);
	assert_int_equal(last->supply.nr, LAST_CLASS);
	assert_int_equal(late->supply.nr, 0);
	assert_int_equal(late->sheaf_most, 0);
	for (int i = 0; i < 2; i++) {
		struct kmem_cache *s = i ? late : last;

		take_objects(s, objects, 300);
		assert_int_equal(kalloc_class_at(&s->supply.space, objects[0]), s->supply.nr);
		free_objects(s, objects, 150);
		kmem_cache_free_bulk(s, 150, objects + 150);
		assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 300, objects), 300);
		kmem_cache_free_bulk(NULL, 300, objects);
		assert_true(cache_ok(s));
		assert_int_equal(objects_out(s), 0);
	}
	kmem_cache_destroy(late);
	late = kmem_cache_create("later", 64, 0, 0, NULL);
	assert_int_equal(late->supply.nr, 0);
	kmem_cache_destroy(last);
	later = kmem_cache_create("latest", 64, 0, 0, NULL);
	assert_int_equal(later->supply.nr, LAST_CLASS);
	rig_all_ok(m);
	assert_string_equal(said, "");
}

/* Slabs, other frames, frames that were slabs, and what is no frame. */
static void test_frames(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *s = kmem_cache_create("f", 1024, 0, 0, NULL);
	const struct kalloc_space *space = &m->objects.space;
	unsigned long page = __get_free_pages(GFP_KERNEL, 0);
	char *object = kmem_cache_alloc(s, GFP_KERNEL);
	unsigned long bytes = PAGE_SIZE << oo_order(s->oo);
	int local;

	assert_true(oo_order(s->oo) > 0);
	object = slab_address(s, slab_of(m, object));
	for (unsigned long at = 0; at < bytes; at += PAGE_SIZE / 2)
		assert_int_equal(kalloc_class_at(space, object + at), s->supply.nr);
	assert_int_equal(kalloc_class_at(space, (void *)page), 0);
	assert_int_equal(kalloc_class_at(space, NULL), ~0u);
	assert_int_equal(kalloc_class_at(space, ZERO_SIZE_PTR), ~0u);
	assert_int_equal(kalloc_class_at(space, &local), ~0u);
	assert_int_equal(kalloc_class_at(space, m->linear - 1), ~0u);
	assert_int_equal(kalloc_class_at(space, m->linear_end), ~0u);
	assert_int_equal(kalloc_class_at(space, m->linear_end - 1), 0);
	assert_int_equal(kalloc_class_at(space, m->vmalloc_start), ~0u);
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	for (unsigned long at = 0; at < bytes; at += PAGE_SIZE)
		assert_int_equal(kalloc_class_at(space, object + at), 0);
	free_pages(page, 0);
}

struct without {
	const char *cmdline;
	slab_flags_t flags;
};

static const struct without withouts[] = {
	{ "mem=64M nr_cpus=1 kalloc.sheaves=off", 0 }, { "mem=128M nr_cpus=1 numa=fake=2", 0 },
	{ "mem=64M nr_cpus=1 init_on_alloc=on", 0 },   { "mem=64M nr_cpus=1 init_on_free=on", 0 },
	{ "mem=64M nr_cpus=1 slub_debug=P", 0 },       { "mem=64M nr_cpus=1", SLAB_POISON },
};

/* Who goes to the slabs each time keeps nothing at hand and works all the same. */
static void test_without(void **state)
{
	void *objects[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(withouts); i++) {
		struct kalloc_machine *m = rig_boot(withouts[i].cmdline);
		struct kmem_cache *s = kmem_cache_create("w", 64, 0, withouts[i].flags, NULL);

		assert_int_equal(s->supply.nr, 0);
		assert_int_equal(s->sheaf_most, 0);
		take_objects(s, objects, 200);
		free_objects(s, objects, 200);
		assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 200, objects), 200);
		kmem_cache_free_bulk(s, 200, objects);
		for (int j = 0; j < 100; j++) {
			objects[j] = kmalloc(64, GFP_KERNEL);
			objects[j + 100] = kzalloc(64, GFP_KERNEL);
			assert_true(objects[j] && objects[j + 100]);
		}
		for (int j = 0; j < 200; j++)
			kfree(objects[j]);
		assert_int_equal(front_count(s), 0);
		assert_int_equal(front_count(m->slab->kmalloc_caches[KMALLOC_NORMAL][6]),
				 withouts[i].flags ? DIV_ROUND_UP(200, 64) * 64 : 0);
		kmem_cache_destroy(s);
		rig_all_ok(m);
		assert_string_equal(said, "");
		rig_halt(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_classes), rig_test(test_class_again),	rig_test(test_exhausted),
		rig_test(test_frames),	cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
