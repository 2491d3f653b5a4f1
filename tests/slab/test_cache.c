/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/cache.c: each row of Linux 6.1's layouts on a live cache;
 * merging and its counts; flags, sizes and names that are refused; slub_debug= by
 * cache name; failures of the machine on the way.
 */
#include "rig.h"
#include "layout_table.h"

static void some_ctor(void *object)
{
	*(char *)object = 1;
}

static void check_live(const struct layout_row *row)
{
	struct kmem_cache *s = kmem_cache_create("row", row->object_size, row->asked_align,
						 row->flags, row->has_ctor ? some_ctor : NULL);
	char *a, *b;

	assert_non_null(s);
	assert_int_equal(s->size, row->size);
	assert_int_equal(s->offset, row->offset);
	assert_int_equal(oo_order(s->oo), row->oo[0].order);
	assert_int_equal(oo_objects(s->oo), row->oo[0].objects);
	assert_int_equal(kmem_cache_size(s), row->object_size);
	a = kmem_cache_alloc(s, GFP_KERNEL);
	b = kmem_cache_alloc(s, GFP_KERNEL);
	assert_non_null(a);
	assert_non_null(b);
	if (is_power_of_2(row->align))
		assert_int_equal(((unsigned long)a | (unsigned long)b) % row->align, 0);
	if (row->oo[0].objects > 1)
		assert_int_equal(b - a, row->size);
	memset(a, 0x41, ksize(a));
	memset(b, 0x42, ksize(b));
	assert_true(cache_ok(s));
	kmem_cache_free(s, a);
	kmem_cache_free(s, b);
	assert_true(cache_ok(s));
	kmem_cache_destroy(s);
}

static void test_layouts(void **state)
{
	struct kalloc_machine *m = *state;

	for (size_t i = 0; i < ARRAY_SIZE(layout_table); i++) {
		check_live(&layout_table[i]);
	}
	assert_int_equal(rig_info(m, "kmem_cache").num_slabs >= 1, 1);
	rig_all_ok(m);
	assert_string_equal(said, "");
}

static void test_merging(void **state)
{
	static const unsigned int tiny[] = { 1, 4, 7, 8 };
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1");
	struct kmem_cache *first = NULL, *s, *wide;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tiny); i++) {
		s = kmem_cache_create(i ? "other" : "first", tiny[i], 0, 0, NULL);
		if (!i)
			first = s;
		assert_ptr_equal(s, first);
		assert_int_equal(s->refcount, i + 1);
		assert_int_equal(kmem_cache_size(s), tiny[i]);
	}
	assert_string_equal(kmem_cache_name(first), "first");
	s = kmem_cache_create("c176", 176, 0, 0, NULL);
	assert_ptr_equal(kmem_cache_create("c170", 170, 0, 0, NULL), s);
	assert_int_equal(s->object_size, 176);
	wide = kmem_cache_create("c232", 232, 0, 0, NULL);
	assert_ptr_not_equal(wide, s);
	/* Neither of these blocks it, where the layout fits. */
	s = kmem_cache_create("c320", 320, 0, 0, NULL);
	assert_ptr_equal(kmem_cache_create("hw", 320, 0, SLAB_HWCACHE_ALIGN, NULL), s);
	assert_ptr_equal(kmem_cache_create("check", 320, 0, SLAB_CONSISTENCY_CHECKS, NULL), s);
	rig_halt(m);
}

static void test_not_merged(void **state)
{
	static const slab_flags_t flags[] = {
		SLAB_RED_ZONE,	  SLAB_POISON,		SLAB_STORE_USER, SLAB_TRACE,
		SLAB_NOLEAKTRACE, SLAB_TYPESAFE_BY_RCU, SLAB_ACCOUNT,	 SLAB_RECLAIM_ACCOUNT,
		SLAB_CACHE_DMA,	  SLAB_CACHE_DMA32,
	};
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1");
	struct kmem_cache *s = kmem_cache_create("plain", 320, 0, 0, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		assert_ptr_not_equal(kmem_cache_create("flag", 320, 0, flags[i], NULL), s);
	assert_ptr_not_equal(kmem_cache_create("ctor", 320, 0, 0, some_ctor), s);
	assert_ptr_not_equal(kmem_cache_create_usercopy("user", 320, 0, 0, 0, 8, NULL), s);
	assert_ptr_not_equal(kmem_cache_create("narrow", 312, 0, 0, NULL), s);
	assert_ptr_not_equal(kmem_cache_create("aligned", 320, 128, 0, NULL), s);
	/* kmalloc's own are not shared. */
	assert_string_equal(kmem_cache_create("k", 1024, 0, 0, NULL)->name, "k");
	assert_int_equal(s->refcount, 1);
	rig_halt(m);
	m = rig_boot("mem=64M nr_cpus=1 slab_nomerge");
	s = kmem_cache_create("a", 320, 0, 0, NULL);
	assert_ptr_not_equal(kmem_cache_create("a", 320, 0, 0, NULL), s);
	rig_halt(m);
}

/* Letting go of an alias asks nothing about objects. */
static void test_aliases_are_counted(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1");
	struct kmem_cache *s = kmem_cache_create("one", 320, 0, 0, NULL);
	void *p;

	(void)state;
	kmem_cache_create("two", 320, 0, 0, NULL);
	p = kmem_cache_alloc(s, GFP_KERNEL);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
	assert_int_equal(s->refcount, 1);
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
	rig_halt(m);
}

static void test_refused(void **state)
{
	(void)state;
	assert_null(kmem_cache_create("ko_flag", 64, 0, 0x1, NULL));
	assert_string_equal(said, "kmem_cache_create_usercopy(ko_flag) failed with error -22\n");
	rig_hush();
	assert_null(kmem_cache_create("ko_big", (4 << 20) + 1, 0, 0, NULL));
	assert_string_equal(said, "kmem_cache_create_usercopy(ko_big) failed with error -22\n");
	rig_hush();
	assert_null(kmem_cache_create("ko_zero", 0, 0, 0, NULL));
	assert_null(kmem_cache_create("ko_max", ~0u, ~0u, 0, NULL));
	assert_null(kmem_cache_create("ko_align", 10, ~0u, 0, NULL));
	assert_null(kmem_cache_create("ko_align", 10, 0xfffffff9u, 0, NULL));
	assert_null(kmem_cache_create(NULL, 64, 0, 0, NULL));
	assert_non_null(strstr(said, "(null)) failed with error -22"));
	assert_non_null(kmem_cache_create("ko_4M", 4 << 20, 0, 0, NULL));
}

static void test_flag_values(void **state)
{
	static const unsigned int rows[][2] = {
		{ SLAB_CONSISTENCY_CHECKS, 0x100 },
		{ SLAB_RED_ZONE, 0x400 },
		{ SLAB_POISON, 0x800 },
		{ SLAB_HWCACHE_ALIGN, 0x2000 },
		{ SLAB_CACHE_DMA, 0x4000 },
		{ SLAB_CACHE_DMA32, 0x8000 },
		{ SLAB_STORE_USER, 0x10000 },
		{ SLAB_PANIC, 0x40000 },
		{ SLAB_TYPESAFE_BY_RCU, 0x80000 },
		{ SLAB_MEM_SPREAD, 0x100000 },
		{ SLAB_TRACE, 0x200000 },
		{ SLAB_NOLEAKTRACE, 0x800000 },
		{ SLAB_ACCOUNT, 0x4000000 },
		{ SLAB_RECLAIM_ACCOUNT, 0x20000 },
		{ SLAB_DEBUG_OBJECTS, 0 },
		{ SLAB_FAILSLAB, 0 },
		{ SLAB_NO_USER_FLAGS, 0x10000000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(rows[i][0], rows[i][1]);
		assert_non_null(kmem_cache_create("flag", 64, 0, rows[i][0], NULL));
	}
}

static void test_usercopy(void **state)
{
	struct kmem_cache *s = kmem_cache_create_usercopy("good", 64, 0, 0, 8, 16, NULL);

	(void)state;
	assert_int_equal(s->useroffset, 8);
	assert_int_equal(s->usersize, 16);
	assert_string_equal(said, "");
	s = kmem_cache_create_usercopy("bad", 64, 0, 0, 60, 16, NULL);
	assert_int_equal(s->useroffset, 0);
	assert_int_equal(s->usersize, 0);
	assert_non_null(strstr(said, "WARNING"));
	s = KMEM_CACHE_USERCOPY(list_head, 0, prev);
	assert_string_equal(s->name, "list_head");
	assert_int_equal(s->useroffset, 8);
	s = KMEM_CACHE(kmem_cache_node, SLAB_HWCACHE_ALIGN);
	assert_string_equal(s->name, "kmem_cache_node");
	assert_int_equal(s->size, 64);
}

/* Two caches of one name that cannot be one cache: both, and not a word. */
static void test_same_name(void **state)
{
	struct kmem_cache *first = kmem_cache_create("twin", 72, 0, SLAB_POISON, NULL);
	struct kmem_cache *second = kmem_cache_create("twin", 72, 0, SLAB_POISON, NULL);

	(void)state;
	assert_non_null(first);
	assert_non_null(second);
	assert_ptr_not_equal(first, second);
	kmem_cache_destroy(first);
	kmem_cache_destroy(second);
	assert_string_equal(said, "");
}

/* The name is the caller's to reuse. */
static void test_name_is_copied(void **state)
{
	char name[] = "mine";
	struct kmem_cache *s = kmem_cache_create(name, 64, 0, 0, NULL);

	(void)state;
	name[0] = 'x';
	assert_string_equal(kmem_cache_name(s), "mine");
	kmem_cache_destroy(s);
	kmem_cache_destroy(NULL);
}

static void test_slub_debug(void **state)
{
	static const struct {
		const char *cmdline;
		slab_flags_t flags;
		const char *name;
		slab_flags_t expected;
	} rows[] = {
		{ "slub_debug=Z", 0, "any", SLAB_RED_ZONE },
		{ "slub_debug=ZPU", 0, "any", SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER },
		{ "slub_debug=ZU", SLAB_NOLEAKTRACE, "any", SLAB_RED_ZONE },
		{ "slub_debug=Z", SLAB_NO_USER_FLAGS, "any", 0 },
		{ "slub_debug=Z,this", 0, "this", SLAB_RED_ZONE },
		{ "slub_debug=Z,this", 0, "thisone", 0 },
		{ "slub_debug=Z,this", 0, "thi", 0 },
		{ "slub_debug=Z,no,this*", 0, "thisone", SLAB_RED_ZONE },
		{ "slub_debug=Z,no,this*", 0, "none", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char cmdline[128];
		struct kalloc_machine *m;
		struct kmem_cache *s;

		snprintf(cmdline, sizeof(cmdline), "mem=64M nr_cpus=1 %s", rows[i].cmdline);
		m = rig_boot(cmdline);
		s = kmem_cache_create(rows[i].name, 64, 0, rows[i].flags, NULL);
		assert_int_equal(s->flags & SLAB_DEBUG_FLAGS, rows[i].expected);
		rig_all_ok(m);
		rig_halt(m);
	}
}

/* A machine with no memory left: creation fails cleanly wherever it gets to. */
static void test_no_memory(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=32M nr_cpus=1 slab_nomerge");
	unsigned int made = 0;
	void *hog, *chain = NULL;

	(void)state;
	while ((hog = kmalloc(4096, GFP_NOWAIT | __GFP_NOWARN))) {
		*(void **)hog = chain;
		chain = hog;
	}
	while (made < 100000 && kmem_cache_create("c", 64, 0, 0, NULL))
		made++;
	assert_in_range(made, 0, 99999);
	assert_non_null(strstr(said, "kmem_cache_create_usercopy(c) failed with error -12"));
	while (chain) {
		hog = chain;
		chain = *(void **)hog;
		kfree(hog);
	}
	assert_non_null(kmem_cache_create("c", 64, 0, 0, NULL));
	rig_all_ok(m);
	rig_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_layouts),
		cmocka_unit_test(test_merging),
		cmocka_unit_test(test_not_merged),
		cmocka_unit_test(test_aliases_are_counted),
		rig_test(test_refused),
		rig_test(test_flag_values),
		rig_test(test_usercopy),
		rig_test(test_same_name),
		rig_test(test_name_is_copied),
		cmocka_unit_test(test_slub_debug),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
