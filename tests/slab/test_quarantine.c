/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/quarantine.c: objects wait in the order in which they came, of any caches,
 * until as many bytes came after them; those of one cache can be had out before, or all.
 */
#define RIG_SHEAVES "off"
#include "rig.h"

#include "slab/quarantine.h"

#define NR 8

/* Objects of @s that no slab has back yet. */
static unsigned long nr_used(const struct kmem_cache *s)
{
	struct slab_counts counts = slab_count(s, 0);

	return counts.objects - counts.free;
}

/* The cache's slabs show what is free. */
static unsigned long used(struct kmem_cache *s)
{
	kmem_cache_shrink(s);
	return nr_used(s);
}

static struct kmem_cache *a, *b;
static struct slab_room *room;

static void test_waits(void **state)
{
	struct quarantine *q = &room->quarantine;
	size_t slots = q->most / a->size;
	void *first = kmem_cache_alloc(a, GFP_KERNEL);

	(void)state;
	assert_int_equal(q->most, (64UL << 20) / 32);
	quarantine_give(a, first);
	assert_int_equal(q->bytes, a->size);
	for (size_t i = 1; i < slots; i++)
		quarantine_give(a, kmem_cache_alloc(a, GFP_KERNEL));
	assert_int_equal(q->bytes, slots * a->size);
	assert_ptr_equal(q->chain.first, first);
	/* The next pushes the oldest out. */
	quarantine_give(a, kmem_cache_alloc(a, GFP_KERNEL));
	assert_int_equal(q->bytes, slots * a->size);
	assert_ptr_not_equal(q->chain.first, first);
	quarantine_flush(room, NULL);
	assert_int_equal(q->bytes, 0);
	assert_null(q->chain.first);
	assert_int_equal(used(a), 0);
	rig_all_ok(*state);
}

static void test_one_cache(void **state)
{
	struct quarantine *q = &room->quarantine;
	void *kept[NR];

	for (int i = 0; i < NR; i++) {
		kept[i] = kmem_cache_alloc(b, GFP_KERNEL);
		quarantine_give(a, kmem_cache_alloc(a, GFP_KERNEL));
		quarantine_give(b, kept[i]);
		quarantine_give(a, kmem_cache_alloc(a, GFP_KERNEL));
	}
	assert_int_equal(used(b), 0);
	assert_int_equal(q->bytes, 2 * NR * a->size);
	quarantine_flush(room, b);
	assert_int_equal(q->bytes, 2 * NR * a->size);
	quarantine_flush(room, a);
	assert_int_equal(q->bytes, 0);
	assert_null(q->chain.last);
	assert_int_equal(used(a), 0);
	rig_all_ok(*state);
}

static void test_destroy(void **state)
{
	struct kmem_cache *c = kmem_cache_create("c", 64, 0, 0, NULL);

	quarantine_give(c, kmem_cache_alloc(c, GFP_KERNEL));
	quarantine_give(a, kmem_cache_alloc(a, GFP_KERNEL));
	kmem_cache_destroy(c);
	assert_string_equal(said, "");
	assert_int_equal(room->quarantine.bytes, a->size);
	quarantine_flush(room, NULL);
	rig_all_ok(*state);
}

/* When memory is short what waits is given back. */
static void test_reclaim(void **state)
{
	struct page *pages[1 << 14];
	size_t nr = 0;

	(void)state;
	while (room->quarantine.bytes + a->size <= room->quarantine.most)
		quarantine_give(a, kmem_cache_alloc(a, GFP_KERNEL));
	while (nr < ARRAY_SIZE(pages) &&
	       (pages[nr] = alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, 0)))
		nr++;
	assert_int_equal(room->quarantine.bytes, 0);
	assert_int_equal(used(a), 0);
	while (nr--)
		__free_page(pages[nr]);
}

static int setup(void **state)
{
	int err = rig_setup(state);

	room = ((struct kalloc_machine *)*state)->slab;
	a = kmem_cache_create("a", 500, 0, 0, NULL);
	b = kmem_cache_create("b", 2000, 0, 0, NULL);
	return err;
}

#define quarantine_test(f) cmocka_unit_test_setup_teardown(f, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		quarantine_test(test_waits),
		quarantine_test(test_one_cache),
		quarantine_test(test_destroy),
		quarantine_test(test_reclaim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
