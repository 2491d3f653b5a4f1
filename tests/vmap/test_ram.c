/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/ram.c: vm_map_ram shows frames without a record, and
 * vm_unmap_ram takes back exactly what was given and reports anything else.
 */
#include "vmap_test.h"

#include "plat.h"

static void test_map_and_unmap(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	unsigned int left = map_budget_left();
	struct page *pages[100];
	char *p;

	for (int i = 0; i < 100; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	for (unsigned int nr = 1; nr <= 100; nr += 33) {
		p = vm_map_ram(pages, nr, NUMA_NO_NODE);
		assert_true(is_vmalloc_addr(p));
		assert_null(find_vm_area(p));
		p[nr * P - 1] = 'x';
		assert_int_equal(((char *)page_address(pages[nr - 1]))[P - 1], 'x');
		assert_ptr_equal(vmalloc_to_page(p), pages[0]);
		vm_unmap_ram(p, nr);
		assert_null(vmalloc_to_page(p));
		vm_unmap_aliases();
		assert_true(faults(p));
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(page_count(pages[i]), 1);
	assert_int_equal(map_budget_left(), left);
	assert_string_equal(console_said, "");
	machine_down(m);
}

/* No guard page: two of them may touch. */
static void test_no_guard(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct page *page = alloc_page(GFP_KERNEL);
	char *a = vm_map_ram(&page, 1, NUMA_NO_NODE), *b = vm_map_ram(&page, 1, NUMA_NO_NODE);

	assert_ptr_equal(b, a + P);
	machine_down(m);
}

static void expect_report(const void *addr, unsigned int count)
{
	console_catch();
	vm_unmap_ram(addr, count);
	assert_true(said("Trying to vm_unmap_ram() bad address"));
}

static void test_wrong_unmaps(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct page *pages[2] = { alloc_page(GFP_KERNEL), alloc_page(GFP_KERNEL) };
	char *p = vm_map_ram(pages, 2, NUMA_NO_NODE), *area = vmalloc(P);
	int local;

	expect_report(p, 1);
	expect_report(p, 3);
	expect_report(p + P, 1);
	expect_report(area, 2);
	expect_report(&local, 1);
	expect_report(NULL, 1);
	p[0] = area[0] = 'x';
	vm_unmap_ram(p, 2);
	expect_report(p, 2);
	machine_down(m);
}

static void test_failures(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1 vmalloc=1M");
	struct page *page = alloc_page(GFP_KERNEL), *pages[300];
	unsigned int was;

	for (int i = 0; i < 300; i++)
		pages[i] = page;
	assert_null(vm_map_ram(pages, (unsigned int)pages_total(m) + 1, NUMA_NO_NODE));
	assert_null(vm_map_ram(pages, 300, NUMA_NO_NODE));
	assert_true(said("vmap allocation for size 1228800 failed"));
	was = map_budget_set(5);
	assert_null(vm_map_ram(pages, 5, NUMA_NO_NODE));
	assert_null(vmap(pages, 5, VM_MAP, PAGE_KERNEL));
	assert_int_equal(map_budget_left(), 5);
	assert_non_null(vm_map_ram(pages, 4, NUMA_NO_NODE));
	map_budget_set(was);
	console_catch();
	assert_null(vm_map_ram(pages, 0, NUMA_NO_NODE));
	assert_true(said("WARNING: "));
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map_and_unmap),
		cmocka_unit_test(test_no_guard),
		cmocka_unit_test(test_wrong_unmaps),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests_name("ram", tests, NULL, NULL);
}
