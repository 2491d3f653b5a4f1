/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/lazy.c: freed addresses wait until more than fls(nr_cpus) * 32 MiB
 * of them do, exactly, or the machine's size where they may be used again; what waits
 * holds no frame; a purge makes it fault, gives its mappings back, and makes it one hole
 * again; with kalloc.vfree=unmap it faults and costs no mapping from the start.
 */
#include "vmap_test.h"

#include "lazy.h"
#include "plat.h"

#define UNMAP "mem=64M nr_cpus=1 kalloc.vfree=unmap"

static void test_limit(void **state)
{
	static const struct {
		unsigned int nr_cpus;
		unsigned long max_pages;
	} rows[] = { { 1, 8192 },  { 2, 16384 }, { 3, 16384 },
		     { 4, 24576 }, { 7, 24576 }, { 8, 32768 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char cmdline[64];
		struct kalloc_machine *m;

		snprintf(cmdline, sizeof(cmdline), "mem=64M nr_cpus=%u", rows[i].nr_cpus);
		m = machine_up(cmdline);
		assert_int_equal(lazy_max_pages(m), max(rows[i].max_pages, pages_total(m)));
		machine_down(m);
		strcat(cmdline, " kalloc.vfree=unmap");
		m = machine_up(cmdline);
		assert_int_equal(lazy_max_pages(m), rows[i].max_pages);
		machine_down(m);
	}
}

/*
 * An area of 2048 pages with its guard, and the one of 5 that held its array: 2053
 * wait after each turn. The fourth takes it to 8207 pages, past the limit, before
 * its array is freed.
 */
static void test_purge_past_the_limit(void **state)
{
	static const unsigned long waiting[] = { 2053, 4106, 6159, 5 };
	struct kalloc_machine *m = machine_up(UNMAP);
	unsigned int left = map_budget_left();
	unsigned long used = frames_used();

	for (size_t i = 0; i < ARRAY_SIZE(waiting); i++) {
		char *p = vmalloc(2047 * P);

		assert_non_null(p);
		vfree(p);
		assert_int_equal(m->vmap->nr_lazy, waiting[i]);
		assert_int_equal(frames_used(), used);
		assert_int_equal(map_budget_left(), left);
	}
	vm_unmap_aliases();
	assert_int_equal(m->vmap->nr_lazy, 0);
	assert_null(area_first(&m->vmap->areas));
	machine_down(m);
}

static void test_exact_limit(void **state)
{
	struct kalloc_machine *m = machine_up(UNMAP);
	struct page *page = alloc_page(GFP_KERNEL), *pages[512];
	char *first = NULL;

	for (int i = 0; i < 512; i++)
		pages[i] = page;
	for (unsigned long i = 0; i < 16; i++) {
		char *p = vm_map_ram(pages, 512, NUMA_NO_NODE);

		first = first ? first : p;
		assert_ptr_equal(p, first + i * 512 * P);
		vm_unmap_ram(p, 512);
		assert_int_equal(m->vmap->nr_lazy, (i + 1) * 512);
	}
	assert_int_equal(m->vmap->nr_lazy, 8192);
	vm_unmap_ram(vm_map_ram(pages, 1, NUMA_NO_NODE), 1);
	assert_int_equal(m->vmap->nr_lazy, 0);
	assert_null(area_first(&m->vmap->areas));
	assert_int_equal(area_largest_hole(&m->vmap->areas), m->vmalloc_end - m->vmalloc_start);
	assert_ptr_equal(vm_map_ram(pages, 1, NUMA_NO_NODE), first);
	machine_down(m);
}

static void test_unmapped_at_once(void **state)
{
	struct kalloc_machine *m = machine_up(UNMAP);
	unsigned int left = map_budget_left();
	struct page *page = alloc_page(GFP_KERNEL);
	char *p = vmalloc(3 * P), *q = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	char *r = vm_map_ram(&page, 1, NUMA_NO_NODE);

	vfree(p);
	vunmap(q);
	vm_unmap_ram(r, 1);
	assert_true(faults(p) && faults(q) && faults(r));
	assert_int_equal(map_budget_left(), left);
	machine_down(m);
}

/* Neighbours are unmapped with one call, whatever lies beyond. */
static void test_purge_unmaps(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	unsigned int left = map_budget_left();
	unsigned long calls;
	char *p[6];

	for (int i = 0; i < 6; i++) {
		p[i] = vmalloc(2 * P);
		p[i][0] = (char)i;
	}
	for (int i = 1; i < 5; i++)
		vfree(p[i]);
	assert_false(faults(p[1]));
	calls = m->vmap->aliases.nr_calls;
	vm_unmap_aliases();
	assert_int_equal(m->vmap->aliases.nr_calls, calls + 1);
	for (int i = 1; i < 5; i++)
		assert_true(faults(p[i]) && faults(p[i] + P));
	assert_int_equal(p[0][0], 0);
	assert_int_equal(p[5][0], 5);
	assert_int_equal(map_budget_left(), left - 4);
	vm_unmap_aliases();
	assert_int_equal(m->vmap->aliases.nr_calls, calls + 1);
	machine_down(m);
}

/* A purge leaves what is in use. */
static void test_purge_between_areas(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	char *p[6];

	for (int i = 0; i < 6; i++) {
		p[i] = vmalloc(P);
		p[i][0] = (char)i;
	}
	vfree(p[1]);
	vfree(p[2]);
	vfree(p[4]);
	assert_int_equal(m->vmap->nr_lazy, 6);
	vm_unmap_aliases();
	assert_int_equal(area_first(&m->vmap->areas)->va_start, (unsigned long)p[0]);
	for (int i = 0; i < 6; i += i == 0 ? 3 : 2)
		assert_int_equal(p[i][0], i);
	assert_ptr_equal(vmalloc(2 * P), p[1]); /* 3 pages with the guard: only here */
	assert_ptr_equal(vmalloc(P), p[4]);
	machine_down(m);
}

/* Reclaim purges, too: the objects it is told of are the pages that wait. */
static void test_reclaimed(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct shrinker *shrinker = &m->vmap->shrinker;
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL, .nr_to_scan = 1 };

	assert_int_equal(shrinker->count_objects(shrinker, &sc), 0);
	vfree(vmalloc(3 * P));
	assert_int_equal(shrinker->count_objects(shrinker, &sc), 4);
	assert_int_equal(shrinker->scan_objects(shrinker, &sc), 4);
	assert_int_equal(sc.nr_scanned, 4);
	assert_int_equal(m->vmap->nr_lazy, 0);
	assert_int_equal(shrinker->count_objects(shrinker, &sc), 0);
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),	     cmocka_unit_test(test_purge_past_the_limit),
		cmocka_unit_test(test_exact_limit),  cmocka_unit_test(test_purge_between_areas),
		cmocka_unit_test(test_reclaimed),    cmocka_unit_test(test_unmapped_at_once),
		cmocka_unit_test(test_purge_unmaps),
	};

	return cmocka_run_group_tests_name("lazy", tests, NULL, NULL);
}
