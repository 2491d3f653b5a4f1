/* SPDX-License-Identifier: MIT */
/*
 * Proves src/malloc/info.c and machine_file.c: mallinfo2() counts what was allocated, and a file is
 * read whole however long it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>

#include "heap.h"
#include "info.h"
#include "machine_file.h"

#define MIB (1UL << 20)
#define NR  1500

static struct kalloc_machine *up(void)
{
	struct kalloc_machine *m = kalloc_boot("mem=256M nr_cpus=1 kalloc.ram=private");

	assert_non_null(m);
	kalloc_enter(m);
	return m;
}

static void down(struct kalloc_machine *m)
{
	kalloc_enter(NULL);
	kalloc_halt(m);
}

static void test_info(void **state)
{
	struct kalloc_machine *m = up();
	struct mallinfo2 before = info_now(), after;
	void *objects[NR], *block, *area;

	for (int i = 0; i < NR; i++)
		objects[i] = heap_alloc(1024);
	block = heap_alloc(MIB);
	area = heap_alloc(8 * MIB);
	after = info_now();
	assert_in_range(after.uordblks - before.uordblks, NR * 1024 + MIB, NR * 1200 + 2 * MIB);
	assert_in_range(after.arena - before.arena, NR * 1024 + MIB, NR * 1200 + 2 * MIB);
	assert_int_equal(after.arena, after.uordblks + after.fordblks);
	assert_in_range(after.hblkhd - before.hblkhd, 8 * MIB, 9 * MIB);
	assert_in_range(after.hblks, before.hblks + 1, before.hblks + 2);
	assert_true(after.fordblks == 0 || after.ordblks > 0);

	for (int i = 0; i < NR; i++)
		heap_free(objects[i]);
	heap_free(block);
	heap_free(area);
	heap_trim();
	after = info_now();
	assert_true(after.uordblks <= before.uordblks + 256 * 1024);
	assert_int_equal(after.hblks, 0);
	down(m);
}

/* Without sheaves what was freed is free in its slab. */
static void test_free_objects(void **state)
{
	struct kalloc_machine *m =
		kalloc_boot("mem=256M nr_cpus=1 kalloc.ram=private kalloc.sheaves=off");
	struct mallinfo2 before, after;
	void *objects[NR];

	assert_non_null(m);
	kalloc_enter(m);
	for (int i = 0; i < NR; i++)
		objects[i] = heap_alloc(1024);
	before = info_now();
	for (int i = 0; i < NR; i += 2)
		heap_free(objects[i]);
	after = info_now();
	/* All but those of slabs that the CPU keeps, which count as in use. */
	assert_in_range(after.ordblks - before.ordblks, NR / 2 - 64, NR / 2);
	assert_int_equal(after.fordblks - before.fordblks, (after.ordblks - before.ordblks) * 1024);
	assert_int_equal(before.uordblks - after.uordblks, after.fordblks - before.fordblks);
	down(m);
}

/* Longer than the first piece of memory that machine_file_take() tries. */
static void test_long_file(void **state)
{
	struct kalloc_machine *m = up();
	struct machine_file text;
	size_t lines = 0;

	for (int i = 0; i < NR; i++)
		assert_non_null(vmalloc(PAGE_SIZE));
	text = machine_file_take("/proc/vmallocinfo");
	assert_non_null(text.start);
	assert_true(text.len > 64UL << 10);
	assert_int_equal(strlen(text.start), text.len);
	for (const char *at = text.start; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, NR);
	machine_file_give(&text);
	down(m);
}

static void test_no_such_file(void **state)
{
	struct kalloc_machine *m = up();
	struct machine_file text = machine_file_take("/proc/nothing");

	assert_null(text.start);
	machine_file_give(&text);
	assert_int_equal(machine_file_number("Free: 12 kB\nUsed:      30 kB\n", "Used:"), 30);
	assert_int_equal(machine_file_number("Free: 12 kB\n", "Used:"), 0);
	down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_free_objects),
		cmocka_unit_test(test_long_file),
		cmocka_unit_test(test_no_such_file),
	};

	return cmocka_run_group_tests_name("info", tests, NULL, NULL);
}
