/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/alloc.c and src/slab/slab.c: when objects are cleared, when
 * constructors run, where frames come from and how they are counted, and what is
 * said of objects freed to the wrong cache.
 */
#include <kalloc/page.h>

#include "rig.h"
#include "warning.h"

static unsigned int nr_constructed;

static void stamp(void *object)
{
	memset(object, 0xc7, 64);
	nr_constructed++;
}

static void test_ctor(void **state)
{
	struct kmem_cache *s = kmem_cache_create("ctor", 64, 0, 0, stamp);
	unsigned char *p, *q;

	(void)state;
	nr_constructed = 0;
	p = kmem_cache_alloc(s, GFP_KERNEL);
	assert_int_equal(nr_constructed, 56);
	assert_int_equal(p[0], 0xc7);
	p[1] = 0x11;
	kmem_cache_free(s, p);
	q = kmem_cache_alloc(s, GFP_KERNEL);
	assert_ptr_equal(q, p);
	assert_int_equal(q[0], 0xc7);
	assert_int_equal(q[1], 0x11);
	assert_int_equal(q[63], 0xc7);
	assert_int_equal(nr_constructed, 56);
	kmem_cache_free(s, q);
	kmem_cache_destroy(s);
}

/* A request to clear beats the constructor, unless all allocations are cleared. */
static void check_ctor_cleared(const char *cmdline, unsigned char byte)
{
	struct kalloc_machine *m = rig_boot(cmdline);
	struct kmem_cache *s = kmem_cache_create("ctor", 64, 0, 0, stamp);
	unsigned char *p = kmem_cache_zalloc(s, GFP_KERNEL);

	assert_int_equal(p[0], byte);
	assert_int_equal(p[63], byte);
	rig_halt(m);
}

static void test_ctor_cleared(void **state)
{
	(void)state;
	check_ctor_cleared("mem=64M nr_cpus=1", 0);
	check_ctor_cleared("mem=64M nr_cpus=1 init_on_alloc=1", 0xc7);
}

static void test_zalloc(void **state)
{
	struct kmem_cache *s = kmem_cache_create("z", 100, 0, 0, NULL);
	char *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	memset(p, 0xee, 104);
	kmem_cache_free(s, p);
	assert_ptr_equal(kmem_cache_zalloc(s, GFP_KERNEL), p);
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
}

static void test_ksize(void **state)
{
	struct kmem_cache *s = kmem_cache_create("k", 24, 0, SLAB_HWCACHE_ALIGN, NULL);
	void *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	assert_int_equal(ksize(p), 32);
	/* Any cache's object may be freed so. */
	kfree(p);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), p);
	assert_string_equal(said, "");
}

static void test_wrong_cache(void **state)
{
	struct kmem_cache *a = kmem_cache_create("ko_bug8", 64, 0, 0, NULL);
	struct kmem_cache *b = kmem_cache_create("ko_bug9", 64, 0, 0, NULL);
	void *p = kmem_cache_alloc(a, GFP_KERNEL);

	(void)state;
	kmem_cache_free(b, p);
	assert_warning(said,
		       "cache_from_obj: Wrong slab cache. ko_bug9 but object is from ko_bug8\n");
	assert_ptr_equal(kmem_cache_alloc(a, GFP_KERNEL), p);
	assert_true(cache_ok(a));
	assert_true(cache_ok(b));
}

/* Said once in a process, and ignored. */
static void test_no_object(void **state)
{
	struct kmem_cache *s = kmem_cache_create("n", 64, 0, 0, NULL);
	void *large = kmalloc(20000, GFP_KERNEL);
	int local;

	(void)state;
	kmem_cache_free(s, NULL);
	assert_non_null(strstr(said, "is not a Slab page!"));
	kmem_cache_free(s, &local);
	kmem_cache_free(s, large);
	kfree(large);
	assert_true(cache_ok(s));
}

static void test_other_machine(void **state)
{
	struct kalloc_machine *first = *state, *second;
	struct kmem_cache *s = kmem_cache_create("here", 64, 0, 0, NULL);
	void *p;

	second = rig_boot(DEFAULT_RIG);
	p = kmem_cache_alloc(s, GFP_KERNEL);
	assert_ptr_equal(machine_of(p), first);
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
	kalloc_enter(first);
	kalloc_halt(second);
}

static void test_accounting(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *s = kmem_cache_create("u", 4096, 0, 0, NULL);
	struct kmem_cache *r = kmem_cache_create("r", 4096, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	unsigned long u = node_stat(m, 0, NR_SLAB_UNRECLAIMABLE);
	unsigned long rec = node_stat(m, 0, NR_SLAB_RECLAIMABLE);
	void *p = kmem_cache_alloc(s, GFP_KERNEL), *q = kmem_cache_alloc(r, GFP_KERNEL);

	assert_int_equal(node_stat(m, 0, NR_SLAB_UNRECLAIMABLE), u + 8);
	assert_int_equal(node_stat(m, 0, NR_SLAB_RECLAIMABLE), rec + 8);
	kmem_cache_free(s, p);
	kmem_cache_free(r, q);
	kmem_cache_destroy(s);
	kmem_cache_destroy(r);
	assert_true(node_stat(m, 0, NR_SLAB_UNRECLAIMABLE) <= u);
	assert_int_equal(node_stat(m, 0, NR_SLAB_RECLAIMABLE), rec);
}

static void test_dma(void **state)
{
	struct kmem_cache *s = kmem_cache_create("d", 64, 0, SLAB_CACHE_DMA, NULL);
	void *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	assert_int_equal(page_zonenum(virt_to_page(p)), ZONE_DMA);
}

/* What a cache's flags say about zones stands; a caller's is reported and dropped. */
static void test_bad_flags(void **state)
{
	struct kmem_cache *s = kmem_cache_create("f", 64, 0, 0, NULL);

	(void)state;
	assert_non_null(kmem_cache_alloc(s, GFP_KERNEL | __GFP_HIGHMEM));
	assert_string_equal(said, "Unexpected gfp: 0x2 (__GFP_HIGHMEM). Fixing up to gfp: 0xcc0 "
				  "(GFP_KERNEL). Fix your code!\n");
}

/* With no block of the best order left, a smaller one does. */
static void test_order_fallback(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1 slab_nomerge");
	unsigned long odd = 0, even = 0, frame;
	struct kmem_cache *s;
	void *p;

	(void)state;
	/* Take all frames, then give every second one back: nothing but order 0 is left. */
	while ((frame = __get_free_pages(GFP_ATOMIC | __GFP_NOWARN | __GFP_MEMALLOC, 0))) {
		unsigned long *chain = page_to_pfn(virt_to_page((void *)frame)) & 1 ? &odd : &even;

		*(unsigned long *)frame = *chain;
		*chain = frame;
	}
	for (; odd; odd = frame) {
		frame = *(unsigned long *)odd;
		free_pages(odd, 0);
	}
	s = kmem_cache_create("big", 4096, 0, 0, NULL);
	assert_non_null(s);
	p = kmem_cache_alloc(s, GFP_KERNEL);
	assert_non_null(p);
	assert_int_equal(compound_order(virt_to_page(p)), 0);
	assert_int_equal(slab_of(m, p)->objects, 1);
	assert_true(cache_ok(s));
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
	rig_halt(m);
}

static void test_nodes(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=128M numa=fake=2 nr_cpus=2 slab_nomerge");
	struct kmem_cache *s = kmem_cache_create("n", 256, 0, 0, NULL);
	void *near = kmem_cache_alloc_node(s, GFP_KERNEL, 0), *far, *any;

	(void)state;
	far = kmem_cache_alloc_node(s, GFP_KERNEL, 1);
	assert_int_equal(page_to_nid(virt_to_page(near)), 0);
	assert_int_equal(page_to_nid(virt_to_page(far)), 1);
	assert_int_equal(page_to_nid(virt_to_page(kmalloc_node(64, GFP_KERNEL, 1))), 1);
	/* A node that does not exist is no wish at all. */
	any = kmem_cache_alloc_node(s, GFP_KERNEL, 77);
	assert_non_null(any);
	kmem_cache_free(s, near);
	kmem_cache_free(s, far);
	kmem_cache_free(s, any);
	rig_all_ok(m);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
	rig_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_ctor),
		cmocka_unit_test(test_ctor_cleared),
		rig_test(test_zalloc),
		rig_test(test_ksize),
		rig_test(test_wrong_cache),
		rig_test(test_no_object),
		rig_test(test_other_machine),
		rig_test(test_accounting),
		rig_test(test_dma),
		rig_test(test_bad_flags),
		cmocka_unit_test(test_order_fallback),
		cmocka_unit_test(test_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
