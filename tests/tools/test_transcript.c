/* SPDX-License-Identifier: MIT */
/*
 * Proves that a transcript is read as it is written, written as it is read, and that every
 * way in which one can be malformed, incomplete or of another kind of kernel is refused with
 * file and line.
 */
#include "files.h"
#include "transcript.h"

static void test_sample(void **state)
{
	struct transcript t;

	assert_null(transcript_read(&t, SAMPLE("frames.txt")));
	assert_string_equal(t.zone_name, "DMA32");
	assert_int_equal(t.max_order, 10);
	assert_int_equal(t.before.zone, ZONE_DMA32);
	assert_int_equal(t.before.start_pfn, 0x4400);
	assert_int_equal(t.before.spanned_pages, 2048);
	assert_int_equal(t.before.managed_pages, 2000);
	assert_int_equal(t.before.mark_min, 10);
	assert_int_equal(t.before.mark_low, 12);
	assert_int_equal(t.before.mark_high, 15);
	assert_int_equal(t.before.stat_threshold, 4);
	assert_int_equal(t.before.pcp_high, 60);
	assert_int_equal(t.before.pcp_batch, 3);
	assert_int_equal(t.before.nr_free_folded, 1024);
	assert_int_equal(t.before.pcp_count, 0);
	assert_int_equal(t.after.nr_free_folded, 1021);
	assert_int_equal(t.after.pcp_count, 1);

	assert_int_equal(t.before.nr_blocks, 4);
	assert_int_equal(t.before.blocks[1].pfn, 0x4600);
	assert_int_equal(t.before.blocks[1].nr_movable, 3);
	assert_int_equal(t.after.blocks[2].migratetype, MIGRATE_MOVABLE);
	assert_int_equal(t.before.nr_free, 1);
	assert_int_equal(t.before.free[0].pfn, 0x4800);
	assert_int_equal(t.before.free[0].list, 10);
	assert_int_equal(t.before.nr_pcp, 0);
	assert_int_equal(t.after.nr_free, 9);
	assert_int_equal(t.after.nr_pcp, 1);
	assert_int_equal(t.after.pcp[0].pfn, 0x4802);

	assert_int_equal(t.nr_calls, 7);
	assert_int_equal(t.nr_ids, 5);
	assert_false(t.calls[2].give);
	assert_int_equal(t.calls[2].order, 5);
	assert_int_equal(t.calls[2].gfp, 0x202808);
	assert_int_equal(t.calls[2].pfn, 0x4820);
	assert_int_equal(t.calls[2].line, 10);
	assert_true(t.calls[6].give);
	assert_int_equal(t.calls[6].id, 2);
	assert_int_equal(t.calls[6].order, 5);
	assert_int_equal(t.calls[4].pfn, 0);
	transcript_fini(&t);
}

static void test_list_orders(void **state)
{
	assert_int_equal(transcript_list_order(0), 0);
	assert_int_equal(transcript_list_order(2), 0);
	assert_int_equal(transcript_list_order(11), 3);
	assert_int_equal(transcript_list_order(12), 9);
	assert_int_equal(transcript_list_order(13), 9);
}

static const struct {
	const char *from, *to;
	const char *message;
} rows[] = {
	{ "# zone DMA32", "zone DMA32", "line 1: not a transcript" },
	{ "# zone DMA32", "# zone DMA33", "line 1: no zone is called 'DMA33'" },
	{ " wlow 12", "", "line 1: no 'wlow' in the header" },
	{ " pcp high 60", "", "line 1: no 'pcp high' in the header" },
	{ "thr 4", "thr four", "line 1: 'thr four' in the header: must be 0 to 125" },
	{ "thr 4", "thr 126", "line 1: 'thr 126' in the header: must be 0 to 125" },
	{ "wmin 10", "wmin 10x", "line 1: 'wmin 10x'" },
	{ "max_order 11", "max_order 30", "line 1: 'max_order 30'" },
	{ "pageblock_order 9", "pageblock_order 7", "line 1: pageblocks of order 7" },
	{ "THISNODE 200000", "THISNODE 100000",
	  "line 1: flag THISNODE is 0x100000 there and 0x200000" },
	{ "spanned 2048", "spanned 0", "line 1: 'spanned 0'" },
	{ "gfree1 1021", "gfree1", "line 1: 'gfree1 ha1'" },
	{ "B 4600 0 0 3", "B 4600 0 0", "line 4: malformed: 'B 4600 0 0'" },
	{ "B 4600 0 0 3", "B 4600 0 0 3 1", "line 4: malformed" },
	{ "B 4600 0 0 3", "B  4600 0 0 3", "line 4: malformed" },
	{ "B 4600 0 0 3", "B 46g0 0 0 3", "line 4: malformed" },
	{ "B 4600 0 0 3", "B 4600 0 5 3", "line 4: type 5: must be below 5" },
	{ "B 4600 0 0 3", "C 4600 0 0 3", "line 4: 'C 4600 0 0 3' is out of place or unknown" },
	{ "B 4600 0 0 3", "", "line 4: '' is out of place or unknown" },
	{ "I 0 10 1 4800", "I 0 11 1 4800", "line 7: order 11: must be below 11" },
	{ "I 0 10 1 4800", "I 1 14 1 4800", "line 7: list 14: must be below 14" },
	{ "I 0 10 1 4800", "I 2 10 1 4800", "line 7: pcp 2: must be below 2" },
	{ "I 0 10 1 4800", "I 0 10 1 4c00", "line 7: block 4c00 of order 10 is outside the zone" },
	{ "I 0 10 1 4800", "I 0 9 1 4800",
	  "line 8: up to here, the I lines hold 512 free frames and 0 on per-CPU lists, and the "
	  "header has 1024 and 0: truncated" },
	{ "count0 0", "count0 1", "line 8: up to here, the I lines hold" },
	{ "gfree0 1024", "gfree0 1023", "inconsistent" },
	{ "A 1 0 202808 4801", "A 2 0 202808 4801", "line 9: allocation 2: 1 is next" },
	{ "A 1 0 202808 4801", "A 1 11 202808 4801", "line 9: order 11: must be below 11" },
	{ "A 1 0 202808 4801", "A 1 0 1202808ff 4801", "line 9: gfp 4834461951: must be below" },
	{ "A 1 0 202808 4801", "A 1 0 202808 43ff",
	  "line 9: block 43ff of order 0 is outside the zone" },
	{ "A 1 0 202808 4801", "A 1 0 202808 99999999999999999", "line 9: malformed" },
	{ "A 1 0 202808 4801", "B 4c00 0 0 0", "line 9: 'B 4c00 0 0 0' is out of place" },
	{ "R 0 0 0 4800", "R 9 0 0 4800", "line 11: allocation 9 is not there to be given back" },
	{ "R 0 0 0 4800", "R 0 1 0 4800", "line 11: allocation 0 was frame 4800 of order 0" },
	{ "R 0 0 0 4800", "R 0 0 0 4801", "line 11: allocation 0 was frame 4800 of order 0" },
	{ "R 2 5 0 4820", "R 3 10 0 0", "line 14: allocation 3 is not there to be given back" },
	{ "R 2 5 0 4820", "R 0 0 0 4800", "line 14: allocation 0 is not there to be given back" },
	/* The header: what no zone can be. */
	{ "managed 2000", "managed 2049", "line 1: 2049 frames managed of 2048" },
	{ "wlow 12", "wlow 9", "line 1: marks 10, 9, 15 do not ascend" },
	{ "wlow 12", "wlow 16", "line 1: marks 10, 16, 15 do not ascend" },
	{ "batch 3", "batch 2049", "line 1: batch 2049 of 2048 frames" },
	{ "batch 3", "batch 0", "line 1: 'batch 0'" },
	{ "ha0 0", "ha0 2001", "line 1: 'ha0 2001' of 2000 frames" },
	{ "ha1 0", "ha1 2001", "line 1: 'ha1 2001' of 2000 frames" },
	{ "diff0 0", "diff0 5", "line 1: 'diff0 5' past the threshold, 4" },
	{ "diff1 0", "diff1 -5", "line 1: 'diff1 -5' past the threshold, 4" },
	{ "spanned 2048", "spanned 4294967297", "line 1: 'spanned 4294967297' in the header" },
	{ "start 4400", "start 100000001", "line 1: 'start 100000001' in the header: must be 0x1" },
	{ "start 4400", "start fffff801", "line 1: 2048 frames from fffff801: past 16 TiB" },
	{ "start 4400", "start fffffffffffffffff", "line 1: 'start fffffffffffffffff'" },
	{ "gfree0 1024", "gfree0 99999999999999999999", "line 1: 'gfree0 9999999999" },
	/* Pageblocks: each once, in order, none missing, however many there would be. */
	{ "B 4600 0 0 3", "B 4800 0 0 3", "line 4: pageblock 4800: must be 4600" },
	{ "B 4600 0 0 3", "B 4400 0 0 3", "line 4: pageblock 4400: must be 4600" },
	{ "B 4600 0 0 3", "B 4600 0 0 513", "line 4: movable 513: must be below 513" },
	{ "B 4a00 1 1 0\n", "", "line 6: up to here, pageblock 4a00 is missing" },
	{ "B 4a00 1 1 0\n", "B 4a00 1 1 0\nB 4c00 1 1 0\n", "line 7: pageblock 4c00: must be" },
	{ "spanned 2048", "spanned 4294900000", "line 7: up to here, pageblock 4c00 is missing" },
	/* Free blocks: aligned, inside to their last frame, no frame twice. */
	{ "I 0 10 1 4800", "I 0 10 1 4600", "line 7: block 4600 is not aligned to order 10" },
	{ "spanned 2048", "spanned 2047", "line 7: block 4800 of order 10 is outside the zone" },
	{ "I 0 10 1 4800", "I 0 9 1 4800\nI 0 9 1 4800", "line 8: frame 4800 is free twice" },
	{ "I 0 10 1 4800", "I 0 10 1 4800\nI 1 0 0 4bff", "line 8: frame 4bff is free twice" },
	{ "I 0 10 1 4800", "I 1 0 4 4800", "line 7: type 4: must be below 4" },
	{ "F 1 1 1 4802\n", "F 1 1 1 4803\n", "frame 4803 is free twice" },
	/* Calls that a transcript cannot have. */
	{ "A 1 0 202808 4801", "A 1 1 202808 4801",
	  "line 9: block 4801 is not aligned to order 1" },
	{ "A 1 0 202808 4801", "A 1 0 202c08 4801", "line 9: gfp 0x202c08: it may sleep" },
	{ "A 1 0 202808 4801", "A 1 0 20a808 4801", "line 9: gfp 0x20a808: it may sleep" },
	{ "A 1 0 202808 4801", "A 1 0 20280d 4801", "line 9: gfp 0x20280d: more than one zone" },
	{ "A 1 0 202808 4801", "A 1 0 202818 4801", "line 9: gfp 0x202818: movable and" },
	{ "A 1 0 202808 4801", "A 1 0 8202808 4801", "line 9: gfp 0x8202808: flags that 6.1" },
	{ "A 1 0 202808 4801", "A 0 0 202808 4801", "line 9: allocation 0: 1 is next" },
	{ "F 1 1 1 4802\n", "", "line 23: up to here, the F lines hold 1021 free frames and 0 on" },
};

static void test_refusals(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *path = files_edit(SAMPLE("frames.txt"), rows[i].from, rows[i].to);
		struct transcript transcript;
		char *message = transcript_read(&transcript, path);

		if (!message || strncmp(message, path, strlen(path)) != 0 ||
		    !strstr(message, rows[i].message))
			fail_msg("'%s' for '%s': %s, expected %s", rows[i].to, rows[i].from,
				 message ? message : "accepted", rows[i].message);
		free(message);
		transcript_fini(&transcript);
		files_drop(path);
	}
}

/* Wherever the file is cut off, that is seen. */
static void test_truncated(void **state)
{
	size_t len;
	char *bytes = files_read(SAMPLE("frames.txt"), &len);

	/* The last newline may be missing. */
	for (size_t cut = 0; cut < len - 1; cut++) {
		char *path = files_make(bytes, cut);
		struct transcript transcript;
		char *message = transcript_read(&transcript, path);

		if (!message)
			fail_msg("cut to %zu of %zu bytes: accepted", cut, len);
		free(message);
		transcript_fini(&transcript);
		files_drop(path);
	}
	free(bytes);
}

/* --- writing ----------------------------------------------------------- */

static void assert_alike(const struct kalloc_zone_state *a, const struct kalloc_zone_state *b)
{
	struct kalloc_zone_state x = *a, y = *b;

	assert_int_equal(x.nr_free, y.nr_free);
	assert_int_equal(x.nr_pcp, y.nr_pcp);
	assert_int_equal(x.nr_blocks, y.nr_blocks);
	assert_memory_equal(x.free, y.free, x.nr_free * sizeof(*x.free));
	if (x.nr_pcp)
		assert_memory_equal(x.pcp, y.pcp, x.nr_pcp * sizeof(*x.pcp));
	assert_memory_equal(x.blocks, y.blocks, x.nr_blocks * sizeof(*x.blocks));
	x.free = x.pcp = y.free = y.pcp = NULL;
	x.blocks = y.blocks = NULL;
	x.max_free = x.max_pcp = x.max_blocks = y.max_free = y.max_pcp = y.max_blocks = 0;
	assert_memory_equal(&x, &y, sizeof(x));
}

/* Read, write, read: the same but for the numbers of the lines. */
static void write_back(const char *path)
{
	struct transcript first, second;
	char *message = transcript_read(&first, path), *written = files_make("", 0);
	FILE *out = fopen(written, "w");

	if (message)
		fail_msg("%s", message);
	assert_non_null(out);
	transcript_write(&first, "# one remark\n# and another\n", out);
	assert_int_equal(fclose(out), 0);
	message = transcript_read(&second, written);
	if (message)
		fail_msg("%s", message);
	assert_string_equal(first.zone_name, second.zone_name);
	assert_int_equal(first.max_order, second.max_order);
	assert_alike(&first.before, &second.before);
	assert_alike(&first.after, &second.after);
	assert_int_equal(first.nr_ids, second.nr_ids);
	assert_int_equal(first.nr_calls, second.nr_calls);
	for (size_t i = 0; i < first.nr_calls; i++) {
		second.calls[i].line = first.calls[i].line;
		assert_int_equal(first.calls[i].give, second.calls[i].give);
		assert_int_equal(first.calls[i].order, second.calls[i].order);
		assert_int_equal(first.calls[i].gfp, second.calls[i].gfp);
		assert_int_equal(first.calls[i].id, second.calls[i].id);
		assert_int_equal(first.calls[i].pfn, second.calls[i].pfn);
	}
	transcript_fini(&first);
	transcript_fini(&second);
	files_drop(written);
}

static void test_written(void **state)
{
	write_back(SAMPLE("frames.txt"));
	if (!HAVE_XZ)
		return;
	write_back(TEST_FRAMES "/order0.txt.xz");
	if (under_valgrind())
		return;
	write_back(TEST_FRAMES "/migratetypes.txt.xz");
	write_back(TEST_FRAMES "/random-5.txt.xz");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample),	    cmocka_unit_test(test_written),
		cmocka_unit_test(test_list_orders), cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
