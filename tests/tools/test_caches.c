/* SPDX-License-Identifier: MIT */
/*
 * Proves the three rules that give a call site its cache, in their order, and the
 * names of the kmalloc classes.
 */
#include <kalloc/gfp.h>

#include "caches.h"
#include "files.h"

#define ROW(name, active, size) \
	name " " #active " 999 " #size " 8 1 : tunables 0 0 0 : slabdata 9 9 0\n"

static const char slabinfo[] = ROW("inode_cache", 30, 640) ROW("other_640", 600, 640)
	ROW("bio", 36, 320) ROW("mnt_cache", 5, 320) ROW("only", 0, 72) ROW("idle_a", 0, 48)
		ROW("idle_b", 0, 48) ROW("kmalloc-64", 100, 64);

static struct trace_span span(const char *text)
{
	return (struct trace_span){ text, strlen(text) };
}

static size_t site(struct caches *caches, const char *call_site, uint64_t bytes, unsigned long live)
{
	const struct trace_event event = { .kind = TRACE_ALLOC,
					   .call_site = span(call_site),
					   .bytes_req = bytes,
					   .bytes_alloc = bytes };
	size_t id = caches_site(caches, &event);

	caches->sites[id].live = live;
	return id;
}

static const char *cache_of(const struct caches *caches, size_t id)
{
	return caches->list[caches->sites[id].cache].name;
}

static void test_rules(void **state)
{
	struct caches caches = { 0 };
	size_t named = site(&caches, "alloc_inode+0x5/0x90", 640, 10);
	size_t most = site(&caches, "mempool_init+0x1/0x2", 320, 36);
	size_t rest = site(&caches, "alloc_mnt+0x1/0x2", 320, 5);
	size_t only = site(&caches, "f+0x1/0x2", 72, 1);
	size_t own = site(&caches, "g.isra.0+0x1/0x2", 48, 1);

	caches_learn(&caches, named, span("inode_cache"));
	caches_learn(&caches, named, span("inode_cache"));
	assert_int_equal(caches.conflicts, 0);
	caches_mark_before(&caches);
	caches_settle(&caches, slabinfo);

	assert_string_equal(cache_of(&caches, named),
			    "inode_cache"); /* though other_640 has more */
	assert_string_equal(cache_of(&caches, most), "bio");
	assert_string_equal(cache_of(&caches, rest), "mnt_cache"); /* bio is accounted for by now */
	assert_string_equal(cache_of(&caches, only), "only");
	assert_string_equal(cache_of(&caches, own), "g-48"); /* two candidates, no evidence */
	assert_int_equal(caches.by_name, 1);
	assert_int_equal(caches.by_size, 3);
	assert_int_equal(caches.by_site, 1);
	assert_int_equal(caches_born_before(&caches.list[caches.sites[named].cache]), 20);
	assert_int_equal(caches_born_before(&caches.list[caches.sites[most].cache]), 0);
	assert_int_equal(caches_born_before(&caches.list[caches.sites[only].cache]), 0);
	caches_fini(&caches);
}

static void test_without_slabinfo(void **state)
{
	struct caches caches = { 0 };
	size_t id = site(&caches, "ffffffff81234567", 640, 1);

	caches_settle(&caches, NULL);
	assert_string_equal(cache_of(&caches, id), "ffffffff81234567-640");
	assert_int_equal(caches.list[caches.sites[id].cache].size, 640);
	caches_fini(&caches);
}

static void test_conflict(void **state)
{
	struct caches caches = { 0 };
	size_t id = site(&caches, "f", 64, 1);

	caches_learn(&caches, id, span("a"));
	caches_learn(&caches, id, span("b"));
	caches_learn(&caches, id, span(""));
	assert_int_equal(caches.conflicts, 1);
	assert_string_equal(cache_of(&caches, id), "a");
	caches_fini(&caches);
}

static void test_kmalloc(void **state)
{
	static const struct {
		uint64_t bytes;
		gfp_t gfp;
		const char *name;
		enum cache_kind kind;
		unsigned long size;
	} rows[] = {
		{ 96, GFP_KERNEL, "kmalloc-96", CACHE_KMALLOC, 96 },
		{ 1024, GFP_KERNEL_ACCOUNT, "kmalloc-cg-1k", CACHE_KMALLOC, 1024 },
		{ 8192, GFP_KERNEL | __GFP_DMA, "dma-kmalloc-8k", CACHE_KMALLOC, 8192 },
		{ 64, GFP_KERNEL_ACCOUNT | __GFP_RECLAIMABLE, "kmalloc-rcl-64", CACHE_KMALLOC, 64 },
		{ 16384, GFP_KERNEL, "(large)", CACHE_LARGE, 0 },
	};
	struct caches caches = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct trace_event event = { .kind = TRACE_KMALLOC,
						   .bytes_alloc = rows[i].bytes,
						   .gfp = rows[i].gfp };
		const struct cache *cache;
		size_t id = caches_kmalloc(&caches, &event);

		cache = &caches.list[id];
		assert_string_equal(cache->name, rows[i].name);
		assert_int_equal(cache->kind, rows[i].kind);
		assert_int_equal(cache->size, rows[i].size);
	}
	caches_fini(&caches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_without_slabinfo),
		cmocka_unit_test(test_conflict),
		cmocka_unit_test(test_kmalloc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
