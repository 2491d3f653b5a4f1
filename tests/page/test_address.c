/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/address.c: frame, struct page, linear and physical address lead to
 * one another, and pfn_valid() knows the holes.
 */
#include "rig.h"

static void test_round_trips(void **state)
{
	struct rig rig = rig_up("mem=5G highmem=512M nr_cpus=1");
	static const gfp_t gfps[] = { GFP_KERNEL | GFP_DMA, GFP_KERNEL | GFP_DMA32, GFP_KERNEL };

	for (size_t i = 0; i < ARRAY_SIZE(gfps); i++) {
		struct page *page = alloc_pages(gfps[i], 3);
		char *addr = page_address(page);
		unsigned long pfn = page_to_pfn(page);

		assert_ptr_equal(pfn_to_page(pfn), page);
		assert_ptr_equal(virt_to_page(addr), page);
		assert_ptr_equal(virt_to_page(addr + PAGE_SIZE - 1), page);
		assert_ptr_equal(virt_to_page(addr + 7 * PAGE_SIZE), page + 7);
		assert_ptr_equal(page_address(page + 7), addr + 7 * PAGE_SIZE);
		assert_int_equal(virt_to_phys(addr + 5), (pfn << PAGE_SHIFT) + 5);
		assert_ptr_equal(phys_to_virt((phys_addr_t)(pfn << PAGE_SHIFT) + 5), addr + 5);
		assert_ptr_equal(page_to_linear(rig.m, page), addr);
		assert_ptr_equal(linear_to_page(rig.m, addr + 1), page);
		__free_pages(page, 3);
	}
	rig_down(&rig);
}

static void test_get_free_pages(void **state)
{
	struct rig rig = rig_up("mem=5G highmem=512M nr_cpus=1");

	for (unsigned int order = 0; order <= 10; order++) {
		unsigned long addr = __get_free_pages(GFP_KERNEL, order);

		assert_int_equal(addr % (PAGE_SIZE << order), 0);
		assert_ptr_equal(page_address(virt_to_page((void *)addr)), (void *)addr);
		free_pages(addr, order);

		/* HIGHMEM has no address, so asking for it is ignored. */
		addr = __get_free_pages(GFP_HIGHUSER, order);
		assert_int_equal(page_zonenum(virt_to_page((void *)addr)), ZONE_NORMAL);
		free_pages(addr, order);

		addr = __get_dma_pages(GFP_KERNEL, order);
		assert_true(virt_to_phys((void *)(addr + (PAGE_SIZE << order) - 1)) < 16UL << 20);
		free_pages(addr, order);
	}
	rig_down(&rig);
}

static void test_pfn_valid(void **state)
{
	static const struct {
		unsigned long pfn;
		bool valid;
	} rows[] = {
		{ 0, false },	    { 1, true },	{ 0x9e, true },	     { 0x9f, false },
		{ 0x100, true },    { 0xbffff, true },	{ 0xc0000, false },  { 0xfffff, false },
		{ 0x100000, true }, { 0x13ffff, true }, { 0x140000, false }, { ~0UL - 1, false },
	};
	struct rig rig = rig_up("mem=4G highmem=1G nr_cpus=1");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(pfn_valid(rows[i].pfn), rows[i].valid);
	rig_down(&rig);
}

/* The machine is found from the address, whichever is current; also from HIGHMEM's pages. */
static void test_other_machine(void **state)
{
	struct rig rig = rig_up("mem=64M highmem=16M nr_cpus=1");
	struct page *low = alloc_page(GFP_KERNEL), *high = alloc_page(GFP_HIGHUSER);
	unsigned long low_pfn = page_to_pfn(low), high_pfn = page_to_pfn(high);
	void *addr = page_address(low);
	struct rig other = rig_up("mem=16M nr_cpus=1");

	assert_ptr_equal(virt_to_page(addr), low);
	assert_int_equal(page_to_pfn(low), low_pfn);
	assert_int_equal(page_to_pfn(high), high_pfn);
	assert_ptr_equal(page_zone(high), rig_zone(&rig, 0, ZONE_HIGHMEM));
	assert_ptr_equal(page_address(low), addr);
	rig_down(&other);
	kalloc_enter(rig.m);
	__free_page(low);
	__free_page(high);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_get_free_pages),
		cmocka_unit_test(test_pfn_valid),
		cmocka_unit_test(test_other_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
