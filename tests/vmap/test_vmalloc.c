/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/vmalloc.c: the rows of the facts file's section 5 on vmalloc,
 * true aliasing, guards on both sides, frames near a node, in blocks and without a
 * linear address, accounting, several machines and threads at once. How it fails
 * is test_exhausted.c.
 */
#include <pthread.h>
#include <stdlib.h>

#include "vmap_test.h"

#include "plat.h"
#include "rand.h"
#include "vmap.h"

#define SMALL "mem=64M nr_cpus=1"

static void test_zero(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);

	assert_null(vmalloc(0));
	assert_true(said("WARNING: "));
	console_catch();
	assert_null(vmalloc(0));
	assert_null(vzalloc(0));
	assert_false(said("WARNING: "));
	machine_down(m);
}

static void test_layout(void **state)
{
	static const unsigned long sizes[] = { 1, 4095, 4096, 4097, 5 * 4096, 123456, 1 << 20 };
	struct kalloc_machine *m = machine_up(SMALL);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned long bytes = PAGE_ALIGN(sizes[i]);
		char *p = vmalloc(sizes[i]);
		struct vm_struct *vm = find_vm_area(p);

		assert_non_null(p);
		assert_int_equal((unsigned long)p % P, 0);
		assert_ptr_equal(vm->addr, p);
		assert_int_equal(vm->size, bytes + P);
		assert_int_equal(get_vm_area_size(vm), bytes);
		assert_int_equal(vm->flags, VM_ALLOC);
		assert_int_equal(vm->nr_pages, bytes / P);
		assert_int_equal(vm->page_order, 0);
		assert_non_null(vm->caller);
		memset(p, 'x', bytes);
		assert_int_equal(p[bytes - 1], 'x');
		assert_true(faults(p - 1));
		assert_true(faults(p + bytes));
		assert_true(faults(p + bytes + P - 1));
		assert_ptr_equal(find_vm_area(p + bytes), vm);
	}
	machine_down(m);
}

static void test_lowest_hole_and_lazy_reuse(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	char *a = vmalloc(3 * P), *b = vmalloc(P), *c;

	assert_ptr_equal(a, m->vmalloc_start);
	assert_ptr_equal(b, a + 4 * P);
	vfree(a);
	c = vmalloc(3 * P);
	assert_ptr_equal(c, b + 2 * P); /* not a again */
	vm_unmap_aliases();
	assert_true(faults(a));
	assert_ptr_equal(vmalloc(3 * P), a);
	machine_down(m);
}

static void test_pages(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	char *p = vmalloc(8 * P);

	for (unsigned long i = 0; i < 8; i++) {
		struct page *page = vmalloc_to_page(p + i * P + 123);

		assert_ptr_equal(page, find_vm_area(p)->pages[i]);
		assert_int_equal(page_count(page), 1);
		assert_false(PageSlab(page));
		assert_false(PageCompound(page));
		assert_int_equal(vmalloc_to_pfn(p + i * P), page_to_pfn(page));
	}
	assert_null(vmalloc_to_page(p + 8 * P));
	vfree(p);
	assert_null(vmalloc_to_page(p));
	machine_down(m);
}

/* A frame is seen at its linear and at its vmalloc address at once. */
static void test_aliasing(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	char *p = vmalloc(16 * P);

	for (unsigned long i = 0; i < 16; i++) {
		char *linear = page_address(vmalloc_to_page(p + i * P));

		p[i * P + 7] = (char)i;
		assert_int_equal(linear[7], (char)i);
		linear[4095] = 'z';
		assert_int_equal(p[i * P + 4095], 'z');
	}
	machine_down(m);
}

static bool all_zero(const char *p, size_t bytes)
{
	return p[0] == 0 && memcmp(p, p + 1, bytes - 1) == 0;
}

/* Leave every frame that the next requests may get dirty. */
static void dirty_frames(void)
{
	char *p = vmalloc(4 << 20);

	assert_non_null(p);
	memset(p, 0xa5, 4 << 20);
	vfree(p);
}

static void test_variants(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=2 numa=fake=2");
	char *p;

	dirty_frames();
	p = vzalloc(9 * P);
	assert_true(all_zero(p, 9 * P));
	p = vzalloc_node(9 * P, 0);
	assert_true(all_zero(p, 9 * P));
	p = vmalloc_user(9 * P);
	assert_true(all_zero(p, 9 * P));
	assert_int_equal(find_vm_area(p)->flags, VM_ALLOC | VM_USERMAP);
	p = vmalloc_32_user(9 * P);
	assert_true(all_zero(p, 9 * P));
	assert_int_equal(find_vm_area(p)->flags, VM_ALLOC | VM_USERMAP);
	p = vcalloc(9, P);
	assert_true(all_zero(p, 9 * P));
	assert_null(vcalloc(~0UL / 2, 3));
	assert_null(vmalloc_array(~0UL / 2, 3));
	p = vmalloc_array(3, 1000);
	assert_int_equal(find_vm_area(p)->nr_pages, 1);
	p = vmalloc_32(P);
	assert_true(page_zonenum(vmalloc_to_page(p)) <= ZONE_DMA32);
	p = __vmalloc(P, GFP_KERNEL | GFP_DMA);
	assert_int_equal(page_zonenum(vmalloc_to_page(p)), ZONE_DMA);
	p = __vmalloc(3 * P, GFP_NOWAIT);
	assert_int_equal(find_vm_area(p)->flags, VM_ALLOC);
	for (int nid = 0; nid < 2; nid++) {
		p = vmalloc_node(4 * P, nid);
		assert_int_equal(page_to_nid(vmalloc_to_page(p)), nid);
	}
	p = __vmalloc_node(P, 1 << 16, GFP_KERNEL, NUMA_NO_NODE, NULL);
	assert_int_equal((unsigned long)p % (1 << 16), 0);
	machine_down(m);
}

static void test_huge(void **state)
{
	const unsigned long huge = 2 << 20;
	struct kalloc_machine *m = machine_up("mem=128M nr_cpus=1");
	unsigned long used = frames_used();
	unsigned int left = map_budget_left();
	struct vm_struct *vm;
	char *p = vmalloc(huge), *q;

	assert_int_equal(find_vm_area(p)->page_order, 0);
	q = vmalloc_huge(huge - 1, GFP_KERNEL);
	assert_int_equal(find_vm_area(q)->page_order, 0);
	vfree(q);
	vfree(p);

	p = vmalloc_huge(huge, GFP_KERNEL);
	vm = find_vm_area(p);
	assert_int_equal((unsigned long)p % huge, 0);
	assert_int_equal(vm->page_order, 9);
	assert_int_equal(vm->flags, VM_ALLOC | VM_ALLOW_HUGE_VMAP);
	assert_int_equal(vm->nr_pages, 512);
	assert_int_equal(page_count(vm->pages[511]), 1);
	memset(p, 1, huge);
	assert_true(faults(p + huge));

	q = vmalloc_huge(huge + 1, GFP_KERNEL);
	vm = find_vm_area(q);
	assert_int_equal(vm->nr_pages, 1024);
	assert_int_equal(vm->size, 2 * huge + P);
	vfree(p);
	vfree(q);
	vm_unmap_aliases();
	assert_int_equal(frames_used(), used);
	assert_int_equal(map_budget_left(), left);
	machine_down(m);
}

/* The size counts per node: less than a block for each is no reason to use blocks. */
static void test_huge_per_node(void **state)
{
	struct kalloc_machine *m = machine_up("mem=128M nr_cpus=2 numa=fake=2");

	assert_int_equal(find_vm_area(vmalloc_huge(2 << 20, GFP_KERNEL))->page_order, 0);
	assert_int_equal(find_vm_area(vmalloc_huge((4 << 20) - 1, GFP_KERNEL))->page_order, 0);
	assert_int_equal(find_vm_area(vmalloc_huge(4 << 20, GFP_KERNEL))->page_order, 9);
	machine_down(m);
}

/* Frames that have no linear address serve as well, and first. */
static void test_highmem(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1 highmem=32M");
	char *p = vzalloc(8 * P), *mapped;
	struct page *page = vmalloc_to_page(p + 3 * P);

	assert_int_equal(page_zonenum(page), ZONE_HIGHMEM);
	assert_true(all_zero(p, 8 * P));
	strcpy(p + 3 * P, "high");
	mapped = kmap_local_page(page);
	assert_string_equal(mapped, "high");
	kunmap_local(mapped);
	p = vmalloc_32(P);
	assert_true(page_zonenum(vmalloc_to_page(p)) <= ZONE_DMA32);
	machine_down(m);
}

/* No block of order 9 left, and far more single pages than needed. */
static void test_huge_falls_back(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct page *blocks[64];
	unsigned int nr = 0;
	char *p;

	while ((blocks[nr] = alloc_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, 9)))
		nr++;
	for (unsigned int i = 0; i < nr; i++) {
		split_page(blocks[i], 9);
		for (unsigned int j = 1; j < 512; j += 2)
			__free_page(blocks[i] + j);
	}
	p = vmalloc_huge(2 << 20, GFP_KERNEL);
	assert_non_null(p);
	assert_int_equal(find_vm_area(p)->page_order, 0);
	assert_int_equal(find_vm_area(p)->size, (2 << 20) + P);
	memset(p, 1, 2 << 20);
	assert_string_equal(console_said, "");
	machine_down(m);
}

static void test_page_array(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned long used = frames_used();
	char *small = vmalloc(512 * P), *large = vmalloc(513 * P);

	assert_false(is_vmalloc_addr(find_vm_area(small)->pages));
	assert_true(is_vmalloc_addr(find_vm_area(large)->pages));
	vfree(small);
	vfree(large);
	assert_int_equal(frames_used(), used);
	machine_down(m);
}

static void test_accounting(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=2 numa=fake=2");
	unsigned long before = vmap_nr_vmalloc(m);
	char *a = vmalloc(10 * P), *b = vmalloc_node(3 * P, 1);

	assert_int_equal(vmap_nr_vmalloc(m), before + 13);
	vfree(a);
	vfree_atomic(b);
	assert_int_equal(vmap_nr_vmalloc(m), before);
	machine_down(m);
}

static void test_two_machines(void **state)
{
	struct kalloc_machine *a = machine_up(SMALL), *b = machine_up(SMALL);
	char *in_b = vmalloc(2 * P), *in_a;

	kalloc_enter(a);
	in_a = vmalloc(2 * P);
	strcpy(in_a, "a");
	strcpy(in_b, "b");
	assert_true(in_a >= a->vmalloc_start && in_a < a->vmalloc_end);
	assert_true(in_b >= b->vmalloc_start && in_b < b->vmalloc_end);
	vfree(in_b); /* of the machine that is not current */
	assert_null(find_vm_area(in_b));
	assert_string_equal(in_a, "a");
	assert_int_equal(vmap_nr_vmalloc(b), 0);
	assert_int_equal(vmap_nr_vmalloc(a), 2);
	machine_down(b);
	assert_string_equal(in_a, "a");
	kalloc_enter(a);
	machine_down(a);
}

#define NR_THREADS 4

struct churn {
	struct kalloc_machine *m;
	struct rand rand;
	unsigned int nr_seen;
};

static void count_frames(const struct vmap_entry *entry, void *ctx)
{
	for (unsigned int i = 0; entry->vm && i < entry->vm->nr_pages; i++)
		*(unsigned int *)ctx += page_to_nid(entry->vm->pages[i]) == 0;
}

static void *churn(void *arg)
{
	struct churn *self = arg;
	struct rand rand = self->rand;
	int turns = getenv("KALLOC_UNDER_VALGRIND") ? 40 : 400;
	char *held[8] = { NULL };
	bool good = true;

	kalloc_enter(self->m);
	for (int i = 0; i < turns; i++) {
		unsigned int slot = rand_below(&rand, 8);
		unsigned long nr = 1 + rand_below(&rand, 20);

		if (held[slot]) {
			good &= held[slot][0] == (char)slot;
			vfree(held[slot]);
			held[slot] = NULL;
			continue;
		}
		held[slot] = vmalloc(nr * P);
		good &= held[slot] != NULL;
		memset(held[slot], (int)slot, nr * P);
		if (i % 20 == 0)
			vmap_each(self->m, count_frames, &self->nr_seen);
		if (i % 50 == 0)
			vm_unmap_aliases();
	}
	for (int i = 0; i < 8; i++)
		vfree(held[i]);
	return good ? NULL : arg;
}

static void test_threads(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=2");
	unsigned int left = map_budget_left();
	unsigned long used = frames_used();
	struct churn churns[NR_THREADS];
	pthread_t threads[NR_THREADS];
	void *bad;

	for (int i = 0; i < NR_THREADS; i++) {
		churns[i] = (struct churn){ .m = m, .rand = { .state = (u64)i } };
		assert_int_equal(pthread_create(&threads[i], NULL, churn, &churns[i]), 0);
	}
	for (int i = 0; i < NR_THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &bad), 0);
		assert_null(bad);
		assert_true(churns[i].nr_seen > 0);
	}
	assert_int_equal(frames_used(), used);
	vm_unmap_aliases();
	assert_int_equal(map_budget_left(), left);
	assert_null(area_first(&m->vmap->areas));
	assert_int_equal(m->vmap->nr_lazy, 0);
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_lowest_hole_and_lazy_reuse),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_aliasing),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_huge_falls_back),
		cmocka_unit_test(test_huge_per_node),
		cmocka_unit_test(test_highmem),
		cmocka_unit_test(test_page_array),
		cmocka_unit_test(test_accounting),
		cmocka_unit_test(test_two_machines),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("vmalloc", tests, NULL, NULL);
}
