/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/alias.c: an area costs one host mapping for each run of frames
 * and one for the cut, in the budget and in the host's own count; and when the
 * host itself refuses, nothing is lost that somebody still sees. Of private memory an area
 * is one mapping, zero where that was asked for, and takes the place of its frames' own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "vmap_test.h"

#include "plat.h"
#include "plat/child.h"
#include "sanitized.h"

#define SMALL "mem=64M nr_cpus=1"

/* Mappings of the host that show a part of the vmalloc space. */
static unsigned int host_mappings(const struct kalloc_machine *m)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	unsigned int nr = 0;
	char line[512], prot[5];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %4s", &start, &end, prot) == 3 &&
		    start >= (unsigned long)m->vmalloc_start &&
		    end <= (unsigned long)m->vmalloc_end && prot[0] == 'r')
			nr++;
	}
	fclose(maps);
	return nr;
}

static void test_cost(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *block = alloc_pages(GFP_KERNEL, 3);
	unsigned int left = map_budget_left();
	static const struct {
		unsigned int nr;
		unsigned char index[8];
		unsigned int runs;
	} rows[] = {
		{ 1, { 0 }, 1 },
		{ 8, { 0, 1, 2, 3, 4, 5, 6, 7 }, 1 },
		{ 8, { 7, 6, 5, 4, 3, 2, 1, 0 }, 8 },
		{ 4, { 3, 3, 3, 3 }, 4 },
		{ 6, { 0, 1, 2, 5, 6, 7 }, 2 },
		{ 5, { 0, 2, 3, 4, 7 }, 3 },
	};

	split_page(block, 3);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct page *pages[8];
		char *p;

		for (unsigned int j = 0; j < rows[i].nr; j++)
			pages[j] = block + rows[i].index[j];
		p = vmap(pages, rows[i].nr, VM_MAP, PAGE_KERNEL);
		assert_non_null(p);
		assert_int_equal(map_budget_left(), left - rows[i].runs - 1);
		assert_int_equal(m->vmap->aliases.mappings, rows[i].runs + 1);
		assert_int_equal(host_mappings(m), rows[i].runs);
		for (unsigned int j = 0; j < rows[i].nr; j++) {
			*(unsigned int *)page_address(pages[j]) = 100 + j;
			assert_int_equal(*(unsigned int *)(p + j * P), 100 + j);
		}
		vunmap(p);
		assert_int_equal(host_mappings(m), rows[i].runs); /* kept */
		vm_unmap_aliases();
		assert_int_equal(map_budget_left(), left);
		assert_int_equal(host_mappings(m), 0);
	}
	machine_down(m);
}

/* Use up every mapping that the host grants. Return: how many were made. */
static unsigned int host_fill(void **filled, unsigned int most)
{
	unsigned int nr = 0;

	while (nr < most) {
		int prot = nr % 2 ? PROT_READ : PROT_NONE; /* neighbours do not merge */
		void *at = mmap(NULL, P, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED)
			break;
		filled[nr++] = at;
	}
	return nr;
}

static void refused_by_the_host(void *arg)
{
	const unsigned int most = 1 << 20;
	char *p = vmalloc(2 * P);
	void **filled = mmap(NULL, most * sizeof(*filled), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct page *page = vmalloc_to_page(p);
	unsigned int nr;

	kalloc_set_console(NULL, NULL);
	strcpy(p, "seen");
	nr = host_fill(filled, most);
	if (nr == most)
		_exit(77); /* this host has no limit that can be reached */
	if (vmalloc(P))
		_exit(1);
	vfree(p);
	/* Still shown there, so still not free. */
	if (strcmp(p, "seen") || page_count(page) != 1)
		_exit(2);
	for (unsigned int i = 0; i < nr; i++)
		munmap(filled[i], P);
	p = vmalloc(P);
	if (!p || vmalloc_to_page(p) == page)
		_exit(3);
}

/* The tools need mappings of their own, and stop without. */
static void test_host_refuses(void **state)
{
	struct kalloc_machine *m;
	struct child child;

	if (SANITIZED || getenv("KALLOC_UNDER_VALGRIND"))
		skip();
	m = machine_up(SMALL " kalloc.vfree=unmap");
	child_run(&child, refused_by_the_host, NULL);
	machine_down(m);
	assert_true(WIFEXITED(child.status));
	if (WEXITSTATUS(child.status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(child.status), 0);
	assert_non_null(strstr(child.said, "vmalloc error: size 4096, failed to map pages"));
	assert_non_null(strstr(child.said, "vfree: the host refuses to unmap"));
}

/* Neighbours are one mapping, whatever their frames; and each area has memory of its own. */
static void test_private(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL " kalloc.ram=private");
	unsigned int left = map_budget_left();
	char *areas[6], *linear;
	struct page *page;

	for (int i = 0; i < 6; i++) {
		areas[i] = vmalloc(3 * P);
		assert_non_null(areas[i]);
		assert_true(faults(areas[i] + 3 * P));
		memset(areas[i], 'a' + i, 3 * P);
		assert_int_equal(map_budget_left(), left - 2 * ((unsigned int)i + 1));
		assert_int_equal(host_mappings(m), i + 1);
	}
	page = vmalloc_to_page(areas[5] + P);
	linear = page_address(page);
	assert_int_equal(linear[0], 0);
	for (int i = 0; i < 6; i++)
		assert_int_equal(areas[i][3 * P - 1], 'a' + i);
	for (int i = 0; i < 6; i++)
		vfree(areas[i]);
	vm_unmap_aliases();
	assert_int_equal(map_budget_left(), left);
	assert_int_equal(host_mappings(m), 0);
	assert_true(faults(areas[0]));

	/* What waits costs the host memory, so it is less than all there is. */
	areas[0] = vmalloc(40UL << 20);
	assert_non_null(areas[0]);
	vfree(areas[0]);
	assert_true(faults(areas[0]));
	assert_int_equal(host_mappings(m), 1); /* the array of the frames was freed after it */
	machine_down(m);
}

/* What is shown anew, and what comes home where somebody else's contents are, is zero. */
static void test_private_zero(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL " kalloc.ram=private");
	unsigned int calls = 0;
	char *p, *page;

	page = (char *)__get_free_pages(GFP_KERNEL, 0);
	memset(page, 'x', P);
	free_pages((unsigned long)page, 0);
	for (int i = 0; i < 40; i++) {
		calls = m->vmap->aliases.nr_calls;
		p = vzalloc(5 * P);
		assert_non_null(p);
		for (size_t at = 0; at < 5 * P; at++)
			assert_int_equal(p[at], 0);
		memset(p, 'y', 5 * P);
		vfree(p);
	}
	assert_int_equal(m->vmap->aliases.nr_calls, calls); /* the last one came home */
	machine_down(m);
}

/* What the frames had at their linear addresses costs the host nothing besides. */
static void test_private_linear_goes_back(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL " kalloc.ram=private");
	char *block = (char *)__get_free_pages(GFP_KERNEL, 4), *p;
	unsigned char resident[16];

	memset(block, 'x', 16 * P);
	free_pages((unsigned long)block, 4);
	p = vmalloc(16 * P);
	assert_ptr_equal(page_address(vmalloc_to_page(p)), block);
	assert_int_equal(mincore(block, 16 * P, resident), 0);
	for (int i = 0; i < 16; i++)
		assert_int_equal(resident[i] & 1, 0);
	vfree(p);
	machine_down(m);
}

static void test_private_has_no_vmap(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL " kalloc.ram=private");
	struct page *page = alloc_page(GFP_KERNEL);

	assert_null(vmap(&page, 1, VM_MAP, PAGE_KERNEL));
	assert_true(said("kalloc.ram=private: no vmap()"));
	assert_null(vm_map_ram(&page, 1, NUMA_NO_NODE));
	assert_int_equal(page_count(page), 1);
	__free_page(page);
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_host_refuses),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_private_zero),
		cmocka_unit_test(test_private_linear_goes_back),
		cmocka_unit_test(test_private_has_no_vmap),
	};

	return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
