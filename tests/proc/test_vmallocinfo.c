/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/vmallocinfo.c: one line for each area, by address, with what the
 * kernel says of each kind; freed areas at the end until they are purged.
 */
#include "proc_test.h"

#include <stdio.h>

#include <kalloc/page.h>
#include <kalloc/vmalloc.h>

/* A line of Linux 6.1, its hashed addresses and caller replaced by numbers. */
#define KERNELS_LINE "0x0000000031499712-0x0000000028736009   20480 0x1 pages=4 vmalloc N0=4\n"

/* What the file must say of @bytes at @start, @caller and the guard included. */
static void expect_area(char *line, size_t size, const void *start, const char *what)
{
	struct vm_struct *vm = find_vm_area(start);

	assert_non_null(vm);
	snprintf(line, size, "0x%016lx-0x%016lx %7lu 0x%lx %s\n", (unsigned long)start,
		 (unsigned long)start + vm->size, vm->size, (unsigned long)vm->caller, what);
}

static void test_empty(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char *text = file_text("/proc/vmallocinfo");

	assert_string_equal(text, "");
	test_free(text);
	kalloc_halt(m);
}

static void test_kernels_line(void **state)
{
	TEST_ENTER(m, "mem=64M");
	void *area = vmalloc(4 * PAGE_SIZE);
	char *text = file_text("/proc/vmallocinfo");
	char *caller = strstr(text, "20480 0x") + 8;

	memmove(caller + 1, caller + strspn(caller, "0123456789abcdef"),
		strlen(caller + strspn(caller, "0123456789abcdef")) + 1);
	caller[0] = '1';
	for (char *p = text; p < caller - 6; p++)
		*p = strchr("abcdef", *p) ? '7' : *p;
	assert_same_shape(text, KERNELS_LINE, true);
	vfree(area);
	test_free(text);
	kalloc_halt(m);
}

static void test_kinds(void **state)
{
	TEST_ENTER(m, "mem=64M");
	struct page *pages[4];
	char lines[4][128], all[512], *text;
	void *area, *user, *mapped, *ram;

	for (int i = 0; i < 4; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	area = vmalloc(3 * PAGE_SIZE - 100);
	user = vmalloc_user(PAGE_SIZE);
	mapped = vmap(pages, 4, VM_MAP, PAGE_KERNEL);
	ram = vm_map_ram(pages, 2, NUMA_NO_NODE);

	expect_area(lines[0], sizeof(lines[0]), area, "pages=3 vmalloc N0=3");
	expect_area(lines[1], sizeof(lines[1]), user, "pages=1 vmalloc user N0=1");
	expect_area(lines[2], sizeof(lines[2]), mapped, "vmap");
	snprintf(lines[3], sizeof(lines[3]), "0x%016lx-0x%016lx %7lu vm_map_ram\n",
		 (unsigned long)ram, (unsigned long)ram + 2 * PAGE_SIZE, 2 * PAGE_SIZE);
	snprintf(all, sizeof(all), "%s%s%s%s", lines[0], lines[1], lines[2], lines[3]);
	text = file_text("/proc/vmallocinfo");
	assert_string_equal(text, all);
	test_free(text);

	/* The first is free but not yet purged. */
	snprintf(lines[0], sizeof(lines[0]), "0x%016lx-0x%016lx %7lu unpurged vm_area\n",
		 (unsigned long)area, (unsigned long)area + 4 * PAGE_SIZE, 4 * PAGE_SIZE);
	snprintf(all, sizeof(all), "%s%s%s%s", lines[1], lines[2], lines[3], lines[0]);
	vfree(area);
	text = file_text("/proc/vmallocinfo");
	assert_string_equal(text, all);
	test_free(text);

	vm_unmap_ram(ram, 2);
	vunmap(mapped);
	vfree(user);
	vm_unmap_aliases();
	text = file_text("/proc/vmallocinfo");
	assert_string_equal(text, "");
	test_free(text);
	kalloc_halt(m);
}

/* An array of 512 pointers or more is itself vmalloc'ed; frames are counted by node. */
static void test_large_on_nodes(void **state)
{
	TEST_ENTER(m, "mem=64M numa=fake=2 nr_cpus=2");
	void *one = vmalloc_node(5 * PAGE_SIZE, 1);
	void *large = vmalloc(600 * PAGE_SIZE);
	char line[128], *text = file_text("/proc/vmallocinfo");

	expect_area(line, sizeof(line), one, "pages=5 vmalloc N1=5");
	assert_non_null(strstr(text, line));
	assert_non_null(strstr(text, " pages=600 vmalloc vpages N0="));
	vfree(large);
	vfree(one);
	test_free(text);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_kernels_line),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_large_on_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
