/* SPDX-License-Identifier: MIT */
/* Proves that sources of before 5.8, with a page protection argument, compile and work. */
#define KALLOC_LINUX_VERSION KERNEL_VERSION(5, 4, 0)
#include "vmap_test.h"

static void test_protection_argument(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	char *p = __vmalloc(P, GFP_KERNEL | __GFP_ZERO, PAGE_KERNEL), *q;
	struct page *page = vmalloc_to_page(p);

	assert_int_equal(p[0], 0);
	q = vm_map_ram(&page, 1, NUMA_NO_NODE, PAGE_KERNEL);
	q[1] = 'q';
	assert_int_equal(p[1], 'q');
	vm_unmap_ram(q, 1);
	vfree(p);
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_protection_argument),
	};

	return cmocka_run_group_tests_name("era", tests, NULL, NULL);
}
