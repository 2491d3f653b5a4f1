/* SPDX-License-Identifier: MIT */
/*
 * Proves the page allocator against a real kernel, in this process (so under Valgrind and
 * the sanitizers, too): of every transcript in tests/page/data each frame, each failure
 * and the final state are the kernel's. And that a machine is found for zones that lie
 * elsewhere, or that it is said why there is none.
 */
#include "contest.h"
#include "divergence.h"
#include "files.h"

static void play(const char *path, unsigned long nr_frames, unsigned long nr_failures)
{
	struct transcript transcript;
	struct kalloc_zone_state state;
	struct contest contest;
	char *message = transcript_read(&transcript, path);

	if (message)
		fail_msg("%s", message);
	if (contest_begin(&contest, &transcript) != CONTEST_READY)
		fail_msg("%s: %s", path, contest.why);
	while (contest.next < transcript.nr_calls) {
		const struct transcript_call *call = &transcript.calls[contest.next];
		unsigned long pfn = contest_call(&contest);

		if (pfn != call->pfn)
			fail_msg("%s: line %lu: %lx, Linux %lx", path, call->line, pfn, call->pfn);
	}
	state = contest_state(&contest);
	assert_false(divergence_at_end(&transcript.after, &state, stdout));
	assert_int_equal(contest.nr_frames, nr_frames);
	assert_int_equal(contest.nr_frames_alike, nr_frames);
	assert_int_equal(contest.nr_failures, nr_failures);
	assert_int_equal(contest.nr_failures_alike, nr_failures);
	transcript_state_fini(&state);
	contest_end(&contest);
	transcript_fini(&transcript);
}

static void test_kernel(void **state)
{
	if (!HAVE_XZ) {
		skip();
		return;
	}
	play(TEST_FRAMES "/order0.txt.xz", 1707, 0);
	play(TEST_FRAMES "/mixed-orders.txt.xz", 4301, 0);
	play(TEST_FRAMES "/migratetypes.txt.xz", 7210, 0);
	play(TEST_FRAMES "/gfp-mix.txt.xz", 9591, 0);
	/* To the end of memory: failures, boosts and high-atomic reserves up to their cap. */
	play(TEST_FRAMES "/random-5.txt.xz", 11649, 262);
}

/* A zone of one pageblock, half of it free, with one call. */
static void one_call(unsigned long start, const char *zone, const char *why)
{
	static const char text[] =
		"# zone %s start %lx spanned 512 managed 512 pcp high 60 batch 1 wmin 1 wlow 1 "
		"whigh 1 thr 4 reserve_dma 0 reserve_dma32 0 reserve_normal 0 reserve_movable 0 "
		"max_order 11 pageblock_order 9 GFP_NOWAIT 800 HIGH 20 ATOMIC 200 MOVABLE 8 "
		"RECLAIMABLE 10 MEMALLOC 20000 NOMEMALLOC 80000 THISNODE 200000 NOWARN 2000 "
		"boost0 0 ff0 0 diff0 0 gfree0 256 ha0 0 count0 0 "
		"boost1 0 ff1 0 diff1 0 gfree1 0 ha1 0 count1 0\n"
		"B %lx 0 0 0\nI 0 8 0 %lx\nA 0 4 200800 %lx\n";
	char bytes[1024];
	int len = snprintf(bytes, sizeof(bytes), text, zone, start, start, start, start);
	char *path = files_make(bytes, (size_t)len);
	struct transcript transcript;
	struct contest contest;

	assert_null(transcript_read(&transcript, path));
	if (why) {
		assert_int_equal(contest_begin(&contest, &transcript), CONTEST_UNFIT);
		if (!strstr(contest.why, why))
			fail_msg("'%s' expected, said: %s", why, contest.why);
	} else {
		if (contest_begin(&contest, &transcript) != CONTEST_READY)
			fail_msg("%s at %lx: %s", zone, start, contest.why);
		assert_int_equal(contest_call(&contest), start);
		contest_end(&contest);
	}
	transcript_fini(&transcript);
	files_drop(path);
}

static void test_places(void **state)
{
	one_call(0x1400, "DMA32", NULL);
	one_call(0x2a00, "DMA32", NULL); /* not at a multiple of the largest block */
	one_call(0xbfe00, "DMA32", NULL);
	one_call(0x100400, "Normal", NULL);
	one_call(0x140000, "Normal", NULL);
	one_call(0x900000, "Normal", NULL);

	one_call(0x400, "DMA", "a zone that starts at frame 400");
	one_call(0x100000, "Normal", "a zone that starts at frame 100000");
	one_call(0x1000, "DMA32", "a zone that starts at frame 1000: no room before it");
	one_call(0x1200, "DMA32", "a zone that starts at frame 1200");
	one_call(0x4000, "Normal", "zone 2, CPU 0: there is none");
	one_call(0xd0000, "Normal", "zone 2, CPU 0: there is none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
