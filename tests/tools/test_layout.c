/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/layout.c: a layout that was saved has the state of its zone, as parity sees
 * it; restored into a fresh machine it is the same once more, saved again the same bytes;
 * a kernel's transcript is restored too; and files that cannot be one are refused.
 */
#include <kalloc/kalloc.h>

#include "commands.h"
#include "divergence.h"
#include "files.h"
#include "layout.h"

static void assert_same_files(const char *a, const char *b)
{
	size_t a_len, b_len;
	char *a_bytes = files_read(a, &a_len), *b_bytes = files_read(b, &b_len);

	assert_int_equal(a_len, b_len);
	assert_memory_equal(a_bytes, b_bytes, a_len);
	free(a_bytes);
	free(b_bytes);
}

/* What `kalloc parity` does with a file: nothing may differ. */
static void assert_parity(const char *path)
{
	struct transcript transcript;
	struct kalloc_zone_state state;
	struct contest contest;
	char *message = transcript_read(&transcript, path);

	if (message)
		fail_msg("%s", message);
	if (contest_begin(&contest, &transcript) != CONTEST_READY)
		fail_msg("%s: %s", path, contest.why);
	state = contest_state(&contest);
	assert_false(divergence_at_end(&transcript.after, &state, stdout));
	transcript_state_fini(&state);
	contest_end(&contest);
	transcript_fini(&transcript);
}

/* A file with the layout that a profile makes of a node of 64 MiB; its state and report. */
static char *make(const char *text, struct kalloc_zone_state *state,
		  struct kalloc_fragment_report *report)
{
	struct kalloc_machine *machine = kalloc_boot("kalloc.nodes=32M,64M nr_cpus=1");
	struct kalloc_fragmentation *fragmentation;
	struct kalloc_fragment_profile profile;
	char *path = files_make("", 0), *message;

	assert_non_null(machine);
	kalloc_enter(machine);
	kalloc_set_cpu(0);
	assert_int_equal(kalloc_fragment_parse(&profile, text), 0);
	assert_int_equal(kalloc_fragment_apply(&profile, &fragmentation), 0);
	kalloc_fragment_measure(fragmentation, report);
	*state = transcript_state(1, ZONE_DMA32);
	message = layout_save(fragmentation, &profile, path);
	if (message)
		fail_msg("%s", message);
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return path;
}

static void test_round_trip(void **state)
{
	static const char *const texts[] = {
		"target order=9 index=0.7 node=1 ratio=1:1",
		"random fraction=0.3 node=1 ratio=2:1",
		"aged steps=20000 node=1",
		"unmovable-scatter node=1",
		"random fraction=0 node=1",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i += under_valgrind() ? 2 : 1) {
		struct kalloc_zone_state before, after;
		struct kalloc_fragment_report then, now;
		char *path = make(texts[i], &before, &then), *again = files_make("", 0), *message;
		struct layout layout;
		int status;

		assert_parity(path);
		message = layout_restore(&layout, path, &status);
		if (message)
			fail_msg("%s", message);
		assert_int_equal(status, STATUS_OK);
		assert_true(layout.has_profile);
		kalloc_fragment_measure(layout.fragmentation, &now);
		assert_true(now.fingerprint == then.fingerprint);
		assert_memory_equal(now.orders, then.orders, sizeof(now.orders));
		after = transcript_state(1, ZONE_DMA32);
		assert_false(divergence_at_end(&before, &after, stdout));
		for (unsigned long at = 0; at < before.nr_blocks; at++)
			assert_int_equal(before.blocks[at].nr_movable, after.blocks[at].nr_movable);

		message = layout_save(layout.fragmentation, &layout.profile, again);
		assert_null(message);
		assert_same_files(path, again);
		kalloc_fragment_release(layout.fragmentation);
		layout_end(&layout);
		transcript_state_fini(&before);
		transcript_state_fini(&after);
		files_drop(path);
		files_drop(again);
	}
}

/* Frames that could move in a kernel's zone can move here. */
static void test_kernel(void **state)
{
	unsigned long nr_movable = 0;
	struct kalloc_fragment_report report;
	struct kalloc_zone_state restored;
	struct layout layout;
	char *message;
	int status;

	if (!HAVE_XZ) {
		skip();
		return;
	}
	message = layout_restore(&layout, TEST_FRAMES "/migratetypes.txt.xz", &status);
	if (message)
		fail_msg("%s", message);
	assert_false(layout.has_profile);
	restored = transcript_state(CONTEST_NODE, layout.transcript.before.zone);
	assert_false(divergence_at_end(&layout.transcript.before, &restored, stdout));
	for (unsigned long i = 0; i < restored.nr_blocks; i++) {
		assert_int_equal(restored.blocks[i].nr_movable,
				 layout.transcript.before.blocks[i].nr_movable);
		nr_movable += restored.blocks[i].nr_movable;
	}
	kalloc_fragment_measure(layout.fragmentation, &report);
	assert_int_equal(report.nr_held[MIGRATE_MOVABLE], nr_movable);
	assert_int_equal(report.nr_held[MIGRATE_UNMOVABLE], 0);
	assert_true(kalloc_write("/proc/sys/vm/compact_memory", "1") > 0);
	kalloc_fragment_release(layout.fragmentation);
	layout_end(&layout);
	transcript_state_fini(&restored);
}

static const char sample[] = SAMPLE("frames.txt");

/* One line of the sample changed. */
static const struct {
	const char *from, *to, *message;
} bad[] = {
	{ "# parameters", "# held m 0 4600x\n#", "line 2: malformed: '# held m 0 4600x'" },
	{ "# parameters", "# held q 0 4600\n#", "malformed: '# held q 0 4600'" },
	{ "# parameters", "# held m 0\n#", "malformed: '# held m 0'" },
	{ "# parameters", "# held u 11 4400\n#", "malformed: '# held u 11 4400'" },
	{ "# parameters", "# held u -1 4400\n#", "malformed" },
	{ "# parameters", "# held u 0 4300\n#", "block 4300 of order 0: outside the zone" },
	{ "# parameters", "# held u 0 4c00\n#", "block 4c00 of order 0: outside the zone" },
	{ "# parameters", "# held u 3 4601\n#", "block 4601 of order 3: not aligned" },
	{ "# parameters", "# held m 1 4600\n#", "only single frames can move" },
	{ "# parameters", "# held u 0 4801\n#", "a frame of it is free, or held twice" },
	{ "# parameters", "# held u 0 4600\n# held u 1 4600\n#",
	  "line 3: block 4600 of order 1: " },
	{ "# parameters", "# held m 0 4400\n#", "pageblock 4400: 1 frames are held that can move" },
	{ "# parameters", "# profile target order=9\n#", "line 2: kalloc: fragment: target needs" },
	{ "# parameters", "# profile \n#", "no profile named" },
	{ "B 4600 0 0 3", "B 4600 0 0 513", "movable 513: must be below 513" },
	{ "start 4400", "start 1000", "pageblock 4400: must be 1000" },
	{ "whigh 15", "whigh 11", "do not ascend" },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *path = files_edit(sample, bad[i].from, bad[i].to), *message;
		struct layout layout;
		int status = -1;

		message = layout_restore(&layout, path, &status);
		if (!message || !strstr(message, bad[i].message) || strchr(message, '\n'))
			fail_msg("row %zu: '%s' expected: %s", i, bad[i].message,
				 message ? message : "accepted");
		assert_non_null(strstr(message, path));
		assert_int_equal(status, STATUS_USAGE);
		free(message);
		files_drop(path);
	}
}

/* More frames movable than in use is the state's own fault. */
static void test_too_many_movable(void **state)
{
	char *path = files_edit(sample, "B 4800 1 1 0", "B 4800 1 1 7"), *message;
	struct layout layout;
	int status;

	message = layout_restore(&layout, path, &status);
	assert_non_null(message);
	assert_non_null(strstr(message, "pageblock 4800: 7 frames movable, 0 in use"));
	assert_int_equal(status, STATUS_USAGE);
	free(message);
	files_drop(path);
}

/* What is held by hand, beside what the B lines say. */
static void test_some_held(void **state)
{
	char *path = files_edit(sample, "# parameters",
				"# held u 1 4402\n# held m 0 4610\n# held r 0 4611\n#");
	struct kalloc_fragment_report report;
	struct layout layout;
	char *message;
	int status;

	message = layout_restore(&layout, path, &status);
	if (message)
		fail_msg("%s", message);
	kalloc_fragment_measure(layout.fragmentation, &report);
	assert_int_equal(report.nr_held[MIGRATE_UNMOVABLE], 2);
	assert_int_equal(report.nr_held[MIGRATE_RECLAIMABLE], 1);
	assert_int_equal(report.nr_held[MIGRATE_MOVABLE], 3);
	assert_int_equal(layout.nr_blocks, 5);
	assert_int_equal(layout.blocks[1].pfn, 0x4610);
	assert_int_equal(layout.blocks[3].pfn, 0x4600);
	assert_int_equal(layout.blocks[4].pfn, 0x4601);
	layout_end(&layout);
	files_drop(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_bad),	   cmocka_unit_test(test_too_many_movable),
		cmocka_unit_test(test_some_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
