/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/slabinfo.c: a real kernel's lines come out as they were; the
 * caches stand newest first, with what they hold.
 */
#include "proc_test.h"

#include <stdio.h>

#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "formats.h"

#define HEAD                                                                                \
	"slabinfo - version: 2.1\n"                                                         \
	"# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> " \
	": tunables <limit> <batchcount> <sharedfactor> "                                   \
	": slabdata <active_slabs> <num_slabs> <sharedavail>\n"

static const struct {
	struct slab_info info;
	const char *line;
} rows[] = {
	{ { "fsverity_info", 0, 0, 0, 256, 16, 1, false },
	  "fsverity_info          0      0    256   16    1 "
	  ": tunables    0    0    0 : slabdata      0      0      0\n" },
	{ { "ko_64_dbg", 3, 25, 1, 160, 25, 1, false },
	  "ko_64_dbg              3     25    160   25    1 "
	  ": tunables    0    0    0 : slabdata      1      1      0\n" },
	{ { "ko_4M", 3, 3, 3, 4194304, 1, 1024, false },
	  "ko_4M                  3      3 4194304    1 1024 "
	  ": tunables    0    0    0 : slabdata      3      3      0\n" },
	{ { "kmalloc-1k", 248, 248, 31, 1024, 8, 2, false },
	  "kmalloc-1k           248    248   1024    8    2 "
	  ": tunables    0    0    0 : slabdata     31     31      0\n" },
	{ { "kmalloc-32", 629, 1280, 10, 32, 128, 1, false },
	  "kmalloc-32           629   1280     32  128    1 "
	  ": tunables    0    0    0 : slabdata     10     10      0\n" },
};

static void test_kernels_lines(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char buf[200];
		struct text text = text_on(buf, sizeof(buf));

		slabinfo_format(&text, &rows[i].info);
		assert_string_equal(buf, rows[i].line);
	}
}

/* Words of a line: node_exporter insists on their number. */
static unsigned int nr_fields(const char *line)
{
	unsigned int nr = 0;

	while (*line != '\n') {
		line += strspn(line, " ");
		nr += *line != '\n';
		line += strcspn(line, " \n");
	}
	return nr;
}

/* A cache that shares another one's slabs has no line; the other keeps its name. */
static void test_alias(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1");
	struct kmem_cache *first = kmem_cache_create("first", 4344, 0, 0, NULL);
	char *text;

	assert_ptr_equal(kmem_cache_create("second", 4344, 0, 0, NULL), first);
	text = file_text("/proc/slabinfo");
	assert_non_null(strstr(text, "\nfirst "));
	assert_null(strstr(text, "second"));
	test_free(text);
	kmem_cache_destroy(first);
	text = file_text("/proc/slabinfo");
	assert_non_null(strstr(text, "\nfirst "));
	test_free(text);
	kmem_cache_destroy(first);
	text = file_text("/proc/slabinfo");
	assert_null(strstr(text, "first"));
	test_free(text);
	kalloc_halt(m);
}

static void test_new_machine(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1");
	char *text = file_text("/proc/slabinfo");
	const char *line;

	assert_int_equal(strncmp(text, HEAD, strlen(HEAD)), 0);
	assert_non_null(strstr(text, "\ndma-kmalloc-8          0      0      8  512    1 :"));
	assert_non_null(strstr(text, "\nkmalloc-8k  "));
	assert_non_null(strstr(text, "\nkmalloc-rcl-96 "));
	assert_non_null(strstr(text, "\nkmalloc-cg-1k "));
	for (line = text + strlen(HEAD); *line; line = strchr(line, '\n') + 1) {
		const char *end = strstr(line, " : tunables    0    0    0 : slabdata ");

		assert_non_null(end);
		assert_true(end < strchr(line, '\n'));
		assert_int_equal(nr_fields(line), 16);
		assert_true(isdigit((unsigned char)strchr(line, '\n')[-1]));
	}
	test_free(text);
	kalloc_halt(m);
}

static void test_holds(void **state)
{
	static const char held[] = "checked                3     46     88   46    1 "
				   ": tunables    0    0    0 : slabdata      1      1      0\n"
				   "older                170    170     24  170    1 "
				   ": tunables    0    0    0 : slabdata      1      1      0\n";
	TEST_ENTER(m, "mem=64M nr_cpus=1 slab_nomerge");
	struct kmem_cache *older = kmem_cache_create("older", 24, 0, 0, NULL);
	struct kmem_cache *checked = kmem_cache_create("checked", 64, 0, SLAB_RED_ZONE, NULL);
	void *one = kmem_cache_alloc(older, GFP_KERNEL);
	void *three[3];
	char *text;

	for (int i = 0; i < 3; i++)
		three[i] = kmem_cache_alloc(checked, GFP_KERNEL);
	text = file_text("/proc/slabinfo");
	/* All objects of a CPU's slab count as active; a checked cache is exact. */
	assert_int_equal(strncmp(text + strlen(HEAD), held, strlen(held)), 0);
	test_free(text);
	kmem_cache_free_bulk(checked, 3, three);
	kmem_cache_free(older, one);
	kmem_cache_destroy(checked);
	kmem_cache_destroy(older);
	text = file_text("/proc/slabinfo");
	assert_null(strstr(text, "older"));
	test_free(text);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_lines),
		cmocka_unit_test(test_new_machine),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_alias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
