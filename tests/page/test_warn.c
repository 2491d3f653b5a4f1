/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/warn.c: a failed request is reported in the kernel's words, at most one
 * in 10 s, and none with __GFP_NOWARN. The report itself is test_show_mem.c.
 */
#include "rig.h"

#include "clock.h"

static void test_rate(void **state)
{
	struct rig rig = rig_up("mem=32M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);

	assert_int_equal(rig.m->page->warn_limit.interval_ms, 10000);
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	assert_string_equal(said, "");
	assert_null(alloc_page(GFP_NOWAIT));
	assert_int_equal(said_count("kalloc: page allocation failure: order:0, "
				    "mode:0x800(GFP_NOWAIT), "),
			 1);
	assert_null(alloc_page(GFP_NOWAIT));
	assert_null(alloc_page(GFP_NOWAIT));
	assert_int_equal(said_count("page allocation failure"), 1);

	said_clear();
	rig.m->page->warn_limit.begin_ms = clock_ms() - 10001;
	assert_null(alloc_page(GFP_NOWAIT | __GFP_NOWARN));
	assert_string_equal(said, "");
	assert_null(alloc_page(GFP_NOWAIT));
	assert_ptr_equal(strstr(said, "warn_alloc: 2 callbacks suppressed\n"
				      "kalloc: page allocation failure"),
			 said);
	rig_release(&taken, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
