/* SPDX-License-Identifier: MIT */
/*
 * Proves the failures of src/vmap/vmalloc.c: whatever runs out (memory, address
 * space, host mappings), at the start or in the middle, is NULL with the kernel's
 * message, and gives back all that had been taken.
 */
#include <stdlib.h>

#include <kalloc/context.h>

#include "vmap_test.h"

#include "page/room.h"
#include "plat.h"
#include "plat/child.h"
#include "vm.h"

#define SMALL "mem=64M nr_cpus=1"

/* The first thing said is a whole report with this head. */
static bool is_head(const char *text)
{
	char expected[256];

	snprintf(expected, sizeof(expected),
		 "%s, nodemask=(null),cpuset=/,mems_allowed=0\nMem-Info:\n", text);
	return strncmp(console_said, expected, strlen(expected)) == 0;
}

static void test_more_than_memory(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);

	assert_null(__vmalloc(65UL << 20, GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(console_said, "");
	strcpy(kalloc_task()->comm, "insmod");
	assert_null(vmalloc(472690688));
	kalloc_task()->comm[0] = '\0';
	assert_true(is_head("insmod: vmalloc error: size 472690688, exceeds total pages, "
			    "mode:0xcc0(GFP_KERNEL)"));
	assert_null(vmalloc(~0UL));
	machine_down(m);
}

/* The frames run out in the middle: everything comes back. */
static void test_memory_exhausted(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned int left = map_budget_left();
	unsigned long used = frames_used(), got;
	char head[160];
	char *half = vmalloc(32 << 20), *p;

	assert_non_null(half);
	assert_null(__vmalloc(48 << 20, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY));
	assert_string_equal(console_said, "");
	assert_null(__vmalloc(48 << 20, GFP_KERNEL | __GFP_NORETRY));
	/* The size is what it had got by then. */
	assert_int_equal(sscanf(console_said, "kalloc: vmalloc error: size %lu", &got), 1);
	assert_in_range(got, 1, (48 << 20) - 1);
	snprintf(head, sizeof(head),
		 "kalloc: vmalloc error: size %lu, page order 0, failed to allocate pages, "
		 "mode:0x10cc0(GFP_KERNEL|__GFP_NORETRY)",
		 got);
	assert_true(is_head(head));
	p = vmalloc(1 << 20);
	assert_non_null(p);
	vfree(p);
	vfree(half);
	vm_unmap_aliases();
	assert_int_equal(frames_used(), used);
	assert_int_equal(vmap_nr_vmalloc(m), 0);
	assert_int_equal(map_budget_left(), left);
	machine_down(m);
}

#define NR_LARGE  100 /* pages of an area whose array is not in its object */
#define GFP_LIGHT (GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)

/* Take all there is of one class. Return: the latest object; each holds the one before. */
static void **hoard(size_t size)
{
	void **latest = NULL, **object;

	while ((object = kmalloc(size, GFP_LIGHT))) {
		*object = latest;
		latest = object;
	}
	assert_non_null(latest);
	return latest;
}

/* The slab layer names the class that it could not serve. */
static void expect_fails_without(const char *class, const char *error)
{
	struct kalloc_machine *m = machine_current();
	char text[128];

	/* The page allocator's own report is not to keep back vmalloc's. */
	console_catch();
	m->page->warn_limit = (struct ratelimit){ .interval_ms = 10000, .burst = 2 };
	assert_null(__vmalloc(NR_LARGE * P, GFP_LIGHT & ~__GFP_NOWARN));
	snprintf(text, sizeof(text), "cache: %s,", class);
	assert_true(said(text));
	snprintf(text, sizeof(text), "kalloc: vmalloc error: size %lu, %s", NR_LARGE * P, error);
	assert_true(said(text));
}

/*
 * With nothing left at all, give back one thing that vmalloc needs at a time: it
 * gets one step further each time, and returns what it had got so far, or the
 * next turn would not get as far again.
 */
static void test_each_step_fails_in_turn(void **state)
{
	struct kalloc_machine *m = machine_up("mem=16M nr_cpus=1");
	unsigned long frames = __get_free_pages(GFP_KERNEL, 10); /* past any watermark */
	void **object, *array;
	char *p = vmalloc(NR_LARGE * P); /* a slab of each class there is */

	array = kmalloc(NR_LARGE * sizeof(struct page *), GFP_KERNEL);
	while (alloc_page(GFP_LIGHT))
		;
	hoard(NR_LARGE * sizeof(struct page *));
	object = hoard(sizeof(struct vm_object));

	expect_fails_without("kmalloc-192", "vm_struct allocation failed"); /* struct vm_object */
	kfree(object);
	expect_fails_without("kmalloc-1k", "failed to allocated page array size");
	kfree(array);
	assert_null(__vmalloc(NR_LARGE * P, GFP_LIGHT)); /* no frames */
	assert_ptr_equal((char *)area_first(&m->vmap->areas)->va_start, p);
	assert_null(area_next(&m->vmap->areas, area_first(&m->vmap->areas)));
	assert_int_equal(vmap_nr_vmalloc(m), NR_LARGE);
	free_pages(frames, 10);
	p = __vmalloc(NR_LARGE * P, GFP_LIGHT);
	assert_non_null(p);
	memset(p, 1, NR_LARGE * P);
	machine_down(m);
}

static void test_space_exhausted(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1 vmalloc=1M");
	unsigned long used = frames_used();
	char *p = vmalloc(100 * P), *q = vmalloc(100 * P);

	assert_non_null(p);
	assert_non_null(q);
	assert_null(vmalloc(100 * P));
	assert_true(said("vmap allocation for size 413696 failed: "
			 "use vmalloc=<size> to increase size\n"));
	assert_true(said("vmalloc error: size 409600, vm_struct allocation failed"));
	console_catch();
	assert_null(__vmalloc(100 * P, GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(console_said, "");

	/* The freed range waits, but a space that is full purges. */
	vfree(p);
	assert_ptr_equal(vmalloc(100 * P), p);
	vfree(p);
	vfree(q);
	assert_int_equal(frames_used(), used);
	machine_down(m);
}

/*
 * No two free frames follow each other any more, so that an area costs a mapping for
 * each page.
 */
static void scatter(void)
{
	static struct page *held[16384];
	unsigned int nr = 0;

	while (nr < 16384 && (held[nr] = alloc_page(GFP_LIGHT | __GFP_MEMALLOC)))
		nr++;
	for (unsigned int i = 0; i < nr; i++) {
		if (page_to_pfn(held[i]) % 2)
			__free_page(held[i]);
	}
}

static void test_budget(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned int was = map_budget_left();
	unsigned long used;
	char *p, *host;

	scatter();
	used = frames_used();
	map_budget_set(10);
	assert_null(vmalloc(20 * P));
	assert_true(said("vmalloc error: size 81920, failed to map pages"));
	assert_int_equal(map_budget_left(), 10);
	assert_int_equal(frames_used(), used);
	assert_int_equal(vmap_nr_vmalloc(m), 0);
	host = malloc(1 << 20);
	assert_non_null(host);
	free(host);

	p = vmalloc(P); /* one run and the cut it makes */
	assert_non_null(p);
	assert_int_equal(map_budget_left(), 8);
	vfree(p);
	assert_int_equal(map_budget_left(), 8); /* kept, but given up before a request fails */
	assert_non_null(vmalloc(9 * P));
	assert_int_equal(map_budget_left(), 0);
	assert_null(__vmalloc(P, GFP_KERNEL | __GFP_NOWARN));
	map_budget_set(was - 10);
	assert_non_null(vmalloc(20 * P));
	machine_down(m);
	assert_int_equal(map_budget_left(), was); /* halting settles what was still mapped */
}

static void nofail_without_mappings(void *arg)
{
	kalloc_set_console(NULL, NULL);
	map_budget_set(0);
	*(char *)__vmalloc(P, GFP_KERNEL | __GFP_NOFAIL) = 1;
}

static void test_nofail(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct child child;

	child_run(&child, nofail_without_mappings, NULL);
	assert_true(child_died_of(&child, SIGABRT));
	assert_non_null(strstr(child.said, "vmalloc error: size 4096, __GFP_NOFAIL"));
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more_than_memory),
		cmocka_unit_test(test_memory_exhausted),
		cmocka_unit_test(test_each_step_fails_in_turn),
		cmocka_unit_test(test_space_exhausted),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_nofail),
	};

	return cmocka_run_group_tests_name("exhausted", tests, NULL, NULL);
}
