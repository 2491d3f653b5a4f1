/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/vmap.c: vmap_each() gives what /proc/vmallocinfo needs, in order
 * and with waiting neighbours as one; after a fork the child sees every kind of
 * area on its own memory, guards included.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "vmap_test.h"

#include "vmap.h"

struct seen {
	unsigned int nr;
	struct vmap_entry entry[16];
	unsigned long flags[16];
};

static void see(const struct vmap_entry *entry, void *ctx)
{
	struct seen *seen = ctx;

	assert_true(seen->nr < 16);
	seen->flags[seen->nr] = entry->vm ? entry->vm->flags : 0;
	seen->entry[seen->nr++] = *entry;
}

static void test_each(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct page *page = alloc_page(GFP_KERNEL);
	struct seen seen = { 0 };
	char *p[6];

	vmap_each(m, see, &seen);
	assert_int_equal(seen.nr, 0);
	p[0] = vmalloc(3 * P);
	p[1] = vmalloc(P);
	p[2] = vmalloc(P);
	p[3] = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	p[4] = vmalloc(P);
	p[5] = vm_map_ram(&page, 1, NUMA_NO_NODE);
	vfree(p[4]);
	vfree(p[1]);
	vfree(p[2]);

	vmap_each(m, see, &seen);
	assert_int_equal(seen.nr, 5);
	assert_int_equal(seen.entry[0].kind, VMAP_VM);
	assert_ptr_equal(seen.entry[0].start, p[0]);
	assert_ptr_equal(seen.entry[0].end, p[0] + 4 * P);
	assert_ptr_equal(seen.entry[0].vm, find_vm_area(p[0]));
	assert_int_equal(seen.flags[1], VM_MAP);
	assert_int_equal(seen.entry[2].kind, VMAP_RAM);
	assert_ptr_equal(seen.entry[2].start, p[5]);
	assert_ptr_equal(seen.entry[2].end, p[5] + P);
	assert_int_equal(seen.entry[3].kind, VMAP_UNPURGED);
	assert_ptr_equal(seen.entry[3].start, p[1]);
	assert_ptr_equal(seen.entry[3].end, p[3]);
	assert_int_equal(seen.entry[4].kind, VMAP_UNPURGED);
	assert_ptr_equal(seen.entry[4].start, p[4]);
	assert_ptr_equal(seen.entry[4].end, p[5]);
	machine_down(m);
}

/* While an area is built its pages are not shown. */
static void test_each_hides_unfinished(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	char *p = vmalloc(3 * P);
	struct seen seen = { 0 };

	find_vm_area(p)->flags |= VM_UNINITIALIZED;
	vmap_each(m, see, &seen);
	assert_int_equal(seen.nr, 1);
	assert_true(seen.flags[0] & VM_UNINITIALIZED);
	assert_ptr_not_equal(seen.entry[0].vm, find_vm_area(p));
	find_vm_area(p)->flags &= ~(unsigned long)VM_UNINITIALIZED;
	machine_down(m);
}

/* In the child: 0 if all is as it should be, else the number of the check that fails. */
static int child_checks(char *area, char *mapped, char *ram, char *freed, struct page *page)
{
	char *linear = page_address(page);

	if (strcmp(area, "area") || strcmp(mapped, "page") || strcmp(ram, "page"))
		return 1;
	strcpy(linear, "child");
	if (strcmp(mapped, "child") || strcmp(ram, "child"))
		return 2;
	strcpy(area, "child");
	if (strcmp(page_address(vmalloc_to_page(area)), "child"))
		return 3;
	if (!faults(freed) || !faults(area - 1) || !faults(area + 40 * P))
		return 4;
	vfree(area);
	vunmap(mapped);
	vm_unmap_ram(ram, 1);
	vm_unmap_aliases();
	if (!faults(area) || !faults(mapped) || !faults(ram))
		return 5;
	if (vmalloc(P) != (void *)freed)
		return 6;
	return 0;
}

static void test_fork(void **state)
{
	struct kalloc_machine *other = machine_up("mem=64M nr_cpus=1");
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=1");
	struct page *page = alloc_page(GFP_KERNEL);
	char *freed = vmalloc(P), *area = vmalloc(40 * P);
	char *mapped = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	char *ram = vm_map_ram(&page, 1, NUMA_NO_NODE);
	int status;
	pid_t pid;

	vfree(freed);
	strcpy(area, "area");
	strcpy(mapped, "page");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child_checks(area, mapped, ram, freed, page));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_string_equal(area, "area");
	assert_string_equal(mapped, "page");
	assert_string_equal(ram, "page");
	machine_down(m);
	machine_down(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_each_hides_unfinished),
		cmocka_unit_test(test_fork),
	};

	return cmocka_run_group_tests_name("vmap", tests, NULL, NULL);
}
