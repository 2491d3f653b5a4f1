/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/kvmalloc.c: the facts file's rows on kvmalloc and kvrealloc, and
 * kalloc.kvmalloc= choosing vmalloc only where the rules allow it as a fallback.
 */
#include <limits.h>

#include "vmap_test.h"

#define MIB   (1UL << 20)
#define LARGE "mem=256M nr_cpus=1"

static void test_sizes(void **state)
{
	static const struct {
		size_t size;
		bool vmalloced;
	} rows[] = {
		{ 1, false },	   { 4096, false },    { 4097, false },	      { 8193, false },
		{ 100000, false }, { 4 * MIB, false }, { 4 * MIB + 1, true }, { 5 * MIB, true },
	};
	struct kalloc_machine *m = machine_up(LARGE);

	assert_ptr_equal(kvmalloc(0, GFP_KERNEL), (void *)16);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *p = kvmalloc(rows[i].size, GFP_KERNEL);

		assert_non_null(p);
		assert_int_equal(is_vmalloc_addr(p), rows[i].vmalloced);
		memset(p, 1, rows[i].size);
		kvfree(p);
	}
	assert_string_equal(console_said, "");
	machine_down(m);
}

static void test_fallback_is_huge(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);
	struct vm_struct *vm = find_vm_area(kvmalloc(4 * MIB + 1, GFP_KERNEL));

	assert_int_equal(vm->flags, VM_ALLOC | VM_ALLOW_HUGE_VMAP);
	assert_int_equal(vm->page_order, 9);
	assert_int_equal(vm->nr_pages, 1536);
	machine_down(m);
}

static void test_no_large_block_left(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct page *block;
	char *p;

	while ((block = alloc_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, 10))) {
		/* Half of it stays free, in blocks of order 9. */
		split_page(block, 10);
		for (int i = 0; i < 512; i++)
			__free_page(block + i);
	}
	p = kvmalloc(4 * MIB, GFP_KERNEL);
	assert_non_null(p);
	assert_true(is_vmalloc_addr(p));
	assert_string_equal(console_said, "");
	machine_down(m);
}

static void test_flags(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);

	assert_null(kvmalloc(5 * MIB, GFP_NOWAIT));
	assert_null(kvmalloc(5 * MIB, GFP_ATOMIC));
	assert_non_null(kvmalloc(5 * MIB, GFP_NOFS));
	assert_non_null(kvmalloc(64, GFP_ATOMIC));
	assert_string_equal(console_said, "");
	machine_down(m);
}

static void test_absurd_sizes(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);

	assert_null(kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(console_said, "");
	assert_null(kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL));
	assert_true(said("WARNING: "));
	console_catch();
	assert_null(kvmalloc(~0UL, GFP_KERNEL));
	assert_false(said("WARNING: ")); /* once */
	assert_null(kvmalloc_array(~0UL / 2, 3, GFP_KERNEL));
	assert_null(kvcalloc(~0UL / 2, 3, GFP_KERNEL));
	assert_ptr_equal(kvmalloc_array(0, 3, GFP_KERNEL), (void *)16);
	assert_string_equal(console_said, "");
	machine_down(m);
}

/* No fallback for a page or less: the slab failure is the answer, and is reported. */
static void test_small_has_no_fallback(void **state)
{
	struct kalloc_machine *m = machine_up("mem=16M nr_cpus=1");

	while (alloc_page(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY))
		;
	while (kmalloc(4096, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY))
		;
	console_catch();
	assert_null(kvmalloc(4096, GFP_KERNEL | __GFP_NORETRY));
	assert_false(said("vmalloc error"));
	assert_true(said("failure") || said("SLUB"));
	machine_down(m);
}

static void test_zero_and_copies(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);
	char *p = kvmalloc(5 * MIB, GFP_KERNEL), *q;

	memset(p, 7, 5 * MIB);
	kvfree(p);
	p = kvzalloc(5 * MIB, GFP_KERNEL);
	assert_true(p[0] == 0 && memcmp(p, p + 1, 5 * MIB - 1) == 0);
	kvfree(p);
	p = kvzalloc_node(3000, GFP_KERNEL, 0);
	assert_true(p[0] == 0 && memcmp(p, p + 1, 2999) == 0);
	p = kvcalloc(30, 100, GFP_KERNEL);
	assert_true(p[0] == 0 && memcmp(p, p + 1, 2999) == 0);
	memset(p, 'k', 3000);
	q = kvmemdup(p, 3000, GFP_KERNEL);
	assert_ptr_not_equal(p, q);
	assert_memory_equal(p, q, 3000);
	kvfree_sensitive(p, 3000);
	kvfree_sensitive(NULL, 3000);
	kvfree_sensitive(kvmalloc(0, GFP_KERNEL), 0);
	machine_down(m);
}

/* The bytes are gone before anybody else can have them. */
static void test_sensitive(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);
	char *p = vmalloc(P), *linear = page_address(vmalloc_to_page(p));

	memset(p, 's', P);
	kvfree_sensitive(p, P);
	assert_true(linear[0] == 0 && memcmp(linear, linear + 1, P - 1) == 0);
	machine_down(m);
}

static void test_kvrealloc(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);
	char *p = kvmalloc(64, GFP_KERNEL), *q;

	memset(p, 'a', 64);
	q = kvrealloc(p, 64, 128, GFP_KERNEL);
	assert_ptr_not_equal(p, q);
	assert_int_equal(q[63], 'a');
	assert_ptr_equal(kvrealloc(q, 128, 64, GFP_KERNEL), q);
	assert_ptr_equal(kvrealloc(q, 128, 128, GFP_KERNEL), q);
	p = kvrealloc(q, 128, 5 * MIB, GFP_KERNEL); /* from slab to vmalloc */
	assert_true(is_vmalloc_addr(p));
	assert_int_equal(p[63], 'a');
	assert_null(kvrealloc(p, 5 * MIB, 1UL << 40, GFP_KERNEL | __GFP_NOWARN));
	assert_int_equal(p[63], 'a');
	kvfree(p);
	machine_down(m);
}

/* The form of 6.12, which finds the old size by itself. */
static void test_kvresize(void **state)
{
	struct kalloc_machine *m = machine_up(LARGE);
	char *p = kalloc_kvresize(NULL, 100, GFP_KERNEL), *q;

	assert_false(is_vmalloc_addr(p));
	memset(p, 'b', 100);
	assert_ptr_equal(kalloc_kvresize(p, 128, GFP_KERNEL), p);
	q = kalloc_kvresize(p, 5 * MIB, GFP_KERNEL);
	assert_true(is_vmalloc_addr(q));
	assert_int_equal(q[99], 'b');
	assert_ptr_equal(kalloc_kvresize(q, 6 * MIB, GFP_KERNEL), q); /* 3 blocks of 2 MiB */
	assert_ptr_equal(kalloc_kvresize(q, 10, GFP_KERNEL), q);
	p = kalloc_kvresize(q, 7 * MIB, GFP_KERNEL);
	assert_ptr_not_equal(p, q);
	assert_int_equal(p[99], 'b');
	assert_null(kalloc_kvresize(p, 1UL << 40, GFP_KERNEL | __GFP_NOWARN));
	assert_int_equal(p[99], 'b');
	assert_null(kalloc_kvresize(p, 0, GFP_KERNEL));
	vm_unmap_aliases();
	assert_true(faults(p));
	assert_null(kalloc_kvresize(p, 100, GFP_KERNEL));
	assert_true(said("Trying to vrealloc() nonexistent vm area"));
	machine_down(m);
}

static void test_policy_vmap(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1 kalloc.kvmalloc=vmap");

	assert_false(is_vmalloc_addr(kvmalloc(4096, GFP_KERNEL)));
	assert_true(is_vmalloc_addr(kvmalloc(4097, GFP_KERNEL)));
	assert_false(is_vmalloc_addr(kvmalloc(4097, GFP_ATOMIC)));
	assert_null(kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL | __GFP_NOWARN));
	machine_down(m);
}

static u64 coin_run(const char *cmdline)
{
	struct kalloc_machine *m = machine_up(cmdline);
	u64 heads = 0;

	for (int i = 0; i < 64; i++) {
		void *p = kvmalloc(5000, GFP_KERNEL);

		heads |= (u64)is_vmalloc_addr(p) << i;
		kvfree(p);
	}
	machine_down(m);
	return heads;
}

static void test_policy_random(void **state)
{
	u64 one = coin_run("mem=64M nr_cpus=1 kalloc.kvmalloc=random kalloc.seed=1");
	u64 two = coin_run("mem=64M nr_cpus=1 kalloc.kvmalloc=random kalloc.seed=2");

	assert_true(one == coin_run("mem=64M nr_cpus=1 kalloc.kvmalloc=random kalloc.seed=1"));
	assert_true(one != two);
	assert_in_range(__builtin_popcountll(one), 16, 48);
	assert_true(coin_run("mem=64M nr_cpus=1") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_fallback_is_huge),
		cmocka_unit_test(test_no_large_block_left),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_absurd_sizes),
		cmocka_unit_test(test_small_has_no_fallback),
		cmocka_unit_test(test_zero_and_copies),
		cmocka_unit_test(test_sensitive),
		cmocka_unit_test(test_kvrealloc),
		cmocka_unit_test(test_kvresize),
		cmocka_unit_test(test_policy_vmap),
		cmocka_unit_test(test_policy_random),
	};

	return cmocka_run_group_tests_name("kvmalloc", tests, NULL, NULL);
}
