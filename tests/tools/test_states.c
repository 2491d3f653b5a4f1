/* SPDX-License-Identifier: MIT */
/* Proves that the kernel's files in a log are kept and their figures found. */
#include "files.h"
#include "slabinfo.h"
#include "states.h"

#define ROW \
	"dentry  10605  10605    192   21    1 : tunables    0    0    0 : slabdata    505    505      0"

static void test_files(void **state)
{
	struct states states = { 0 };
	const struct state *after;
	unsigned long long sum;

	states_begin(&states, "before");
	assert_false(states_line(&states, "no file yet"));
	states_begin(&states, "after");
	states_file(&states, "vmstat");
	assert_true(states_line(&states, "pgalloc_dma 32"));
	assert_true(states_line(&states, "pgalloc_dma32 27806"));
	assert_true(states_line(&states, "pgfree 5"));
	states_file(&states, "empty");

	after = states_find(&states, "after");
	assert_null(states_find(&states, "afterwards"));
	assert_string_equal(state_text(after, "empty"), "");
	assert_null(state_text(after, "slabinfo"));
	assert_null(state_text(NULL, "slabinfo"));
	assert_true(state_counter(after, "pgalloc_", &sum));
	assert_int_equal(sum, 27838);
	assert_false(state_counter(after, "pgsteal_", &sum));
	assert_false(state_counter(states_find(&states, "before"), "pgalloc_", &sum));
	states_fini(&states);
}

static void test_layout(void **state)
{
	static const char *const lines[] = {
		"Node 0, zone      DMA",	   "        spanned  4095",
		"  start_pfn:           1",	   "Node 1, zone    DMA32",
		"        spanned  61408",	   "  start_pfn:           4096",
		"Node 1, zone   Normal",	   "        spanned  0",
		"  start_pfn:           99999999",
	};
	struct states states = { 0 };
	struct state_layout layout;

	states_begin(&states, "after");
	assert_false(state_layout(states_find(&states, "after"), &layout));
	states_file(&states, "zoneinfo");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		states_line(&states, lines[i]);
	assert_true(state_layout(states_find(&states, "after"), &layout));
	assert_int_equal(layout.end_pfn, 65504); /* an empty zone's start does not count */
	assert_int_equal(layout.nr_nodes, 2);
	states_fini(&states);
}

static void test_slabinfo(void **state)
{
	static const char text[] =
		"slabinfo - version: 2.1\n# name <active_objs>\n" ROW
		"\nbroken 1 2 3\nlast 1 2 3 4 5 : tunables 0 0 0 : slabdata 6 7 8";
	const char *cursor = text;
	struct slabinfo_row row;

	assert_int_equal(slabinfo_next(&cursor, &row), 1);
	assert_string_equal(row.name, "dentry");
	assert_int_equal(row.size, 192);
	assert_int_equal(row.objects_per_slab, 21);
	assert_int_equal(slabinfo_next(&cursor, &row), 1);
	assert_string_equal(row.name, "last");
	assert_int_equal(slabinfo_next(&cursor, &row), 0);
	assert_int_equal(slabinfo_find(text, "dentry", &row), 1);
	assert_int_equal(slabinfo_find(text, "den", &row), 0);
	assert_int_equal(slabinfo_find(NULL, "den", &row), 0);
	assert_int_equal(slabinfo_pages(text), 505 + 7 * 5);
	assert_int_equal(slabinfo_pages(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_slabinfo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
