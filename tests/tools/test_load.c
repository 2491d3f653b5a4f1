/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/load.c: a load takes no more than it may, rises and falls, is the same for
 * the same seed, goes on where it was, and leaves nothing behind.
 */
#include <kalloc/fragment.h>
#include <kalloc/kalloc.h>

#include "files.h"
#include "load.h"

static unsigned long nr_free(void)
{
	struct kalloc_fragment_profile profile;
	struct kalloc_fragmentation *fragmentation;
	struct kalloc_fragment_report report;

	assert_int_equal(kalloc_fragment_parse(&profile, "random fraction=0"), 0);
	assert_int_equal(kalloc_fragment_apply(&profile, &fragmentation), 0);
	kalloc_fragment_measure(fragmentation, &report);
	kalloc_fragment_release(fragmentation);
	return report.nr_free;
}

static unsigned long trace(unsigned long seed, unsigned long pieces)
{
	struct kalloc_machine *machine = kalloc_boot("mem=64M nr_cpus=1");
	unsigned long before, sum = 0, highest = 0, lowest = ~0UL;
	struct load load;

	kalloc_enter(machine);
	kalloc_set_cpu(0);
	before = nr_free();
	load_begin(&load, 0, seed, 3000);
	for (unsigned long at = 0; at < 20000; at += pieces) {
		load_run(&load, pieces);
		assert_in_range(load.frames, 0, 3000);
		if (at % 1000 == 0)
			sum = sum * 31 + load.frames + page_to_pfn(load.blocks[0].page);
		if (at > 4096 && load.frames < lowest)
			lowest = load.frames;
		if (load.frames > highest)
			highest = load.frames;
	}
	assert_int_equal(load.steps, 20000);
	assert_true(highest > 2900);
	assert_true(lowest < 500);
	load_end(&load);
	assert_int_equal(nr_free(), before);
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return sum;
}

static void test_load(void **state)
{
	unsigned long first = trace(1, 1);

	assert_true(trace(1, 1) == first);
	assert_true(trace(2, 1) != first);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_load) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
