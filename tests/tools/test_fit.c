/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/fit.c: the mix of a trace has its orders, types, weights and lives, worked
 * out by hand for a small one; the library's own mix is that of the trace in examples/; and
 * what is no trace, or has no pages in it, is refused.
 */
#include <stdbool.h>

#include <kalloc/kalloc.h>

#include "files.h"
#include "fit.h"

/* A line of a trace: of an allocation, whose flags make its type, or of a free. */
#define TAKE(pfn, order, gfp)                                                             \
	"  x-1  [000] ....  1.000000: mm_page_alloc: page=0 pfn=0x" #pfn " order=" #order \
	" migratetype=0 gfp_flags=" gfp "\n"
#define GIVE(pfn, order) \
	"  x-1  [000] ....  1.000000: mm_page_free: page=0 pfn=0x" #pfn " order=" #order "\n"

/* Return: what is wrong, to be freed. */
static char *fit(struct kalloc_fragment_profile *profile, const char *text)
{
	char *path = files_make(text, strlen(text)), *message;

	assert_int_equal(kalloc_fragment_parse(profile, "aged"), 0);
	message = fit_trace(profile, path);
	files_drop(path);
	return message;
}

static const struct {
	const char *trace, *mix;
} rows[] = {
	/* Never freed. */
	{ TAKE(100, 0, "GFP_KERNEL"), "0u:1" },
	{ TAKE(100, 3, "GFP_HIGHUSER_MOVABLE") TAKE(200, 3, "GFP_HIGHUSER_MOVABLE"), "3m:2" },
	{ TAKE(100, 1, "GFP_KERNEL|__GFP_RECLAIMABLE"), "1r:1" },
	/* A life of one request, of two; of the mean, rounded. */
	{ TAKE(100, 0, "GFP_KERNEL") GIVE(100, 0), "0u:1:1" },
	{ TAKE(100, 0, "GFP_KERNEL") TAKE(101, 0, "GFP_KERNEL") GIVE(100, 0), "0u:1:2,0u:1" },
	{ TAKE(100, 0, "GFP_KERNEL") TAKE(101, 0, "GFP_KERNEL") GIVE(100, 0) GIVE(101, 0),
	  "0u:2:2" },
	/* By order, then by type. */
	{ TAKE(100, 2, "GFP_KERNEL") TAKE(200, 0, "GFP_HIGHUSER_MOVABLE")
		  TAKE(300, 0, "GFP_KERNEL"),
	  "0u:1,0m:1,2u:1" },
	/* Allocated again: its end was not seen. */
	{ TAKE(100, 0, "GFP_KERNEL") TAKE(100, 1, "GFP_KERNEL") GIVE(100, 1), "0u:1,1u:1:1" },
	/* Born before; failed; freed in part. */
	{ GIVE(500, 0) TAKE(0, 4, "GFP_KERNEL") TAKE(100, 1, "GFP_KERNEL") GIVE(100, 0), "1u:1:1" },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kalloc_fragment_profile profile;
		char *message = fit(&profile, rows[i].trace), shown[256];
		const char *mix;

		if (message)
			fail_msg("row %zu: %s", i, message);
		kalloc_fragment_show(&profile, shown, sizeof(shown));
		mix = strstr(shown, " mix=");
		assert_non_null(mix);
		assert_string_equal(mix + 5, rows[i].mix);
	}
}

#define NR_ORDERS 19
#define NR_TYPES  3

/* A line for a block of each order and type. */
static size_t put_all(char *text, bool give)
{
	static const char *const flags[NR_TYPES] = { "GFP_KERNEL", "GFP_HIGHUSER_MOVABLE",
						     "GFP_KERNEL|__GFP_RECLAIMABLE" };
	size_t len = 0;

	for (unsigned int i = 0; i < NR_ORDERS * NR_TYPES; i++)
		len += (size_t)sprintf(
			text + len, " x [0] 1.0: mm_page_%s: page=0 pfn=%u order=%u gfp_flags=%s\n",
			give ? "free" : "alloc", (i + 1) << 20, i / NR_TYPES, flags[i % NR_TYPES]);
	return len;
}

/* Blocks of all orders and types, each with lives in several ranges: more than there may be. */
static void test_many(void **state)
{
	static const unsigned int lives[] = { 0, 100, 1000, 5000 };
	static char text[2 << 20];
	struct kalloc_fragment_profile profile;
	size_t len = 0;
	char *message;

	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		len += put_all(text + len, false);
		for (unsigned int other = 0; other < lives[i]; other++)
			len += (size_t)sprintf(text + len,
					       " x [0] 1.0: mm_page_alloc: page=0 pfn=%u "
					       "order=0 gfp_flags=none\n",
					       other + 1);
		len += put_all(text + len, true);
	}
	message = fit(&profile, text);
	if (message)
		fail_msg("%s", message);
	/* One life for each, and the others, which are kept. */
	assert_int_equal(profile.nr_sizes, NR_ORDERS * NR_TYPES + 1);
	assert_int_equal(profile.sizes[0].weight, 4);
	assert_in_range(profile.sizes[0].life, (0 + 100 + 1000 + 5000) / 4,
			(0 + 100 + 1000 + 5000) / 4 + NR_ORDERS * NR_TYPES);
	assert_int_equal(profile.sizes[1].weight, 6100);
	assert_int_equal(profile.sizes[1].life, 0);
	assert_int_equal(profile.sizes[57].order, 18);
	assert_int_equal(profile.sizes[57].migratetype, MIGRATE_RECLAIMABLE);
}

static unsigned long long fingerprint(const struct kalloc_fragment_profile *profile)
{
	struct kalloc_machine *machine = kalloc_boot("mem=64M nr_cpus=1");
	struct kalloc_fragmentation *fragmentation;
	struct kalloc_fragment_report report;

	kalloc_enter(machine);
	kalloc_set_cpu(0);
	assert_int_equal(kalloc_fragment_apply(profile, &fragmentation), 0);
	kalloc_fragment_measure(fragmentation, &report);
	kalloc_fragment_release(fragmentation);
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return report.fingerprint;
}

/* An aged profile without a mix is one with the example's. */
static void test_default_mix(void **state)
{
	struct kalloc_fragment_profile fitted, plain;
	char *message;

	if (!HAVE_XZ || under_valgrind()) {
		skip();
		return;
	}
	assert_int_equal(kalloc_fragment_parse(&plain, "aged seed=5 steps=20000"), 0);
	fitted = plain;
	message = fit_trace(&fitted, TEST_TRACES "/boot-and-files.log.xz");
	if (message)
		fail_msg("%s", message);
	assert_int_equal(plain.nr_sizes, 0);
	assert_int_equal(fitted.nr_sizes, 35);
	assert_true(fingerprint(&fitted) == fingerprint(&plain));
	fitted.sizes[0].weight += 100;
	assert_true(fingerprint(&fitted) != fingerprint(&plain));
}

static const struct {
	const char *trace, *message;
} bad[] = {
	{ "", "empty file" },
	{ "nothing of the kind\n", "no kmem event in this file" },
	{ GIVE(100, 0), "no mm_page_alloc that succeeded in it" },
	{ TAKE(0, 0, "GFP_KERNEL"), "no mm_page_alloc that succeeded in it" },
	{ TAKE(100, 0, "GFP_KERNEL") TAKE(101, 99, "GFP_KERNEL"), "line 2: malformed event" },
	{ TAKE(100, 0, "GFP_NONSENSE"), "line 1: malformed event" },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kalloc_fragment_profile profile;
		char *message = fit(&profile, bad[i].trace);

		if (!message || !strstr(message, bad[i].message))
			fail_msg("row %zu: '%s' expected: %s", i, bad[i].message,
				 message ? message : "accepted");
		assert_int_equal(profile.nr_sizes, 0);
		free(message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_default_mix),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
