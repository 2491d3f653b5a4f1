/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/destroy.c: a cache with objects left says which and stays
 * usable; one without leaves nothing behind.
 */
#include <kalloc/page.h>

#include "rig.h"
#include "warning.h"

static unsigned int count_of(const char *text, const char *piece)
{
	unsigned int n = 0;

	for (; (text = strstr(text, piece)); text++)
		n++;
	return n;
}

static void test_leftovers(void **state)
{
	struct kmem_cache *s = kmem_cache_create(
		"ko_bug10", 64, 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);
	void *objects[26];
	char line[80];

	(void)state;
	for (int i = 0; i < 26; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	for (int i = 0; i < 26; i++) {
		if (i != 3 && i != 17 && i != 25)
			kmem_cache_free(s, objects[i]);
	}
	kmem_cache_destroy(s);
	assert_int_equal(count_of(said, "Objects remaining in ko_bug10 on "
					"__kmem_cache_shutdown()\n"),
			 2);
	assert_non_null(strstr(said, "objects=25 used=2 fp=0x"));
	assert_non_null(strstr(said, "objects=25 used=1 fp=0x"));
	assert_int_equal(count_of(said, "\nObject 0x"), 3);
	snprintf(line, sizeof(line), "Object 0x%016lx @offset=488\n", (unsigned long)objects[3]);
	assert_non_null(strstr(said, line));
	snprintf(line, sizeof(line), "Object 0x%016lx @offset=2728\n", (unsigned long)objects[17]);
	assert_non_null(strstr(said, line));
	assert_non_null(strstr(said, "kmem_cache_destroy ko_bug10: Slab cache still has objects "
				     "when called from 0x"));

	rig_hush();
	assert_true(cache_ok(s));
	kmem_cache_free(s, objects[3]);
	kmem_cache_free(s, objects[17]);
	kmem_cache_free(s, objects[25]);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

/* The whole report of one slab, but for what the records of a checked cache add. */
static void test_report_text(void **state)
{
	struct kmem_cache *s = kmem_cache_create(
		"ko_bug10", 64, 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);
	unsigned long first = (unsigned long)kmem_cache_alloc(s, GFP_KERNEL);
	unsigned long second = (unsigned long)kmem_cache_alloc(s, GFP_KERNEL);
	char expected[1024], warning[128];
	const char *rest;
	void *caller;

	(void)state;
	assert_int_equal(kalloc_cache_destroy(s), 1);
	snprintf(expected, sizeof(expected),
		 "=============================================================================\n"
		 "BUG ko_bug10 (Not tainted): Objects remaining in ko_bug10 on "
		 "__kmem_cache_shutdown()\n"
		 "-----------------------------------------------------------------------------\n"
		 "\n"
		 "Slab 0x%016lx objects=25 used=2 fp=0x%016lx "
		 "flags=0xfffffc0000200(slab|node=0|zone=1|lastcpupid=0x1fffff)\n"
		 "Object 0x%016lx @offset=8\n"
		 "Object 0x%016lx @offset=168\n",
		 (unsigned long)virt_to_page((void *)first), second + 160, first, second);
	assert_int_equal(strncmp(said, expected, strlen(expected)), 0);
	rest = strstr(said, "called from 0x");
	assert_non_null(rest);
	assert_int_equal(sscanf(rest, "called from %p", &caller), 1);
	snprintf(warning, sizeof(warning),
		 "kmem_cache_destroy ko_bug10: Slab cache still has objects when called from "
		 "0x%lx\n",
		 (unsigned long)caller);
	assert_warning(said + strlen(expected), warning);
	rig_hush();
	kmem_cache_free(s, (void *)first);
	kmem_cache_free(s, (void *)second);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

/* Full slabs are on no list: they are counted, but not shown, as in 6.1. */
static void test_full_slab(void **state)
{
	struct kmem_cache *s = kmem_cache_create("full", 4096, 0, 0, NULL);
	void *objects[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	assert_int_equal(kalloc_cache_destroy(s), 1);
	assert_null(strstr(said, "Objects remaining"));
	assert_non_null(strstr(said, "Slab cache still has objects"));
	rig_hush();
	for (int i = 0; i < 8; i++)
		kmem_cache_free(s, objects[i]);
	assert_int_equal(kalloc_cache_destroy(s), 0);
	assert_string_equal(said, "");
}

/* Made and destroyed over and over, a machine does not grow. */
static void test_nothing_left(void **state)
{
	struct kalloc_machine *m = *state;
	unsigned long objects = 0;

	for (int i = 0; i < 300; i++) {
		struct kmem_cache *s = kmem_cache_create("again", 100, 0, 0, NULL);

		kmem_cache_free(s, kmem_cache_alloc(s, GFP_KERNEL));
		kmem_cache_destroy(s);
		if (i == 100)
			objects = node_stat(m, 0, NR_SLAB_UNRECLAIMABLE);
	}
	assert_int_equal(node_stat(m, 0, NR_SLAB_UNRECLAIMABLE), objects);
	rig_all_ok(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_leftovers),
		rig_test(test_report_text),
		rig_test(test_full_slab),
		rig_test(test_nothing_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
