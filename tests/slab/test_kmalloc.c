/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/kmalloc.c: which class, type, alignment and usable size each
 * request gets, known at compile time or not; large requests; rounding. The tables are
 * Linux 6.1's. What is refused is test_refused.c.
 */
#include <kalloc/page.h>

#include "rig.h"

struct class_row {
	size_t least;
	size_t most;
	size_t usable;
	const char *cache; /* NULL: none */
	size_t alignment;
};

static const struct class_row class_table[] = {
	{ 1, 8, 8, "kmalloc-8", 8 },
	{ 9, 16, 16, "kmalloc-16", 16 },
	{ 17, 32, 32, "kmalloc-32", 32 },
	{ 33, 64, 64, "kmalloc-64", 64 },
	{ 65, 96, 96, "kmalloc-96", 32 },
	{ 97, 128, 128, "kmalloc-128", 128 },
	{ 129, 192, 192, "kmalloc-192", 64 },
	{ 193, 256, 256, "kmalloc-256", 256 },
	{ 257, 512, 512, "kmalloc-512", 512 },
	{ 513, 1024, 1024, "kmalloc-1k", 1024 },
	{ 1025, 2048, 2048, "kmalloc-2k", 2048 },
	{ 2049, 4096, 4096, "kmalloc-4k", 4096 },
	{ 4097, 8192, 8192, "kmalloc-8k", 8192 },
	{ 8193, 16384, 16384, NULL, 16384 },
	{ 16385, 32768, 32768, NULL, 32768 },
	{ 32769, 65536, 65536, NULL, 65536 },
	{ 65537, 131072, 131072, NULL, 131072 },
	{ 131073, 262144, 262144, NULL, 262144 },
	{ 262145, 524288, 524288, NULL, 524288 },
	{ 524289, 1048576, 1048576, NULL, 1048576 },
	{ 1048577, 2097152, 2097152, NULL, 2097152 },
	{ 2097153, 4194304, 4194304, NULL, 4194304 },
};

static void check_class(const struct class_row *row, size_t size)
{
	void *p = kmalloc(size, GFP_KERNEL);
	struct kmem_cache *s;

	assert_non_null(p);
	assert_int_equal(ksize(p), row->usable);
	assert_int_equal((unsigned long)p % row->alignment, 0);
	s = rig_cache_of(p);
	if (row->cache) {
		assert_non_null(s);
		assert_string_equal(s->name, row->cache);
	} else {
		assert_null(s);
		assert_true(PageCompound(virt_to_page(p)));
		assert_int_equal(PAGE_SIZE << compound_order(virt_to_page(p)), row->usable);
	}
	memset(p, 0xee, row->usable);
	kfree(p);
}

static void test_classes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(class_table); i++) {
		check_class(&class_table[i], class_table[i].least);
		check_class(&class_table[i], class_table[i].most);
	}
}

static void check_order(const char *cmdline, const unsigned int (*rows)[3])
{
	struct kalloc_machine *m = rig_boot(cmdline);

	for (; (*rows)[0]; rows++) {
		struct kmem_cache *s = m->slab->kmalloc_caches[0][kmalloc_index((*rows)[0])];

		assert_int_equal(oo_order(s->oo), (*rows)[1]);
		assert_int_equal(oo_objects(s->oo), (*rows)[2]);
	}
	rig_halt(m);
}

static void test_orders(void **state)
{
	static const unsigned int one[][3] = {
		{ 8, 0, 512 },	{ 16, 0, 256 }, { 32, 0, 128 }, { 64, 0, 64 }, { 96, 0, 42 },
		{ 128, 0, 32 }, { 192, 0, 21 }, { 256, 0, 16 }, { 512, 0, 8 }, { 1024, 1, 8 },
		{ 2048, 2, 8 }, { 4096, 3, 8 }, { 8192, 3, 4 }, { 0, 0, 0 },
	};
	static const unsigned int two[][3] = {
		{ 8, 0, 512 },	 { 16, 0, 256 }, { 32, 0, 128 }, { 64, 0, 64 },	 { 96, 0, 42 },
		{ 128, 0, 32 },	 { 192, 0, 21 }, { 256, 0, 16 }, { 512, 1, 16 }, { 1024, 2, 16 },
		{ 2048, 3, 16 }, { 4096, 3, 8 }, { 8192, 3, 4 }, { 0, 0, 0 },
	};

	(void)state;
	check_order("mem=64M nr_cpus=1", one);
	check_order("mem=64M nr_cpus=2", two);
}

static void test_zero(void **state)
{
	size_t nothing = 0;

	(void)state;
	assert_ptr_equal(ZERO_SIZE_PTR, (void *)16);
	assert_ptr_equal(kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_ptr_equal(__kmalloc(nothing, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_ptr_equal(kmalloc_array(0, 3, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(ksize(NULL), 0);
	assert_int_equal(ksize(ZERO_SIZE_PTR), 0);
	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
	kfree_sensitive(NULL);
	assert_string_equal(said, "");
}

static void test_constants(void **state)
{
	(void)state;
	assert_int_equal(KMALLOC_MIN_SIZE, 8);
	assert_int_equal(KMALLOC_MAX_CACHE_SIZE, 8192);
	assert_int_equal(KMALLOC_MAX_SIZE, 4 << 20);
	assert_int_equal(KMALLOC_SHIFT_LOW, 3);
	assert_int_equal(KMALLOC_SHIFT_HIGH, 13);
	assert_int_equal(KMALLOC_SHIFT_MAX, 22);
	assert_int_equal(KMALLOC_MAX_ORDER, 10);
	assert_int_equal(NR_KMALLOC_TYPES, 4);
	assert_int_equal(ARCH_KMALLOC_MINALIGN, 8);
}

static void test_types(void **state)
{
	static const struct {
		gfp_t gfp;
		const char *cache;
	} rows[] = {
		{ 0, "kmalloc-128" },
		{ __GFP_RECLAIMABLE, "kmalloc-rcl-128" },
		{ __GFP_ACCOUNT, "kmalloc-cg-128" },
		{ __GFP_DMA, "dma-kmalloc-128" },
		{ __GFP_DMA | __GFP_RECLAIMABLE, "dma-kmalloc-128" },
		{ __GFP_RECLAIMABLE | __GFP_ACCOUNT, "kmalloc-rcl-128" },
		{ __GFP_HIGHMEM, "kmalloc-128" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *known = kmalloc(100, GFP_KERNEL | rows[i].gfp);
		void *unknown = __kmalloc(100, GFP_KERNEL | rows[i].gfp);

		assert_string_equal(rig_cache_of(known)->name, rows[i].cache);
		assert_string_equal(rig_cache_of(unknown)->name, rows[i].cache);
		if (rows[i].gfp & __GFP_DMA)
			assert_true(page_to_pfn(virt_to_page(known)) < 4096);
		kfree(known);
		kfree(unknown);
	}
	assert_string_equal(said, "");
}

/* What makes 96 and 192 aligned to more than 8 is their size; red zones and tracks end that. */
static void check_alignment(const char *cmdline, size_t size, unsigned long alignment)
{
	struct kalloc_machine *m = rig_boot(cmdline);
	unsigned long bits = 0;

	for (int i = 0; i < 40; i++)
		bits |= (unsigned long)kmalloc(size, GFP_KERNEL);
	assert_int_equal(bits & -bits, alignment);
	rig_halt(m);
}

static void test_alignment(void **state)
{
	static const size_t powers[] = { 8, 16, 32, 64, 128, 256, 512, 1024, 2048 };

	(void)state;
	check_alignment("mem=64M nr_cpus=1", 96, 32);
	check_alignment("mem=64M nr_cpus=1", 192, 64);
	check_alignment("mem=64M nr_cpus=1 slub_debug", 96, 8);
	check_alignment("mem=64M nr_cpus=1 slub_debug", 192, 8);
	for (size_t i = 0; i < ARRAY_SIZE(powers); i++)
		check_alignment("mem=64M nr_cpus=1 slub_debug", powers[i], powers[i]);
}

static void test_overflow(void **state)
{
	(void)state;
	assert_null(kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
	assert_null(kcalloc(SIZE_MAX, SIZE_MAX, GFP_KERNEL));
	assert_null(kmalloc_array_node(SIZE_MAX, 2, GFP_KERNEL, 0));
	assert_null(kcalloc_node(SIZE_MAX, 2, GFP_KERNEL, 0));
	assert_string_equal(said, "");
}

static void test_roundup(void **state)
{
	static const size_t rows[][2] = {
		{ 0, 0 },
		{ 1, 8 },
		{ 65, 96 },
		{ 129, 192 },
		{ 4097, 8192 },
		{ 8193, 16384 },
		{ 20000, 32768 },
		{ 4 << 20, 4 << 20 },
		{ (4 << 20) + 1, 8 << 20 },
		{ SIZE_MAX, SIZE_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(kmalloc_size_roundup(rows[i][0]), rows[i][1]);
}

static void assert_zero(const void *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(((const char *)p)[i], 0);
}

/* Dirty memory comes back clean only if it is asked for. */
static void test_zeroing(void **state)
{
	char *p = kmalloc(200, GFP_KERNEL);
	char *again;

	(void)state;
	memset(p, 0xee, 256);
	kfree(p);
	again = kzalloc(200, GFP_KERNEL);
	assert_ptr_equal(again, p);
	assert_zero(again, 256);
	kfree(again);
	again = kcalloc(10, 20, GFP_KERNEL);
	assert_zero(again, 200);
	kfree(again);
	p = kmalloc(20000, GFP_KERNEL);
	memset(p, 0xee, 20000);
	kfree(p);
	p = kzalloc(20000, GFP_KERNEL);
	assert_zero(p, 20000);
	kfree(p);
	p = kzalloc_node(64, GFP_KERNEL, 0);
	assert_zero(p, 64);
	kfree_sensitive(p);
}

static void test_lifo(void **state)
{
	void *a = kmalloc(64, GFP_KERNEL), *b = kmalloc(64, GFP_KERNEL);

	(void)state;
	kfree(a);
	kfree(b);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), b);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), a);
}

/* A new slab is handed out in ascending order. */
static void test_ascending(void **state)
{
	struct kmem_cache *s = kmem_cache_create("up", 64, 0, 0, NULL);
	char *first = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	for (int i = 1; i < 64; i++)
		assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), first + i * 64);
}

static void test_statistics(void **state)
{
	struct kalloc_machine *m = *state;
	unsigned long before = node_stat(m, 0, NR_SLAB_UNRECLAIMABLE);
	void *p = kmalloc(20000, GFP_KERNEL);

	assert_int_equal(node_stat(m, 0, NR_SLAB_UNRECLAIMABLE), before + 8);
	kfree(p);
	assert_int_equal(node_stat(m, 0, NR_SLAB_UNRECLAIMABLE), before);
}

static void test_two_machines(void **state)
{
	struct kalloc_machine *first = *state, *second = rig_boot(DEFAULT_RIG);
	void *here = kmalloc(100, GFP_KERNEL), *there;

	kalloc_enter(first);
	there = kmalloc(100, GFP_KERNEL);
	assert_ptr_equal(machine_of(here), second);
	assert_ptr_equal(machine_of(there), first);
	/* Neither is the current machine's business when it is freed. */
	kfree(here);
	kalloc_enter(second);
	kfree(there);
	assert_ptr_equal(kmalloc(100, GFP_KERNEL), here);
	kalloc_enter(first);
	assert_ptr_equal(kmalloc(100, GFP_KERNEL), there);
	rig_all_ok(first);
	rig_all_ok(second);
	kalloc_halt(second);
	assert_string_equal(said, "");
}

static void test_init_on(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1 init_on_alloc=1");
	char *p = kmalloc(64, GFP_KERNEL);

	(void)state;
	memset(p, 0xee, 64);
	kfree(p);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), p);
	assert_zero(p, 64);
	rig_halt(m);

	m = rig_boot("mem=64M nr_cpus=1 init_on_free=1");
	p = kmalloc(64, GFP_KERNEL);
	memset(p, 0xee, 64);
	kfree(p);
	/* All but the free pointer, and that too once it is handed out. */
	assert_zero(p, 32);
	assert_zero(p + 40, 24);
	assert_ptr_equal(kmalloc(64, GFP_KERNEL), p);
	assert_zero(p, 64);
	rig_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_classes),	     cmocka_unit_test(test_orders),
		rig_test(test_zero),	     rig_test(test_constants),
		rig_test(test_types),	     cmocka_unit_test(test_alignment),
		rig_test(test_overflow),     rig_test(test_roundup),
		rig_test(test_zeroing),	     rig_test(test_lifo),
		rig_test(test_ascending),    rig_test(test_statistics),
		rig_test(test_two_machines), cmocka_unit_test(test_init_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
