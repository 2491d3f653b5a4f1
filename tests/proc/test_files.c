/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/files.c: the list of files, reading with snprintf's promise and
 * in pieces, the errors of both directions, and that a file is the current machine's.
 */
#include "proc_test.h"

#include <errno.h>

static const struct {
	const char *path;
	bool can_read, can_write;
} rows[] = {
	{ "/proc/buddyinfo", true, false },
	{ "/proc/cmdline", true, false },
	{ "/proc/kpagecount", true, false },
	{ "/proc/kpageflags", true, false },
	{ "/proc/meminfo", true, false },
	{ "/proc/pagetypeinfo", true, false },
	{ "/proc/slabinfo", true, false },
	{ "/proc/sys/vm/compact_memory", false, true },
	{ "/proc/sys/vm/lowmem_reserve_ratio", true, false },
	{ "/proc/sys/vm/min_free_kbytes", true, true },
	{ "/proc/sys/vm/watermark_boost_factor", true, true },
	{ "/proc/sys/vm/watermark_scale_factor", true, true },
	{ "/proc/vmallocinfo", true, false },
	{ "/proc/vmstat", true, false },
	{ "/proc/zoneinfo", true, false },
};

static bool is_listed(const char *path)
{
	const char *name;

	for (unsigned int i = 0; (name = kalloc_files(i)) != NULL; i++) {
		if (strcmp(name, path) == 0)
			return true;
	}
	return false;
}

static void test_modes(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char buf[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		long n = kalloc_read(rows[i].path, buf, sizeof(buf));

		assert_true(is_listed(rows[i].path));
		assert_true(rows[i].can_read ? n >= 0 : n == -EACCES);
		n = kalloc_write(rows[i].path, "1");
		assert_int_equal(n, rows[i].can_write ? 1 : -EACCES);
	}
	kalloc_halt(m);
}

/* Listed always, there only if the command line says so. */
static void test_optional(void **state)
{
	static const char path[] = "/sys/kernel/debug/page_owner";
	TEST_ENTER(without, "mem=64M");
	struct kalloc_machine *with = kalloc_boot("mem=64M page_owner=on");
	char buf[16];

	assert_true(is_listed(path));
	assert_int_equal(kalloc_read(path, buf, sizeof(buf)), -ENOENT);
	assert_int_equal(kalloc_read_at(path, buf, sizeof(buf), 0), -ENOENT);
	assert_int_equal(kalloc_write(path, "1"), -ENOENT);
	kalloc_enter(with);
	assert_true(kalloc_read(path, buf, sizeof(buf)) >= 0);
	assert_true(kalloc_read_at(path, buf, sizeof(buf), 0) >= 0);
	assert_int_equal(kalloc_write(path, "1"), -EACCES);
	kalloc_halt(with);
	kalloc_halt(without);
}

/* In the order of their names, none twice. */
static void test_list(void **state)
{
	unsigned int nr = 0;

	for (; kalloc_files(nr); nr++) {
		if (nr)
			assert_true(strcmp(kalloc_files(nr - 1), kalloc_files(nr)) < 0);
	}
	assert_true(nr >= ARRAY_SIZE(rows));
	assert_null(kalloc_files(nr + 1));
	assert_null(kalloc_files(~0u));
}

static void test_errors(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char buf[16];

	assert_int_equal(kalloc_read("/proc/nosuch", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(kalloc_read("buddyinfo", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(kalloc_read("/proc/buddyinfo/", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(kalloc_read("", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(kalloc_read(NULL, buf, sizeof(buf)), -EINVAL);
	assert_int_equal(kalloc_read("/proc/vmstat", NULL, 16), -EINVAL);
	assert_int_equal(kalloc_write("/proc/nosuch", "1"), -ENOENT);
	assert_int_equal(kalloc_write(NULL, "1"), -EINVAL);
	assert_int_equal(kalloc_write("/proc/sys/vm/min_free_kbytes", NULL), -EINVAL);
	kalloc_halt(m);
}

/* Every size of buffer: what fits, terminated, and nothing past it. */
static void test_short_buffers(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char *whole = file_text("/proc/buddyinfo"), buf[256];
	long len = (long)strlen(whole);

	assert_int_equal(kalloc_read("/proc/buddyinfo", NULL, 0), len);
	assert_true(len + 2 < (long)sizeof(buf));
	for (long size = 1; size < len + 2; size++) {
		size_t fits = (size_t)(size <= len ? size - 1 : len);

		memset(buf, '~', sizeof(buf));
		assert_int_equal(kalloc_read("/proc/buddyinfo", buf, (size_t)size), len);
		assert_memory_equal(buf, whole, fits);
		assert_int_equal(buf[fits], '\0');
		assert_int_equal(buf[size], '~');
	}
	test_free(whole);
	kalloc_halt(m);
}

/* Every piece of a text, and none behind its end or of what is no file. */
static void test_read_at(void **state)
{
	TEST_ENTER(m, "mem=64M");
	char *whole = file_text("/proc/buddyinfo"), buf[16];
	size_t len = strlen(whole);

	for (size_t offset = 0; offset < len + 2; offset++) {
		size_t fits = offset < len ? min(len - offset, (size_t)7) : 0;

		memset(buf, '~', sizeof(buf));
		assert_int_equal(kalloc_read_at("/proc/buddyinfo", buf, 7, offset), fits);
		assert_memory_equal(buf, whole + min(offset, len), fits);
		assert_int_equal(buf[fits], '~');
	}
	assert_int_equal(kalloc_read_at("/proc/buddyinfo", buf, 7, ~0UL), 0);
	assert_int_equal(kalloc_read_at("/proc/buddyinfo", NULL, 0, 3), 0);
	assert_int_equal(kalloc_read_at("/proc/nosuch", buf, 7, 0), -ENOENT);
	assert_int_equal(kalloc_read_at("/proc/sys/vm/compact_memory", buf, 7, 0), -EACCES);
	assert_int_equal(kalloc_read_at(NULL, buf, 7, 0), -EINVAL);
	assert_int_equal(kalloc_read_at("/proc/buddyinfo", NULL, 7, 0), -EINVAL);
	test_free(whole);
	kalloc_halt(m);
}

static void test_cmdline(void **state)
{
	static const char *const cmdlines[] = { "", "mem=64M  nr_cpus=2\tslub_debug=\"F\" " };

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		TEST_ENTER(m, cmdlines[i]);
		char *text = file_text("/proc/cmdline");

		assert_int_equal(strncmp(text, cmdlines[i], strlen(cmdlines[i])), 0);
		assert_string_equal(text + strlen(cmdlines[i]), "\n");
		test_free(text);
		kalloc_halt(m);
	}
}

static void test_current_machine(void **state)
{
	TEST_ENTER(small, "mem=64M");
	struct kalloc_machine *large = kalloc_boot("mem=128M");
	char *of_small = file_text("/proc/meminfo"), *of_large;

	kalloc_enter(large);
	of_large = file_text("/proc/meminfo");
	assert_true(file_number(of_large, "MemTotal:") > file_number(of_small, "MemTotal:"));
	kalloc_write("/proc/sys/vm/min_free_kbytes", "4321");
	test_free(of_large);
	test_free(of_small);

	kalloc_enter(small);
	of_small = file_text("/proc/sys/vm/min_free_kbytes");
	assert_string_not_equal(of_small, "4321\n");
	kalloc_enter(large);
	of_large = file_text("/proc/sys/vm/min_free_kbytes");
	assert_string_equal(of_large, "4321\n");
	test_free(of_large);
	test_free(of_small);
	kalloc_halt(large);
	kalloc_halt(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),	cmocka_unit_test(test_list),
		cmocka_unit_test(test_errors),	cmocka_unit_test(test_short_buffers),
		cmocka_unit_test(test_cmdline), cmocka_unit_test(test_current_machine),
		cmocka_unit_test(test_read_at), cmocka_unit_test(test_optional),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
