/* SPDX-License-Identifier: MIT */
/* The numbers that sources pack their own bits around or size their tables by. */
#include "same.h"

#define VALUE(name)                          \
	{                                    \
#name, (unsigned long)(name) \
	}

static const struct {
	const char *name;
	unsigned long value;
} values[] = {
	VALUE(__GFP_DMA),
	VALUE(__GFP_HIGHMEM),
	VALUE(__GFP_DMA32),
	VALUE(__GFP_MOVABLE),
	VALUE(__GFP_RECLAIMABLE),
	VALUE(__GFP_HIGH),
	VALUE(__GFP_IO),
	VALUE(__GFP_FS),
	VALUE(__GFP_ZERO),
	VALUE(__GFP_ATOMIC),
	VALUE(__GFP_DIRECT_RECLAIM),
	VALUE(__GFP_KSWAPD_RECLAIM),
	VALUE(__GFP_RECLAIM),
	VALUE(__GFP_WRITE),
	VALUE(__GFP_NOWARN),
	VALUE(__GFP_RETRY_MAYFAIL),
	VALUE(__GFP_NOFAIL),
	VALUE(__GFP_NORETRY),
	VALUE(__GFP_MEMALLOC),
	VALUE(__GFP_COMP),
	VALUE(__GFP_NOMEMALLOC),
	VALUE(__GFP_HARDWALL),
	VALUE(__GFP_THISNODE),
	VALUE(__GFP_ACCOUNT),
	VALUE(__GFP_ZEROTAGS),
	VALUE(__GFP_SKIP_ZERO),
	VALUE(__GFP_SKIP_KASAN_UNPOISON),
	VALUE(__GFP_SKIP_KASAN_POISON),
	VALUE(__GFP_NOLOCKDEP),
	VALUE(__GFP_BITS_SHIFT),
	VALUE(__GFP_BITS_MASK),
	VALUE(GFP_ATOMIC),
	VALUE(GFP_KERNEL),
	VALUE(GFP_KERNEL_ACCOUNT),
	VALUE(GFP_NOWAIT),
	VALUE(GFP_NOIO),
	VALUE(GFP_NOFS),
	VALUE(GFP_USER),
	VALUE(GFP_DMA),
	VALUE(GFP_DMA32),
	VALUE(GFP_HIGHUSER),
	VALUE(GFP_HIGHUSER_MOVABLE),
	VALUE(GFP_TRANSHUGE_LIGHT),
	VALUE(GFP_TRANSHUGE),
	VALUE(GFP_ZONEMASK),
	VALUE(PAGE_SHIFT),
	VALUE(PAGE_SIZE),
	VALUE(PAGE_MASK),
	VALUE(PAGE_ALIGN(1UL)),
	VALUE(PAGE_ALIGN(PAGE_SIZE)),
	VALUE(NUMA_NO_NODE),
	VALUE(MAX_ORDER),
	VALUE(PAGE_ALLOC_COSTLY_ORDER),
	VALUE(MIGRATE_UNMOVABLE),
	VALUE(MIGRATE_MOVABLE),
	VALUE(MIGRATE_RECLAIMABLE),
	VALUE(MIGRATE_PCPTYPES),
	VALUE(MIGRATE_HIGHATOMIC),
	VALUE(MIGRATE_ISOLATE),
	VALUE(MIGRATE_TYPES),
	VALUE(ZONE_DMA),
	VALUE(ZONE_DMA32),
	VALUE(ZONE_NORMAL),
	VALUE(ZONE_MOVABLE),
	VALUE(ZONE_DEVICE),
	VALUE(KMALLOC_SHIFT_LOW),
	VALUE(KMALLOC_SHIFT_HIGH),
	VALUE(KMALLOC_SHIFT_MAX),
	VALUE(KMALLOC_MIN_SIZE),
	VALUE(KMALLOC_MAX_CACHE_SIZE),
	VALUE(KMALLOC_MAX_SIZE),
	VALUE(KMALLOC_MAX_ORDER),
	VALUE(ARCH_KMALLOC_MINALIGN),
	VALUE(ZERO_SIZE_PTR),
	VALUE(KMALLOC_NORMAL),
	VALUE(KMALLOC_CGROUP),
	VALUE(KMALLOC_RECLAIM),
	VALUE(KMALLOC_DMA),
	VALUE(NR_KMALLOC_TYPES),
	VALUE(SLAB_CONSISTENCY_CHECKS),
	VALUE(SLAB_RED_ZONE),
	VALUE(SLAB_POISON),
	VALUE(SLAB_HWCACHE_ALIGN),
	VALUE(SLAB_CACHE_DMA),
	VALUE(SLAB_CACHE_DMA32),
	VALUE(SLAB_STORE_USER),
	VALUE(SLAB_RECLAIM_ACCOUNT),
	VALUE(SLAB_PANIC),
	VALUE(SLAB_TYPESAFE_BY_RCU),
	VALUE(SLAB_MEM_SPREAD),
	VALUE(SLAB_TRACE),
	VALUE(SLAB_NOLEAKTRACE),
	VALUE(SLAB_ACCOUNT),
	VALUE(SLAB_NO_USER_FLAGS),
	VALUE(SLAB_DEBUG_OBJECTS),
	VALUE(SLAB_FAILSLAB),
	VALUE(SLAB_TEMPORARY),
	VALUE(VM_IOREMAP),
	VALUE(VM_ALLOC),
	VALUE(VM_MAP),
	VALUE(VM_USERMAP),
	VALUE(VM_DMA_COHERENT),
	VALUE(VM_UNINITIALIZED),
	VALUE(VM_NO_GUARD),
	VALUE(VM_KASAN),
	VALUE(VM_FLUSH_RESET_PERMS),
	VALUE(VM_MAP_PUT_PAGES),
	VALUE(VM_ALLOW_HUGE_VMAP),
	VALUE(PF_MEMALLOC),
	VALUE(PF_KSWAPD),
	VALUE(PF_MEMALLOC_NOFS),
	VALUE(PF_MEMALLOC_NOIO),
	VALUE(PF_MEMALLOC_PIN),
	VALUE(sizeof(struct page)),
	VALUE(sizeof(struct list_head)),
	VALUE(offsetof(struct page, lru)),
	VALUE(offsetof(struct page, mapping)),
	VALUE(offsetof(struct page, private)),
	VALUE(offsetof(struct page, compound_head)),
	VALUE(offsetof(struct page, compound_nr)),
	VALUE(offsetof(struct page, _mapcount)),
	VALUE(offsetof(struct page, _refcount)),
	VALUE(sizeof(gfp_t)),
	VALUE(sizeof(slab_flags_t)),
	VALUE(offsetof(struct vm_struct, addr)),
	VALUE(offsetof(struct vm_struct, size)),
	VALUE(offsetof(struct vm_struct, flags)),
	VALUE(offsetof(struct vm_struct, pages)),
	VALUE(offsetof(struct vm_struct, nr_pages)),
	VALUE(offsetof(struct vm_struct, caller)),
};

/* kmalloc_index() of the kernel takes constants only. */
#define INDEX(n) SAME("kmalloc_index(%d) = %u", (n), kmalloc_index(n))

static void show_indices(void)
{
	INDEX(0);
	INDEX(1);
	INDEX(8);
	INDEX(9);
	INDEX(64);
	INDEX(65);
	INDEX(96);
	INDEX(97);
	INDEX(128);
	INDEX(129);
	INDEX(192);
	INDEX(193);
	INDEX(4096);
	INDEX(4097);
	INDEX(8192);
}

static void show_orders(void)
{
	unsigned int shift;

	for (shift = 0; shift < 64; shift++) {
		unsigned long size = 1UL << shift;

		SAME("get_order(1 << %u): %d one less, %d, %d one more", shift,
		     (int)get_order(size - 1), (int)get_order(size), (int)get_order(size + 1));
	}
	SAME("get_order(~0) = %d", (int)get_order(~0UL));
}

static void show_contexts(void)
{
	unsigned int outer, inner;
	gfp_t all = GFP_HIGHUSER_MOVABLE;

	SAME("no scope: 0x%x", current_gfp_context(all));
	outer = memalloc_nofs_save();
	SAME("nofs: 0x%x", current_gfp_context(all));
	inner = memalloc_noio_save();
	SAME("noio in nofs: 0x%x", current_gfp_context(all));
	memalloc_noio_restore(inner);
	SAME("nofs again: 0x%x", current_gfp_context(all));
	memalloc_nofs_restore(outer);
	outer = memalloc_pin_save();
	SAME("pin: 0x%x", current_gfp_context(all));
	memalloc_pin_restore(outer);
	outer = memalloc_noreclaim_save();
	SAME("noreclaim: 0x%x", current_gfp_context(all));
	memalloc_noreclaim_restore(outer);
	SAME("no scope again: 0x%x", current_gfp_context(all));
}

void same_values(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		SAME("%s = 0x%lx", values[i].name, values[i].value);
	for (i = 0; i < 64; i++) {
		gfp_t gfp = (i & 1 ? __GFP_DMA : 0) | (i & 2 ? __GFP_RECLAIMABLE : 0) |
			    (i & 4 ? __GFP_ACCOUNT : 0) | (i & 8 ? __GFP_HIGHMEM : 0) |
			    (i & 16 ? __GFP_ZERO : 0) | (i & 32 ? GFP_KERNEL : 0);

		SAME("flags 0x%x: kmalloc_type %d, may block %d", gfp, (int)kmalloc_type(gfp),
		     gfpflags_allow_blocking(gfp));
	}
	show_indices();
	show_orders();
	show_contexts();
}
