/* SPDX-License-Identifier: MIT */
/* Proves src/slab/oom.c: what is said when a cache finds no frames, and when not. */
#include "rig.h"

static void some_ctor(void *object)
{
	(void)object;
}

static void exhaust(struct kmem_cache *s)
{
	while (kmem_cache_alloc(s, GFP_NOWAIT | __GFP_NOWARN))
		;
}

static void test_report(void **state)
{
	struct kmem_cache *s = kmem_cache_create("ko_oom", 512, 0, 0, some_ctor);
	char expected[400];
	struct slab_info info;

	exhaust(s);
	assert_string_equal(said, "");
	assert_null(kmem_cache_alloc(s, GFP_NOWAIT));
	info = rig_info(*state, "ko_oom");
	snprintf(expected, sizeof(expected),
		 "SLUB: Unable to allocate memory on node -1, gfp=0x800(GFP_NOWAIT)\n"
		 "  cache: ko_oom, object size: 512, buffer size: 520, default order: 1, "
		 "min order: 0\n"
		 "  node 0: slabs: %lu, objs: %lu, free: 0\n",
		 info.num_slabs, info.num_objs);
	assert_non_null(strstr(said, expected));
	assert_null(strstr(said, "debugging increased min order"));
	assert_true(cache_ok(s));
}

/* No flags at all: printed as the kernel does, with 0x, and without a name. */
static void test_no_flags(void **state)
{
	struct kmem_cache *s = kmem_cache_create("ko_oom", 512, 0, 0, NULL);

	(void)state;
	exhaust(s);
	while (kmem_cache_alloc(s, __GFP_NOWARN))
		;
	rig_hush();
	assert_null(kmem_cache_alloc(s, 0));
	assert_non_null(strstr(said, "SLUB: Unable to allocate memory on node -1, gfp=0x0()\n"));
}

static void test_checked(void **state)
{
	struct kmem_cache *s = kmem_cache_create("ko_big", 4096, 0, SLAB_RED_ZONE, NULL);

	(void)state;
	exhaust(s);
	assert_null(kmem_cache_alloc(s, GFP_NOWAIT));
	assert_non_null(strstr(said, "default order: 3, min order: 1\n  ko_big debugging increased "
				     "min order, use slub_debug=O to disable.\n  node 0: "));
}

/* At most ten in five seconds; the rest is counted and told with the next. */
static void test_rate(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *s = kmem_cache_create("ko_oom", 512, 0, 0, NULL);

	exhaust(s);
	assert_int_equal(m->slab->oom_limit.interval_ms, 5000);
	m->slab->oom_limit.interval_ms = ~0u;
	for (int i = 0; i < 13; i++) {
		rig_hush();
		assert_null(kmem_cache_alloc(s, GFP_NOWAIT));
		assert_int_equal(strstr(said, "SLUB: Unable") != NULL, i < 10);
	}
	m->slab->oom_limit.begin_ms = 0;
	assert_null(kmem_cache_alloc(s, GFP_NOWAIT));
	assert_non_null(strstr(said, "slab_out_of_memory: 3 callbacks suppressed\nSLUB: Unable"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_report),
		rig_test(test_no_flags),
		rig_test(test_checked),
		rig_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
