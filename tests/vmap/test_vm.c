/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/vm.c: the facts file's rows on vmap, look-ups and frees; given
 * frames keep their reference counts unless they were handed over; wrong
 * addresses are reported in the kernel's words and change nothing.
 */
#include "vmap_test.h"
#include "warning.h"

#define SMALL "mem=64M nr_cpus=1"

static void pages_take(struct page **pages, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		assert_non_null(pages[i]);
	}
}

static void test_vmap(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *pages[4];
	struct vm_struct *vm;
	char *p;

	pages_take(pages, 4);
	p = vmap(pages, 4, VM_MAP, PAGE_KERNEL);
	vm = find_vm_area(p);
	assert_int_equal(vm->flags, VM_MAP);
	assert_int_equal(vm->size, 5 * P);
	assert_int_equal(vm->nr_pages, 0);
	assert_null(vm->pages);
	for (unsigned int i = 0; i < 4; i++) {
		p[i * P] = (char)('a' + i);
		assert_int_equal(*(char *)page_address(pages[i]), 'a' + i);
		assert_ptr_equal(vmalloc_to_page(p + i * P), pages[i]);
		assert_int_equal(page_count(pages[i]), 1);
	}
	assert_true(faults(p - 1));
	assert_true(faults(p + 4 * P));
	vunmap(p);
	vm_unmap_aliases();
	assert_true(faults(p));
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(page_count(pages[i]), 1);
		assert_int_equal(*(char *)page_address(pages[i]), 'a' + i);
	}
	machine_down(m);
}

static void test_vmap_refuses(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *pages[3];

	pages_take(pages, 3);
	assert_null(vmap(pages, 0, VM_MAP, PAGE_KERNEL));
	assert_null(vmap(pages, (unsigned int)pages_total(m) + 1, VM_MAP, PAGE_KERNEL));
	assert_string_equal(console_said, "");
	pages[1] = NULL;
	assert_null(vmap(pages, 3, VM_MAP, PAGE_KERNEL));
	assert_true(said("not a page of this machine"));
	console_catch();
	pages[0] = NULL;
	assert_null(vmap(pages, 1, VM_MAP, PAGE_KERNEL));
	assert_true(said("not a page of any machine"));
	machine_down(m);
}

static void test_same_page_twice(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *page = alloc_page(GFP_KERNEL), *pages[] = { page, page };
	char *p = vmap(pages, 2, VM_MAP, PAGE_KERNEL);

	p[5] = 'x';
	assert_int_equal(p[P + 5], 'x');
	vunmap(p);
	assert_int_equal(page_count(page), 1);
	machine_down(m);
}

static void test_no_guard_is_refused(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *page = alloc_page(GFP_KERNEL);
	char *p = vmap(&page, 1, VM_MAP | VM_NO_GUARD, PAGE_KERNEL);

	assert_true(said("WARNING: "));
	assert_int_equal(find_vm_area(p)->flags, VM_MAP);
	assert_int_equal(find_vm_area(p)->size, 2 * P);
	machine_down(m);
}

/* VM_MAP_PUT_PAGES: the array and one reference of each page go to the area. */
static void test_put_pages(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page **pages = kmalloc_array(3, sizeof(*pages), GFP_KERNEL), *kept;
	unsigned long used = frames_used();
	char *p;

	pages_take(pages, 3);
	kept = pages[1];
	get_page(kept);
	p = vmap(pages, 3, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	assert_int_equal(find_vm_area(p)->nr_pages, 3);
	assert_int_equal(page_count(kept), 2);
	vfree(p);
	assert_int_equal(page_count(kept), 1);
	put_page(kept);
	assert_int_equal(frames_used(), used);
	assert_int_equal(vmap_nr_vmalloc(m), 0);
	machine_down(m);
}

static void test_vmap_of_another_machine(void **state)
{
	struct kalloc_machine *a = machine_up(SMALL), *b = machine_up(SMALL);
	struct page *pages[2] = { alloc_page(GFP_KERNEL) };
	char *p;

	kalloc_enter(a);
	p = vmap(pages, 1, VM_MAP, PAGE_KERNEL); /* of b, whoever is current */
	assert_true(p >= b->vmalloc_start && p < b->vmalloc_end);
	pages[1] = alloc_page(GFP_KERNEL);
	assert_null(vmap(pages, 2, VM_MAP, PAGE_KERNEL));
	assert_true(said("not a page of this machine"));
	machine_down(a);
	machine_down(b);
}

static void test_is_vmalloc_addr(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	int local;

	assert_true(is_vmalloc_addr(m->vmalloc_start));
	assert_true(is_vmalloc_addr(m->vmalloc_end - 1));
	assert_false(is_vmalloc_addr(m->vmalloc_end));
	assert_false(is_vmalloc_addr(m->vmalloc_start - 1));
	assert_false(is_vmalloc_addr(m->linear));
	assert_false(is_vmalloc_addr(NULL));
	assert_false(is_vmalloc_addr(&local));
	assert_null(vmalloc_to_page(&local));
	assert_null(find_vm_area(&local));
	assert_null(find_vm_area(m->vmalloc_start));
	machine_down(m);
}

static void test_null_is_no_op(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);

	vfree(NULL);
	vfree_atomic(NULL);
	vunmap(NULL);
	kvfree(NULL);
	assert_string_equal(console_said, "");
	machine_down(m);
}

static void expect_free_report(const void *addr, const char *what)
{
	char text[128];

	console_catch();
	vfree(addr);
	snprintf(text, sizeof(text), "Trying to vfree() %s (%016lx)\n", what, (unsigned long)addr);
	assert_warning(console_said, text);
}

static void test_wrong_frees(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	char *p = vmalloc(2 * P), *object = kmalloc(64, GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL);
	char *ram = vm_map_ram(&page, 1, NUMA_NO_NODE);
	static int outside;

	expect_free_report(p + 1, "bad address");
	expect_free_report(object + 8, "bad address");
	expect_free_report(page_address(page), "nonexistent vm area");
	expect_free_report(m->vmalloc_end - P, "nonexistent vm area");
	expect_free_report((void *)((unsigned long)&outside & PAGE_MASK), "nonexistent vm area");
	expect_free_report(ram, "nonexistent vm area");
	p[0] = 'p';
	ram[0] = 'r';
	vfree(p);
	expect_free_report(p, "nonexistent vm area"); /* twice */
	machine_down(m);
}

/* As in 6.1, any page of an area names it. */
static void test_free_by_inner_page(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned long used = frames_used();
	char *p = vmalloc(3 * P);

	vfree(p + P);
	vm_unmap_aliases();
	assert_true(faults(p));
	assert_int_equal(frames_used(), used);
	assert_string_equal(console_said, "");
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vmap),
		cmocka_unit_test(test_vmap_refuses),
		cmocka_unit_test(test_same_page_twice),
		cmocka_unit_test(test_no_guard_is_refused),
		cmocka_unit_test(test_put_pages),
		cmocka_unit_test(test_vmap_of_another_machine),
		cmocka_unit_test(test_is_vmalloc_addr),
		cmocka_unit_test(test_null_is_no_op),
		cmocka_unit_test(test_wrong_frees),
		cmocka_unit_test(test_free_by_inner_page),
	};

	return cmocka_run_group_tests_name("vm", tests, NULL, NULL);
}
