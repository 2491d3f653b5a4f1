/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/size.c: every row of the layouts and orders that Linux 6.1
 * showed for 1, 2, 4 and 16 CPUs; ksize of each kind of cache; the limits that
 * slub_min_order=, slub_max_order= and slub_min_objects= set; sizes that no block
 * holds.
 */
#include "rig.h"
#include "layout_table.h"

static void some_ctor(void *object)
{
	(void)object;
}

static const struct size_rules plain_rules = {
	.nr_cpus = 1,
	.max_order = PAGE_ALLOC_COSTLY_ORDER,
	.page_max_order = MAX_ORDER - 1,
};

static struct kmem_cache cache_asked(const struct layout_row *row)
{
	struct kmem_cache s = {
		.object_size = row->object_size,
		.flags = row->flags,
	};

	s.align = size_align(row->flags, row->asked_align, row->object_size);
	if (row->has_ctor)
		s.ctor = some_ctor;
	return s;
}

static void check_row(const struct layout_row *row, int column)
{
	struct size_rules rules = plain_rules;
	struct kmem_cache s = cache_asked(row);
	int err;

	rules.nr_cpus = cpu_counts[column];
	err = size_layout(&s, &rules);
	if (err)
		fail_msg("row %td: error %d", row - layout_table, err);
#define CHECK(value, expected)                                                       \
	if ((value) != (expected))                                                   \
	fail_msg("row %td, %u CPUs: " #value " is %lu, not %lu", row - layout_table, \
		 cpu_counts[column], (unsigned long)(value), (unsigned long)(expected))
	CHECK(s.size, row->size);
	CHECK(s.inuse, row->inuse);
	CHECK(s.offset, row->offset);
	CHECK(s.align, row->align);
	CHECK(s.red_left_pad, row->red_left_pad);
	CHECK(oo_order(s.oo), row->oo[column].order);
	CHECK(oo_objects(s.oo), row->oo[column].objects);
	CHECK(oo_order(s.min), row->min.order);
	CHECK(oo_objects(s.min), row->min.objects);
	CHECK(s.min_partial, row->min_partial);
	CHECK(s.cpu_partial, row->cpu_partial);
	CHECK(s.cpu_partial_slabs, row->cpu_partial_slabs[column]);
#undef CHECK
}

static void test_layout(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_SIZE(layout_table), 62);
	for (size_t i = 0; i < ARRAY_SIZE(layout_table); i++) {
		for (int column = 0; column < NR_CPU_COUNTS; column++)
			check_row(&layout_table[i], column);
	}
}

static void test_allocflags(void **state)
{
	static const struct {
		unsigned int size;
		slab_flags_t flags;
		gfp_t expected;
	} rows[] = {
		{ 64, 0, 0 },
		{ 4096, 0, __GFP_COMP },
		{ 64, SLAB_CACHE_DMA, GFP_DMA },
		{ 64, SLAB_CACHE_DMA32, GFP_DMA32 },
		{ 64, SLAB_RECLAIM_ACCOUNT, __GFP_RECLAIMABLE },
		{ 4096, SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA,
		  __GFP_COMP | __GFP_RECLAIMABLE | GFP_DMA },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kmem_cache s = { .object_size = rows[i].size, .align = 8 };

		s.flags = rows[i].flags;
		assert_int_equal(size_layout(&s, &plain_rules), 0);
		assert_int_equal(s.allocflags, rows[i].expected);
	}
}

/* kmalloc's own caches have room for the size that was asked for. */
static void test_kmalloc_layout(void **state)
{
	struct kmem_cache s = { .object_size = 96, .align = 8, .flags = SLAB_STORE_USER };

	(void)state;
	assert_int_equal(size_layout(&s, &plain_rules), 0);
	assert_int_equal(s.size, 160);
	s.flags |= SLAB_KMALLOC;
	assert_int_equal(size_layout(&s, &plain_rules), 0);
	assert_int_equal(s.size, 168);
}

static void test_usable(void **state)
{
	static const struct {
		unsigned int size;
		slab_flags_t flags;
		bool has_ctor;
		size_t expected;
	} rows[] = {
		{ 24, SLAB_HWCACHE_ALIGN, false, 32 },
		{ 100, 0, false, 104 },
		{ 64, 0, true, 72 },
		{ 64, SLAB_RED_ZONE, false, 64 },
		{ 60, SLAB_POISON, false, 60 },
		{ 60, SLAB_STORE_USER, false, 64 },
		{ 60, SLAB_TYPESAFE_BY_RCU, false, 64 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct layout_row row = { .object_size = rows[i].size,
					  .flags = rows[i].flags,
					  .has_ctor = rows[i].has_ctor };
		struct kmem_cache s = cache_asked(&row);

		assert_int_equal(size_layout(&s, &plain_rules), 0);
		assert_int_equal(size_usable(&s), rows[i].expected);
	}
}

static int order_of(unsigned int size, const struct size_rules *rules)
{
	struct kmem_cache s = { .object_size = size, .align = 8 };

	return size_layout(&s, rules) ? -1 : (int)oo_order(s.oo);
}

static void test_rules(void **state)
{
	struct size_rules rules = plain_rules;

	(void)state;
	rules.min_order = 2;
	assert_int_equal(order_of(64, &rules), 2);
	rules.min_order = 0;
	rules.max_order = 0;
	assert_int_equal(order_of(1024, &rules), 0);
	assert_int_equal(order_of(5000, &rules), 1);
	rules.max_order = 3;
	rules.min_objects = 32;
	assert_int_equal(order_of(512, &rules), 2);
	rules.min_objects = 1;
	assert_int_equal(order_of(4096, &rules), 0);
}

/* A slab counts its objects in 15 bits: a high least order is not followed then. */
static void test_too_many_objects(void **state)
{
	struct size_rules rules = plain_rules;
	struct kmem_cache s = { .object_size = 8, .align = 8 };

	(void)state;
	rules.min_order = rules.max_order = 9;
	assert_int_equal(size_layout(&s, &rules), 0);
	assert_int_equal(oo_order(s.oo), 5);
	assert_in_range(oo_objects(s.oo), 1, MAX_OBJS_PER_PAGE);
}

static void test_impossible(void **state)
{
	static const struct {
		unsigned int size;
		unsigned int align;
	} rows[] = {
		{ 0, 8 },	  { (4 << 20) + 1, 8 }, { ~0u, 8 },
		{ 64, 8u << 20 }, { 64, 0 - 8u },	{ (4 << 20) - 8, 4 << 20 | 8 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kmem_cache s = { .object_size = rows[i].size, .align = rows[i].align };

		assert_int_equal(size_layout(&s, &plain_rules), -EINVAL);
	}
}

static void test_classes(void **state)
{
	(void)state;
	for (size_t size = 1; size <= KMALLOC_MAX_CACHE_SIZE; size++) {
		unsigned int index = kmalloc_index(size);
		unsigned int bytes = size_of_class(index);

		assert_true(bytes >= size);
		/* No smaller class would do. */
		for (unsigned int other = 1; other <= KMALLOC_SHIFT_HIGH; other++)
			assert_false(size_of_class(other) >= size && size_of_class(other) < bytes);
	}
	assert_int_equal(kmalloc_index(0), 0);
	assert_int_equal(size_of_class(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),	       cmocka_unit_test(test_allocflags),
		cmocka_unit_test(test_kmalloc_layout), cmocka_unit_test(test_usable),
		cmocka_unit_test(test_rules),	       cmocka_unit_test(test_too_many_objects),
		cmocka_unit_test(test_impossible),     cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
