/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/alias.c: an area costs one host mapping for each run of frames
 * and one for the cut, in the budget and in the host's own count; and when the
 * host itself refuses, nothing is lost that somebody still sees.
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_host_refuses),
	};

	return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
