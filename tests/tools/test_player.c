/* SPDX-License-Identifier: MIT */
/*
 * Proves what becomes of each event of the hand-made samples, and of the shipped
 * trace as a whole: every free is matched or explained by the trace itself, and
 * the slab pages end within 10 % of the kernel's own.
 */
#include "replaying.h"
#include "slabinfo.h"
#include "text_file.h"

static void assert_count(const struct replaying *run, enum tally_reason reason,
			 unsigned long long expected)
{
	if (run->player.tally.counts[reason] != expected)
		fail_msg("reason %u: %llu events, expected %llu", reason,
			 run->player.tally.counts[reason], expected);
}

static void test_ftrace_sample(void **state)
{
	struct replaying run = { 0 };

	assert_null(replaying_begin(&run, SAMPLE("ftrace.txt"), false));
	assert_int_equal(run.plan.nr_cpus, 2);
	assert_int_equal(run.plan.linear.base, 0xffff888000000000);
	assert_count(&run, TALLY_ALLOC, 3);
	assert_count(&run, TALLY_FREE, 2);
	assert_count(&run, TALLY_SLAB_PAGE_ALLOC, 2);
	assert_count(&run, TALLY_PAGE_ALLOC, 2);
	assert_count(&run, TALLY_PAGE_FREE, 3); /* one block is split and freed in two parts */
	assert_count(&run, TALLY_NULL_FREE, 1);
	assert_count(&run, TALLY_BORN, 1);
	assert_count(&run, TALLY_BATCHED, 1);
	assert_count(&run, TALLY_INNER, 1);
	assert_count(&run, TALLY_UNKNOWN, 1);
	assert_count(&run, TALLY_UNEXPLAINED, 1); /* the last line frees what is free */
	assert_int_equal(run.player.classes_same, 1);
	assert_int_equal(run.player.classes_other, 0);
	assert_int_equal(run.player.now.objects, 1);
	assert_int_equal(run.player.now.frames, 1); /* pfn 0x3000 is still held */
	assert_int_equal(run.player.peak.objects, 3);
	assert_int_equal(run.player.peak.frames, 4);
	replaying_end(&run);
}

static void test_perf_sample(void **state)
{
	struct replaying run = { 0 };

	assert_null(replaying_begin(&run, SAMPLE("perf.txt"), false));
	assert_false(linear_is_known(&run.plan.linear));
	assert_count(&run, TALLY_ALLOC, 2);
	assert_count(&run, TALLY_FREE, 2);
	assert_count(&run, TALLY_PAGE_ALLOC, 1);
	assert_count(&run, TALLY_PAGE_FREE, 1);
	assert_count(&run, TALLY_UNKNOWN, 1);
	assert_int_equal(run.player.now.objects, 0);
	replaying_end(&run);
}

static void test_born_before(void **state)
{
	struct slabinfo_row row;
	struct replaying run = { 0 };
	char cmdline[4096];
	char *slabinfo;

	assert_null(replaying_begin(&run, SAMPLE("log.txt"), true));
	plan_cmdline(&run.plan, cmdline, sizeof(cmdline));
	assert_string_equal(cmdline, "mem=131072K nr_cpus=2 slab_nomerge");
	/* One frame was allocated from "before" to "after": the last mm_page_alloc. */
	assert_int_equal(run.plan.pages_between, 1);
	assert_int_equal(run.plan.before_event, 2);
	/* inode_cache: 30 active, none of them traced by then; kmalloc-64: 128, one of them traced. */
	assert_int_equal(run.player.nr_born, 30 + 127);
	slabinfo = text_file_read("/proc/slabinfo");
	assert_int_equal(slabinfo_find(slabinfo, "inode_cache", &row), 1);
	assert_int_equal(row.size, 640);
	assert_int_equal(row.slabs, 4); /* three for 31 objects of CPU 0, one for CPU 1 */
	free(slabinfo);
	replaying_end(&run);
}

#if HAVE_XZ
static unsigned long slab_pages(void)
{
	char *slabinfo = text_file_read("/proc/slabinfo");
	unsigned long pages = slabinfo_pages(slabinfo);

	free(slabinfo);
	return pages;
}

static void test_shipped_trace(void **state)
{
	struct replaying run = { 0 };
	unsigned long ours, theirs;

	assert_null(replaying_begin(&run, TEST_TRACES "/boot-and-files.log.xz", true));
	assert_int_equal(run.plan.nr_events, 127394);
	assert_int_equal(run.plan.linear.base, 0xff21809200000000);
	assert_int_equal(run.plan.caches.conflicts, 0);
	assert_int_equal(run.plan.silent_pages, 139);
	assert_int_equal(run.plan.pause_gaps, 6);
	/* Between the last event before and the first after the recorder was switched off. */
	assert_in_range(run.plan.pause.from, 112000, 112910);
	assert_in_range(run.plan.pause.to, 112911, 113300);
	assert_count(&run, TALLY_UNEXPLAINED, 0);
	assert_count(&run, TALLY_NO_MEMORY, 0);
	assert_count(&run, TALLY_UNKNOWN, 0);
	assert_int_equal(run.player.classes_other, 0);
	theirs = slabinfo_pages(state_text(states_find(&run.plan.states, "after"), "slabinfo"));
	ours = slab_pages();
	assert_int_equal(theirs, 3970);
	assert_in_range(ours, theirs - theirs / 10, theirs + theirs / 10);
	replaying_end(&run);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ftrace_sample),
		cmocka_unit_test(test_perf_sample),
		cmocka_unit_test(test_born_before),
#if HAVE_XZ
		cmocka_unit_test(test_shipped_trace),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
