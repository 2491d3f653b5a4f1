/* SPDX-License-Identifier: MIT */
/*
 * Proves src/pool against Linux 6.1 itself: the module that recorded the mempool
 * section of the facts does the same steps here, and must say the same, line by
 * line: the flags of every call of the allocator, what comes of it, and the
 * pool's sizes after each step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/mempool.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "text.h"

#define NOWAIT_TAIL "__GFP_NOWARN|__GFP_NORETRY|__GFP_NOMEMALLOC) "
#define FIRST_TRY   "   alloc_fn gfp=0x92880 (GFP_NOWAIT|__GFP_FS|" NOWAIT_TAIL
#define SECOND_TRY  "   alloc_fn gfp=0x928c0 (GFP_NOWAIT|__GFP_IO|__GFP_FS|" NOWAIT_TAIL
#define NOWAIT_TRY  "   alloc_fn gfp=0x92800 (GFP_NOWAIT|" NOWAIT_TAIL
#define ATOMIC_TRY  "   alloc_fn gfp=0x92a20 (GFP_ATOMIC|" NOWAIT_TAIL
#define KERNEL_TRY  "   alloc_fn gfp=0xcc0 (GFP_KERNEL) "

static const char *const recorded[] = {
	KERNEL_TRY,
	KERNEL_TRY,
	KERNEL_TRY,
	KERNEL_TRY,
	"create(4): min_nr=4 curr_nr=4 allocs=4 frees=0",
	FIRST_TRY,
	"alloc #1 GFP_KERNEL: min_nr=4 curr_nr=4 allocs=5 frees=0",
	FIRST_TRY "-> NULL",
	"alloc #2 allocator failing: min_nr=4 curr_nr=3 allocs=6 frees=0",
	NOWAIT_TRY "-> NULL",
	"LIFO: took last element 1",
	"alloc #3 NOWAIT failing: min_nr=4 curr_nr=2 allocs=7 frees=0",
	ATOMIC_TRY "-> NULL",
	ATOMIC_TRY "-> NULL",
	"2x ATOMIC failing: min_nr=4 curr_nr=0 allocs=9 frees=0",
	NOWAIT_TRY "-> NULL",
	"empty+fail NOWAIT -> 0000000000000000",
	FIRST_TRY "-> NULL",
	SECOND_TRY "-> NULL",
	"empty+fail no direct reclaim -> 0000000000000000",
	"empty: min_nr=4 curr_nr=0 allocs=12 frees=0",
	"free 1 (goes to pool): min_nr=4 curr_nr=1 allocs=12 frees=0",
	NOWAIT_TRY "-> NULL",
	"alloc from pool: min_nr=4 curr_nr=0 allocs=13 frees=0",
	"freed 5 (pool 4, 1 via free_fn): min_nr=4 curr_nr=4 allocs=13 frees=1",
	"free(NULL): min_nr=4 curr_nr=4 allocs=13 frees=1",
	KERNEL_TRY,
	KERNEL_TRY,
	"resize(6) = 0",
	"after resize 6: min_nr=6 curr_nr=6 allocs=15 frees=1",
	"resize(2) = 0",
	"after resize 2: min_nr=2 curr_nr=2 allocs=15 frees=5",
	"resize(1) = 0",
	"after resize 1: min_nr=1 curr_nr=1 allocs=15 frees=6",
	KERNEL_TRY "-> NULL",
	"resize(8) with failing allocator = 0",
	"after failing grow: min_nr=8 curr_nr=1 allocs=16 frees=6",
	"after destroy frees=7",
	"mempool_create(0) -> ok",
	"create(0): min_nr=0 curr_nr=0 allocs=0 frees=0",
	"create with allocator failing at 3rd -> 0000000000000000 frees=2",
	"mempool_init failing = -12 initialized=0",
	"mempool_init ok = 0 initialized=1",
	"mempool_destroy(NULL) ok",
	"kmalloc pool(100): ksize=128",
	"page pool order1: returns struct page, compound=0",
};

/* What the recording module kept, and what it said so far. */
struct script {
	struct text said;
	char buf[8192];
	int allocs, frees;
	bool is_failing; /* the allocator gives NULL */
	int fail_at;	 /* or only its n-th call does */
	bool is_quiet;
};

static struct script script;

static void *script_alloc(gfp_t gfp, void *pool_data)
{
	struct script *s = pool_data;
	bool fail = ++s->allocs == s->fail_at || s->is_failing;
	char flags[256];

	kalloc_gfp_show(gfp, flags, sizeof(flags));
	if (!s->is_quiet)
		text_add(&s->said, "   alloc_fn gfp=0x%x (%s) %s\n", gfp, flags,
			 fail ? "-> NULL" : "");
	return fail ? NULL : kmalloc(64, GFP_KERNEL);
}

static void script_free(void *element, void *pool_data)
{
	struct script *s = pool_data;

	s->frees++;
	kfree(element);
}

static void say_sizes(const char *step, const mempool_t *pool)
{
	text_add(&script.said, "%s: min_nr=%d curr_nr=%d allocs=%d frees=%d\n", step, pool->min_nr,
		 pool->curr_nr, script.allocs, script.frees);
}

static void say_pointer(const char *step, const void *pointer)
{
	text_add(&script.said, "%s -> %016lx\n", step, (unsigned long)pointer);
}

/* Down to an empty reserve. Return: the five elements taken. */
static void drain(mempool_t *pool, void **taken)
{
	void *last;

	taken[0] = mempool_alloc(pool, GFP_KERNEL);
	say_sizes("alloc #1 GFP_KERNEL", pool);
	script.is_failing = true;
	taken[1] = mempool_alloc(pool, GFP_KERNEL);
	say_sizes("alloc #2 allocator failing", pool);
	last = pool->elements[pool->curr_nr - 1];
	taken[2] = mempool_alloc(pool, GFP_NOWAIT);
	text_add(&script.said, "LIFO: took last element %d\n", taken[2] == last);
	say_sizes("alloc #3 NOWAIT failing", pool);
	taken[3] = mempool_alloc(pool, GFP_ATOMIC);
	taken[4] = mempool_alloc(pool, GFP_ATOMIC);
	say_sizes("2x ATOMIC failing", pool);
}

static void refill(mempool_t *pool, void **taken)
{
	say_pointer("empty+fail NOWAIT", mempool_alloc(pool, GFP_NOWAIT));
	say_pointer("empty+fail no direct reclaim",
		    mempool_alloc(pool, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM));
	say_sizes("empty", pool);
	mempool_free(taken[4], pool);
	say_sizes("free 1 (goes to pool)", pool);
	taken[4] = mempool_alloc(pool, GFP_NOWAIT);
	say_sizes("alloc from pool", pool);
	for (int i = 0; i < 5; i++)
		mempool_free(taken[i], pool);
	say_sizes("freed 5 (pool 4, 1 via free_fn)", pool);
	mempool_free(NULL, pool);
	say_sizes("free(NULL)", pool);
}

static void resize(mempool_t *pool)
{
	static const int sizes[] = { 6, 2, 1 };
	char step[32];

	script.is_failing = false;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		text_add(&script.said, "resize(%d) = %d\n", sizes[i],
			 mempool_resize(pool, sizes[i]));
		snprintf(step, sizeof(step), "after resize %d", sizes[i]);
		say_sizes(step, pool);
	}
	script.is_failing = true;
	text_add(&script.said, "resize(8) with failing allocator = %d\n", mempool_resize(pool, 8));
	say_sizes("after failing grow", pool);
	mempool_destroy(pool);
	text_add(&script.said, "after destroy frees=%d\n", script.frees);
}

static void create_and_init(void)
{
	mempool_t *pool, embedded = { 0 };
	int err;

	script.is_failing = false;
	script.is_quiet = true;
	script.allocs = script.frees = 0;
	pool = mempool_create(0, script_alloc, script_free, &script);
	text_add(&script.said, "mempool_create(0) -> %s\n", pool ? "ok" : "NULL");
	say_sizes("create(0)", pool);
	mempool_destroy(pool);

	script.fail_at = 3;
	pool = mempool_create(4, script_alloc, script_free, &script);
	text_add(&script.said, "create with allocator failing at 3rd -> %016lx frees=%d\n",
		 (unsigned long)pool, script.frees);
	script.fail_at = 0;

	script.is_failing = true;
	err = mempool_init(&embedded, 2, script_alloc, script_free, &script);
	text_add(&script.said, "mempool_init failing = %d initialized=%d\n", err,
		 mempool_initialized(&embedded));
	script.is_failing = false;
	err = mempool_init(&embedded, 2, script_alloc, script_free, &script);
	text_add(&script.said, "mempool_init ok = %d initialized=%d\n", err,
		 mempool_initialized(&embedded));
	mempool_exit(&embedded);
	mempool_destroy(NULL);
	text_add(&script.said, "mempool_destroy(NULL) ok\n");
}

static void ready_made(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(2, 100);
	void *element = mempool_alloc(pool, GFP_KERNEL);
	struct page *page;

	text_add(&script.said, "kmalloc pool(100): ksize=%zu\n", ksize(element));
	mempool_free(element, pool);
	mempool_destroy(pool);

	pool = mempool_create_page_pool(2, 1);
	page = mempool_alloc(pool, GFP_KERNEL);
	text_add(&script.said, "page pool order1: returns %s, compound=%d\n",
		 pfn_to_page(page_to_pfn(page)) == page ? "struct page" : "something else",
		 PageCompound(page));
	mempool_free(page, pool);
	mempool_destroy(pool);
}

static void every_line_is_as_recorded(void **state)
{
	mempool_t *pool;
	void *taken[5];
	char *line;

	script = (struct script){ .allocs = 0 };
	script.said = text_on(script.buf, sizeof(script.buf));
	pool = mempool_create(4, script_alloc, script_free, &script);
	say_sizes("create(4)", pool);
	drain(pool, taken);
	refill(pool, taken);
	resize(pool);
	create_and_init();
	ready_made();

	assert_true(script.said.len < sizeof(script.buf));
	line = script.buf;
	for (size_t i = 0; i < ARRAY_SIZE(recorded); i++) {
		char *end = strchr(line, '\n');

		assert_non_null(end);
		*end = '\0';
		assert_string_equal(line, recorded[i]);
		line = end + 1;
	}
	assert_string_equal(line, "");
}

static int boot(void **state)
{
	*state = kalloc_boot("mem=64M nr_cpus=1");
	kalloc_enter(*state);
	return *state ? 0 : -1;
}

static int halt(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_as_recorded),
	};

	return cmocka_run_group_tests(tests, boot, halt);
}
