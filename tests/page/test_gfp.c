/* SPDX-License-Identifier: MIT */
/*
 * Proves <kalloc/gfp.h> and src/page/gfp.c: every flag has Linux 6.1's value, masks
 * are written as the kernel prints them and read back, names of other eras are read
 * as what they became, and what is no mask is refused.
 */
#include "rig.h"

#define ROW(name, bits)           \
	{                         \
#name, name, bits \
	}

static const struct {
	const char *name;
	gfp_t gfp, bits;
} values[] = {
	ROW(__GFP_DMA, 0x1),
	ROW(__GFP_HIGHMEM, 0x2),
	ROW(__GFP_DMA32, 0x4),
	ROW(__GFP_MOVABLE, 0x8),
	ROW(__GFP_RECLAIMABLE, 0x10),
	ROW(__GFP_HIGH, 0x20),
	ROW(__GFP_IO, 0x40),
	ROW(__GFP_FS, 0x80),
	ROW(__GFP_ZERO, 0x100),
	ROW(__GFP_ATOMIC, 0x200),
	ROW(__GFP_DIRECT_RECLAIM, 0x400),
	ROW(__GFP_KSWAPD_RECLAIM, 0x800),
	ROW(__GFP_RECLAIM, 0xc00),
	ROW(__GFP_WRITE, 0x1000),
	ROW(__GFP_NOWARN, 0x2000),
	ROW(__GFP_RETRY_MAYFAIL, 0x4000),
	ROW(__GFP_NOFAIL, 0x8000),
	ROW(__GFP_NORETRY, 0x10000),
	ROW(__GFP_MEMALLOC, 0x20000),
	ROW(__GFP_COMP, 0x40000),
	ROW(__GFP_NOMEMALLOC, 0x80000),
	ROW(__GFP_HARDWALL, 0x100000),
	ROW(__GFP_THISNODE, 0x200000),
	ROW(__GFP_ACCOUNT, 0x400000),
	ROW(__GFP_ZEROTAGS, 0x800000),
	ROW(__GFP_SKIP_ZERO, 0),
	ROW(__GFP_SKIP_KASAN_UNPOISON, 0),
	ROW(__GFP_SKIP_KASAN_POISON, 0),
	ROW(__GFP_NOLOCKDEP, 0),
	ROW(GFP_ATOMIC, 0xa20),
	ROW(GFP_KERNEL, 0xcc0),
	ROW(GFP_KERNEL_ACCOUNT, 0x400cc0),
	ROW(GFP_NOWAIT, 0x800),
	ROW(GFP_NOIO, 0xc00),
	ROW(GFP_NOFS, 0xc40),
	ROW(GFP_USER, 0x100cc0),
	ROW(GFP_DMA, 0x1),
	ROW(GFP_DMA32, 0x4),
	ROW(GFP_HIGHUSER, 0x100cc2),
	ROW(GFP_HIGHUSER_MOVABLE, 0x100cca),
	ROW(GFP_TRANSHUGE_LIGHT, 0x1c20ca),
	ROW(GFP_TRANSHUGE, 0x1c24ca),
};

/* All flags print as their own names, but for those that a mask's name hides. */
static const char *shown_as(const char *name, gfp_t bits)
{
	static const char *const others[][2] = {
		{ "__GFP_DMA", "GFP_DMA" },
		{ "__GFP_DMA32", "GFP_DMA32" },
		{ "__GFP_KSWAPD_RECLAIM", "GFP_NOWAIT" },
		{ "__GFP_RECLAIM", "GFP_NOIO" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (strcmp(others[i][0], name) == 0)
			return others[i][1];
	}
	return bits ? name : "";
}

static void test_values(void **state)
{
	char shown[128];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		gfp_t gfp = 1;

		assert_int_equal(values[i].gfp, values[i].bits);
		assert_int_equal(kalloc_gfp_parse(values[i].name, &gfp), 0);
		assert_int_equal(gfp, values[i].bits);
		kalloc_gfp_show(values[i].gfp, shown, sizeof(shown));
		assert_string_equal(shown, shown_as(values[i].name, values[i].bits));
	}
	assert_int_equal(__GFP_BITS_SHIFT, 27);
	assert_int_equal(__GFP_BITS_MASK, (1u << 27) - 1);
	/* Ours alone lies above all of theirs. */
	assert_int_equal(__GFP_COLD & __GFP_BITS_MASK, 0);
	assert_true(gfpflags_allow_blocking(GFP_KERNEL));
	assert_true(gfpflags_allow_blocking(GFP_NOIO));
	assert_false(gfpflags_allow_blocking(GFP_ATOMIC));
	assert_false(gfpflags_allow_blocking(GFP_NOWAIT));
}

/* As the kernel's messages and traces showed them. */
static void test_show(void **state)
{
	static const struct {
		gfp_t gfp;
		const char *text;
	} rows[] = {
		{ 0, "" },
		{ 0x1, "GFP_DMA" },
		{ 0x4, "GFP_DMA32" },
		{ 0x800, "GFP_NOWAIT" },
		{ 0xc00, "GFP_NOIO" },
		{ 0x400, "__GFP_DIRECT_RECLAIM" },
		{ 0xa20, "GFP_ATOMIC" },
		{ 0x820, "GFP_NOWAIT|__GFP_HIGH" },
		{ 0x220, "__GFP_HIGH|__GFP_ATOMIC" },
		{ 0xcc0, "GFP_KERNEL" },
		{ 0xcc1, "GFP_KERNEL|GFP_DMA" },
		{ 0xdc0, "GFP_KERNEL|__GFP_ZERO" },
		{ 0x400cc0, "GFP_KERNEL_ACCOUNT" },
		{ 0x400dc0, "GFP_KERNEL_ACCOUNT|__GFP_ZERO" },
		{ 0x50cc0, "GFP_KERNEL|__GFP_NORETRY|__GFP_COMP" },
		{ 0x52cc0, "GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY|__GFP_COMP" },
		{ 0x92880, "GFP_NOWAIT|__GFP_FS|__GFP_NOWARN|__GFP_NORETRY|__GFP_NOMEMALLOC" },
		{ 0x92a20, "GFP_ATOMIC|__GFP_NOWARN|__GFP_NORETRY|__GFP_NOMEMALLOC" },
		{ 0x100cca, "GFP_HIGHUSER_MOVABLE" },
		{ 0x100dca, "GFP_HIGHUSER_MOVABLE|__GFP_ZERO" },
		{ 0x1c20ca, "GFP_TRANSHUGE_LIGHT" },
		{ 0x1c24ca, "GFP_TRANSHUGE" },
		{ 0xd0cd0,
		  "GFP_KERNEL|__GFP_NORETRY|__GFP_COMP|__GFP_NOMEMALLOC|__GFP_RECLAIMABLE" },
		{ 0x10cc0, "GFP_KERNEL|__GFP_NORETRY" },
		{ 0x1, "GFP_DMA" },
		{ 0x10000cc0, "GFP_KERNEL|0x10000000" },
		{ 0x40000000, "0x40000000" },
	};
	char buf[256];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int len = kalloc_gfp_show(rows[i].gfp, buf, sizeof(buf));

		assert_string_equal(buf, rows[i].text);
		assert_int_equal(len, strlen(rows[i].text));
	}
}

/* The whole length is returned, what fits is terminated, and 0 bytes are not touched. */
static void test_show_short(void **state)
{
	char buf[16] = "untouched";

	assert_int_equal(kalloc_gfp_show(0xdc0, buf, 0), 21);
	assert_string_equal(buf, "untouched");
	assert_int_equal(kalloc_gfp_show(0xdc0, buf, 8), 21);
	assert_string_equal(buf, "GFP_KER");
	assert_int_equal(kalloc_gfp_show(0xdc0, NULL, 0), 21);
}

/* Every single bit, every pair, and what a seeded draw of masks adds. */
static void test_round_trip(void **state)
{
	char buf[1024];
	gfp_t back;

	for (int i = 0; i < 32; i++) {
		for (int j = i; j < 32; j++) {
			gfp_t gfp = 1u << i | 1u << j;

			assert_true(kalloc_gfp_show(gfp, buf, sizeof(buf)) < (int)sizeof(buf));
			assert_int_equal(kalloc_gfp_parse(buf, &back), 0);
			assert_int_equal(back, gfp);
		}
	}
	for (unsigned int i = 1; i < 2000; i++) {
		gfp_t gfp = i * 2654435761u;

		kalloc_gfp_show(gfp, buf, sizeof(buf));
		assert_int_equal(kalloc_gfp_parse(buf, &back), 0);
		assert_int_equal(back, gfp);
	}
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		gfp_t gfp;
	} rows[] = {
		{ "none", 0 },
		{ "0", 0 },
		{ "0xcc0", 0xcc0 },
		{ "3264", 0xcc0 },
		{ "0xffffffff", 0xffffffff },
		{ "GFP_KERNEL|__GFP_ZERO", 0xdc0 },
		{ "__GFP_ZERO|GFP_KERNEL", 0xdc0 },
		{ "GFP_KERNEL|GFP_KERNEL", 0xcc0 },
		{ "GFP_KERNEL|0x100", 0xdc0 },
		/* other eras */
		{ "__GFP_WAIT", 0xc00 },
		{ "__GFP_REPEAT", 0x4000 },
		{ "__GFP_COLD", 0x10000000 },
		{ "GFP_KERNEL|__GFP_COLD|__GFP_REPEAT", 0x10004cc0 },
		{ "__GFP_NOTRACK", 0 },
		{ "__GFP_OTHER_NODE", 0 },
		{ "GFP_BUFFER", 0xc00 },
		{ "__GFP_KMEMCG|__GFP_NOACCOUNT|__GFP_NOTRACK_FALSE_POSITIVE", 0 },
		/* as kernels before 4.7 printed them */
		{ "GFP_KERNEL|GFP_ZERO", 0xdc0 },
		{ "GFP_COMP|GFP_NOWARN|GFP_REPEAT", 0x46000 },
		{ "GFP_WAIT|GFP_MOVABLE|GFP_NOTRACK", 0xc08 },
		{ "GFP_THISNODE", 0x200000 },
		{ "GFP_TEMPORARY", 0xcd0 },
	};
	static const char *const bad[] = {
		"",
		"|",
		"GFP_KERNEL|",
		"|GFP_KERNEL",
		"GFP_KERNEL||GFP_DMA",
		"GFP_KERNE",
		"GFP_KERNELX",
		"gfp_kernel",
		"GFP_KERNEL ",
		"GFP_KERNEL,__GFP_ZERO",
		"0x100000000",
		"-1",
		"0x",
		"__GFP_UNKNOWN",
		"1z",
	};
	gfp_t gfp;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(kalloc_gfp_parse(rows[i].text, &gfp), 0);
		assert_int_equal(gfp, rows[i].gfp);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		gfp = 0x1234;
		assert_int_equal(kalloc_gfp_parse(bad[i], &gfp), -EINVAL);
		assert_int_equal(gfp, 0x1234);
	}
}

/* In C, the names that sources of other eras use. */
static void test_old_names(void **state)
{
	assert_int_equal(__GFP_WAIT, __GFP_RECLAIM);
	assert_int_equal(__GFP_REPEAT, __GFP_RETRY_MAYFAIL);
	assert_int_equal(__GFP_NO_GROW | __GFP_VALID | __GFP_NO_KSWAPD, 0);
	assert_int_equal(GFP_BUFFER, GFP_NOIO);
	assert_int_equal(GFP_NOHIGHIO, GFP_NOIO);
	assert_int_equal(GFP_IOFS, 0xc0);
	assert_int_equal(GFP_THISNODE, 0x212000);
	assert_int_equal(GFP_LEVEL_MASK, GFP_RECLAIM_MASK);
	assert_int_equal(GFP_RECLAIM_MASK, 0xbeee0);
	assert_int_equal(GFP_PFAIL, 0x10cc0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),	   cmocka_unit_test(test_show),
		cmocka_unit_test(test_show_short), cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_parse),	   cmocka_unit_test(test_old_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
