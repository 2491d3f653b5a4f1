/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/cache_files.c: a checked cache's files are those of a real kernel
 * byte for byte; counts of nodes and CPUs; how paths are resolved; writing.
 */
#include "proc_test.h"

#include <stdio.h>

#include <kalloc/slab.h>

#define FOLDER "/sys/kernel/slab/"

static void assert_file(const char *cache, const char *name, const char *expected)
{
	char path[200], text[200];

	snprintf(path, sizeof(path), FOLDER "%s/%s", cache, name);
	assert_true(kalloc_read(path, text, sizeof(text)) >= 0);
	assert_string_equal(text, expected);
}

/* ko_64_dbg of the measured facts: 64 bytes, FZPU, six objects in use, on one node. */
static const struct {
	const char *name, *text;
} kernels[] = {
	{ "aliases", "0\n" },
	{ "align", "8\n" },
	{ "cache_dma", "0\n" },
	{ "cpu_partial", "0\n" },
	{ "cpu_slabs", "0\n" },
	{ "ctor", "" },
	{ "destroy_by_rcu", "0\n" },
	{ "hwcache_align", "0\n" },
	{ "min_partial", "5\n" },
	{ "object_size", "64\n" },
	{ "objects", "6 N0=6\n" },
	{ "objects_partial", "6 N0=6\n" },
	{ "objs_per_slab", "25\n" },
	{ "order", "0\n" },
	{ "partial", "1 N0=1\n" },
	{ "poison", "1\n" },
	{ "reclaim_account", "0\n" },
	{ "red_zone", "1\n" },
	{ "remote_node_defrag_ratio", "100\n" },
	{ "sanity_checks", "1\n" },
	{ "shrink", "" },
	{ "slab_size", "160\n" },
	{ "slabs", "1 N0=1\n" },
	{ "slabs_cpu_partial", "0(0)\n" },
	{ "store_user", "1\n" },
	{ "total_objects", "25 N0=25\n" },
	{ "trace", "0\n" },
	{ "usersize", "0\n" },
	{ "validate", "" },
};

static void test_kernels_values(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=2");
	struct kmem_cache *cache = kmem_cache_create(
		"ko_64_dbg", 64, 0,
		SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);

	for (int i = 0; i < 6; i++)
		assert_non_null(kmem_cache_alloc(cache, GFP_KERNEL));
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		assert_file("ko_64_dbg", kernels[i].name, kernels[i].text);
	kalloc_halt(m);
}

/* Every attribute is listed, and every one listed is known for every cache. */
static void test_list(void **state)
{
	TEST_ENTER(m, "mem=64M");
	unsigned int nr = 0;
	const char *path;

	for (unsigned int i = 0; (path = kalloc_files(i)) != NULL; i++) {
		if (strncmp(path, FOLDER "<cache>/", strlen(FOLDER "<cache>/")) != 0)
			continue;
		assert_string_equal(strrchr(path, '/') + 1, kernels[nr++].name);
		assert_int_equal(kalloc_read(path, NULL, 0), -ENOENT);
	}
	assert_int_equal(nr, ARRAY_SIZE(kernels));
	kalloc_halt(m);
}

static void constructor(void *object)
{
}

static void test_properties(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1");
	char address[32];

	snprintf(address, sizeof(address), "0x%lx\n", (unsigned long)constructor);
	kmem_cache_create("built", 40, 0, SLAB_TYPESAFE_BY_RCU | SLAB_HWCACHE_ALIGN, constructor);
	assert_file("built", "ctor", address);
	assert_file("built", "destroy_by_rcu", "1\n");
	assert_file("built", "hwcache_align", "1\n");
	assert_file("dma-kmalloc-64", "cache_dma", "1\n");
	assert_file("kmalloc-rcl-64", "reclaim_account", "1\n");
	assert_file("kmalloc-64", "usersize", "64\n");
	kmem_cache_create("first", 1000, 0, SLAB_ACCOUNT, NULL);
	kmem_cache_create("second", 1000, 0, SLAB_ACCOUNT, NULL);
	assert_file("first", "aliases", "1\n");
	kalloc_halt(m);
}

/* Node 1's CPU takes from node 1; what a CPU has in reserve counts for it. */
static void test_nodes_and_cpus(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=2 numa=fake=2 slab_nomerge slub_max_order=0");
	struct kmem_cache *cache = kmem_cache_create("spread", 512, 0, 0, NULL);
	void *objects[3 * 16];
	int cpu = kalloc_set_cpu(1);

	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kalloc_set_cpu(0);
	kmem_cache_alloc(cache, GFP_KERNEL);
	assert_file("spread", "objs_per_slab", "8\n");
	assert_file("spread", "slabs", "7 N0=1 N1=6\n");
	assert_file("spread", "total_objects", "56 N0=8 N1=48\n");
	assert_file("spread", "cpu_slabs", "2 N0=1 N1=1\n");
	assert_file("spread", "slabs_cpu_partial", "0(0)\n");

	/* Two full slabs of node 1 become this CPU's reserve. */
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[8]);
	assert_file("spread", "slabs_cpu_partial", "8(2) C0=8(2)\n");
	assert_file("spread", "cpu_slabs", "4 N0=1 N1=3\n");
	assert_file("spread", "partial", "0\n");

	/* Given back to their nodes, all of it shows there. */
	assert_int_equal(kalloc_write(FOLDER "spread/shrink", "1\n"), 2);
	assert_file("spread", "cpu_slabs", "0\n");
	assert_file("spread", "partial", "3 N0=1 N1=2\n");
	assert_file("spread", "objects_partial", "15 N0=1 N1=14\n");
	assert_file("spread", "objects", "47 N0=1 N1=46\n");
	kalloc_set_cpu(cpu);
	kalloc_halt(m);
}

static void test_paths(void **state)
{
	static const char *const missing[] = {
		FOLDER,
		FOLDER "kmalloc-64",
		FOLDER "kmalloc-64/",
		FOLDER "kmalloc-64/nothing",
		FOLDER "kmalloc-6/align",
		FOLDER "kmalloc-640/align",
		FOLDER "/align",
		FOLDER "a/b/align",
		"/sys/kernel/slabs/kmalloc-64/align",
	};
	TEST_ENTER(m, "mem=64M slab_nomerge");
	struct kmem_cache *older = kmem_cache_create("a/b", 24, 0, 0, NULL);
	struct kmem_cache *newer = kmem_cache_create("a/b", 48, 0, 0, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(missing); i++) {
		assert_int_equal(kalloc_read(missing[i], NULL, 0), -ENOENT);
		assert_int_equal(kalloc_write(missing[i], "1"), -ENOENT);
	}
	assert_file("a!b", "object_size", "48\n");
	kmem_cache_destroy(newer);
	assert_file("a!b", "object_size", "24\n");
	kmem_cache_destroy(older);
	assert_int_equal(kalloc_read(FOLDER "a!b/object_size", NULL, 0), -ENOENT);
	kalloc_halt(m);
}

static void test_write(void **state)
{
	TEST_ENTER(m, "mem=64M");

	assert_int_equal(kalloc_write(FOLDER "kmalloc-64/shrink", "0"), -EINVAL);
	assert_int_equal(kalloc_write(FOLDER "kmalloc-64/shrink", ""), -EINVAL);
	assert_int_equal(kalloc_write(FOLDER "kmalloc-64/align", "1"), -EACCES);
	assert_int_equal(kalloc_write(FOLDER "kmalloc-64/validate", "1"), -EACCES);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_values), cmocka_unit_test(test_list),
		cmocka_unit_test(test_properties),     cmocka_unit_test(test_nodes_and_cpus),
		cmocka_unit_test(test_paths),	       cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
