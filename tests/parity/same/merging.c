/* SPDX-License-Identifier: MIT */
/*
 * Which caches are one cache: by size, alignment, flags, constructor and region for
 * users. Sizes are ones that no cache of the kernel itself has. Run twice, with and
 * without slab_nomerge.
 */
#include "same.h"

static void constructor(void *object)
{
	memset(object, 0x3c, 4);
}

static const struct {
	const char *name;
	unsigned int size, align;
	slab_flags_t flags;
	bool ctor;
	unsigned int usersize;
} requests[] = {
	{ "same_5000", 5000, 0, 0, false, 0 },
	{ "same_4999", 4999, 0, 0, false, 0 },
	{ "same_4993", 4993, 0, 0, false, 0 },
	{ "same_4992", 4992, 0, 0, false, 0 },
	{ "same_5001", 5001, 0, 0, false, 0 },
	{ "same_again", 5000, 0, 0, false, 0 },
	{ "same_align8", 5000, 8, 0, false, 0 },
	{ "same_align16", 5000, 16, 0, false, 0 },
	{ "same_5008", 5008, 0, 0, false, 0 },
	{ "same_align64", 5000, 64, 0, false, 0 },
	{ "same_line", 5000, 0, SLAB_HWCACHE_ALIGN, false, 0 },
	{ "same_line2", 5056, 0, SLAB_HWCACHE_ALIGN, false, 0 },
	{ "same_ctor", 5000, 0, 0, true, 0 },
	{ "same_ctor2", 5000, 0, 0, true, 0 },
	{ "same_checks", 5000, 0, SLAB_CONSISTENCY_CHECKS, false, 0 },
	{ "same_redzone", 5000, 0, SLAB_RED_ZONE, false, 0 },
	{ "same_poison", 5000, 0, SLAB_POISON, false, 0 },
	{ "same_user", 5000, 0, SLAB_STORE_USER, false, 0 },
	{ "same_trace", 5000, 0, SLAB_NOLEAKTRACE, false, 0 },
	{ "same_rcu", 5000, 0, SLAB_TYPESAFE_BY_RCU, false, 0 },
	{ "same_reclaim", 5000, 0, SLAB_RECLAIM_ACCOUNT, false, 0 },
	{ "same_reclaim2", 5000, 0, SLAB_RECLAIM_ACCOUNT, false, 0 },
	{ "same_account", 5000, 0, SLAB_ACCOUNT, false, 0 },
	{ "same_account2", 4994, 0, SLAB_ACCOUNT, false, 0 },
	{ "same_dma", 5000, 0, SLAB_CACHE_DMA, false, 0 },
	{ "same_dma2", 5000, 0, SLAB_CACHE_DMA, false, 0 },
	{ "same_dma32", 5000, 0, SLAB_CACHE_DMA32, false, 0 },
	{ "same_spread", 5000, 0, SLAB_MEM_SPREAD, false, 0 },
	{ "same_panic", 5000, 0, SLAB_PANIC, false, 0 },
	{ "same_usercopy", 5000, 0, 0, false, 100 },
	{ "same_usercopy2", 5000, 0, 0, false, 100 },
	{ "same_7000", 7000, 0, 0, false, 0 },
	{ "same_7000_line", 7000, 0, SLAB_HWCACHE_ALIGN, false, 0 },
	{ "same_7040", 7040, 0, 0, false, 0 },
	{ "same_6999", 6999, 0, 0, false, 0 },
	{ "same_7000_rc", 7000, 0, SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT, false, 0 },
	{ "same_7000_cr", 6998, 0, SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT, false, 0 },
};

void same_merging(void)
{
	struct kmem_cache *caches[ARRAY_SIZE(requests)];
	unsigned int i, first;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		caches[i] = kmem_cache_create_usercopy(requests[i].name, requests[i].size,
						       requests[i].align, requests[i].flags, 0,
						       requests[i].usersize,
						       requests[i].ctor ? constructor : NULL);
		for (first = 0; caches[first] != caches[i]; first++)
			;
		SAME("%s: is %s, size %u", requests[i].name, requests[first].name,
		     kmem_cache_size(caches[i]));
	}
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		void *p = kmem_cache_alloc(caches[i], GFP_KERNEL);

		SAME("%s: size %u, ksize %zu", requests[i].name, kmem_cache_size(caches[i]),
		     ksize(p));
		kmem_cache_free(caches[i], p);
	}
	/* A shared cache works until its last user lets go. */
	for (i = 0; i + 1 < ARRAY_SIZE(requests); i++) {
		void *p;

		kmem_cache_destroy(caches[i]);
		p = kmem_cache_alloc(caches[ARRAY_SIZE(requests) - 1], GFP_KERNEL);
		kmem_cache_free(caches[ARRAY_SIZE(requests) - 1], p);
	}
	kmem_cache_destroy(caches[ARRAY_SIZE(requests) - 1]);
}
