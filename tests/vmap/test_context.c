/* SPDX-License-Identifier: MIT */
/*
 * Proves that the vmap room honours its caller's context: every call that may sleep is
 * reported in atomic context, whatever its flags say; vfree() from an interrupt handler
 * is not; kvmalloc() does not fall back where it may not sleep; scopes narrow the flags
 * that a shrinker sees.
 */
#include "context_test.h"

#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "base.h"

#define MACHINE "mem=32M nr_cpus=1 kalloc.daemons=step"
#define P	PAGE_SIZE

static void test_allocating(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	void *p = NULL;

	assert_int_equal(REPORTS_OF(vfree(vmalloc(P))), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(p = vmalloc(P)), 1);
	vfree(p);
	assert_int_equal(ATOMIC_REPORTS_OF(p = vzalloc_node(3 * P, 0)), 1);
	vfree(p);
	assert_int_equal(ATOMIC_REPORTS_OF(p = vmalloc_huge(4UL << 20, GFP_KERNEL)), 1);
	vfree(p);
	/* Finding a place for the area may sleep, even if its frames need not. */
	assert_int_equal(ATOMIC_REPORTS_OF(p = __vmalloc(P, GFP_ATOMIC)), 1);
	vfree(p);
	assert_int_equal(IRQ_REPORTS_OF(p = __vmalloc(P, GFP_ATOMIC)), 1);
	vfree(p);
	assert_int_equal(ATOMIC_REPORTS_OF(assert_null(vmalloc(1UL << 30))), 0);
	context_down(m);
}

static void test_freeing(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	void *p = vmalloc(P);

	assert_int_equal(ATOMIC_REPORTS_OF(vfree(p)), 1);
	assert_null(find_vm_area(p));
	p = vmalloc(P);
	assert_int_equal(IRQ_REPORTS_OF(vfree(p)), 0);
	assert_null(find_vm_area(p));
	/* Large enough for its page array to be an area, too. */
	p = vmalloc(600 * P);
	assert_int_equal(ATOMIC_REPORTS_OF(vfree_atomic(p)), 0);
	assert_null(find_vm_area(p));
	assert_int_equal(ATOMIC_REPORTS_OF(vfree(NULL)), 1);
	assert_int_equal(IRQ_REPORTS_OF(vfree(NULL)), 0);
	context_down(m);
}

static void test_mapping(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct page *page = alloc_page(GFP_KERNEL);
	void *p = NULL;

	assert_int_equal(ATOMIC_REPORTS_OF(p = vmap(&page, 1, VM_MAP, PAGE_KERNEL)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(vunmap(p)), 1);
	assert_int_equal(IRQ_REPORTS_OF(vunmap(NULL)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(p = vm_map_ram(&page, 1, 0)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(vm_unmap_ram(p, 1)), 1);
	assert_int_equal(ATOMIC_REPORTS_OF(vm_unmap_aliases()), 1);

	p = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	assert_int_equal(ATOMIC_REPORTS_OF(is_vmalloc_addr(p)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(vmalloc_to_page(p)), 0);
	assert_int_equal(ATOMIC_REPORTS_OF(find_vm_area(p)), 0);
	assert_int_equal(REPORTS_OF(vunmap(p)), 0);
	__free_page(page);
	context_down(m);
}

static void test_kvmalloc(void **state)
{
	static const char *const cmdlines[] = { MACHINE, MACHINE " kalloc.kvmalloc=vmap" };

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		struct kalloc_machine *m = context_up(cmdlines[i]);
		void *p = NULL;

		assert_int_equal(ATOMIC_REPORTS_OF(p = kvmalloc(64, GFP_KERNEL)), 1);
		kvfree(p);
		assert_int_equal(ATOMIC_REPORTS_OF(p = kvmalloc(64, GFP_ATOMIC)), 0);
		assert_false(is_vmalloc_addr(p));
		assert_int_equal(ATOMIC_REPORTS_OF(kvfree(p)), 0);
		assert_int_equal(ATOMIC_REPORTS_OF(p = kvmalloc(2 * P, GFP_NOWAIT)), 0);
		assert_false(is_vmalloc_addr(p));
		kvfree(p);
		assert_int_equal(ATOMIC_REPORTS_OF(p = kvmalloc(5UL << 20, GFP_ATOMIC)), 0);
		assert_null(p);
		assert_int_equal(ATOMIC_REPORTS_OF(p = kvmalloc(5UL << 20, GFP_KERNEL)), 1);
		assert_true(is_vmalloc_addr(p));
		assert_int_equal(ATOMIC_REPORTS_OF(kvfree(p)), 1);
		assert_int_equal(ATOMIC_REPORTS_OF(kvfree(NULL)), 0);
		context_down(m);
	}
}

static void try_vmalloc(void)
{
	assert_null(__vmalloc(64 * P, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN));
}

static void test_scopes_narrow(void **state)
{
	struct kalloc_machine *m = context_up(MACHINE);
	struct shrinker shrinker = { .count_objects = see_flags, .scan_objects = see_flags };
	struct list_head taken = LIST_INIT(taken);

	assert_int_equal(register_shrinker(&shrinker, "test"), 0);
	context_exhaust(&taken);
	ASSERT_SCOPES_REACH_SHRINKER(try_vmalloc());
	context_release(&taken);
	unregister_shrinker(&shrinker);
	context_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocating),    cmocka_unit_test(test_freeing),
		cmocka_unit_test(test_mapping),	      cmocka_unit_test(test_kvmalloc),
		cmocka_unit_test(test_scopes_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
