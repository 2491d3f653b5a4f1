/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: runs of 2^order frames from the zones of the machine.
 *
 * Terms. A *frame* is a 4 KiB piece of the machine's memory with a number, its
 * pfn. Each has a struct page. Frames below the highest linear one have a fixed
 * *linear address*; HIGHMEM frames (highmem=) have none until they are kmapped.
 *
 * Context. With __GFP_DIRECT_RECLAIM a request may sleep; without it any context
 * will do. Freeing never sleeps. Source of behaviour: Linux 6.1 mm/page_alloc.c.
 */
#ifndef KALLOC_PAGE_H
#define KALLOC_PAGE_H

#include <kalloc/gfp.h>

/*
 * The largest order is 10 (kalloc.max_order= raises the machine's own). MAX_ORDER is one past
 * it, as in 6.1; with KALLOC_LINUX_VERSION from 6.4 on it is the largest order itself.
 */
#ifndef MAX_ORDER
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(6, 4, 0)
#define MAX_ORDER 11
#else
#define MAX_ORDER 10
#endif
#endif
#define PAGE_ALLOC_COSTLY_ORDER 3

#ifndef __KERNEL__
enum zone_type {
	ZONE_DMA,     /* below 16 MiB */
	ZONE_DMA32,   /* below 4 GiB */
	ZONE_NORMAL,  /* above */
	ZONE_MOVABLE, /* movablecore= */
	ZONE_DEVICE,  /* always empty */
	ZONE_HIGHMEM, /* highmem=; x86-64 has none, so its number stands last */
	MAX_NR_ZONES
};
#endif

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES, /* the number of types on the per-CPU lists */
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
	MIGRATE_ISOLATE,
	MIGRATE_TYPES
};

struct address_space;
struct zone;

#ifdef __cplusplus
#define KALLOC_PRIVATE private_ /* the kernel's name is a keyword */
#else
#define KALLOC_PRIVATE private
#endif

/*
 * struct page: one per frame, 64 bytes, the kernel's fields at the kernel's
 * offsets. Who owns the five words in the middle depends on the frame's state:
 * free in the buddy lists (buddy_list, private = order), on a per-CPU list
 * (pcp_list, index = migratetype), a slab (see src/slab), the tail of a compound
 * page (compound_head with bit 0 set), or the caller's (lru, mapping, index,
 * private).
 */
struct page {
	unsigned long flags;
	union {
		struct {
			union {
				struct list_head lru;
				struct list_head buddy_list;
				struct list_head pcp_list;
			};
			struct address_space *mapping;
			unsigned long index;
			unsigned long KALLOC_PRIVATE;
		};
		struct { /* tail pages of a compound page */
			unsigned long compound_head;
			/* only in the first tail */
			unsigned char compound_dtor;
			unsigned char compound_order;
			atomic_t compound_mapcount;
			atomic_t compound_pincount;
			unsigned int compound_nr;
		};
		struct rcu_head rcu_head;
	};
	union {
		atomic_t _mapcount;
		unsigned int page_type;
	};
	atomic_t _refcount;
	unsigned long memcg_data;
} __attribute__((aligned(16)));

/* What a kernel's swp_entry_t is. */
struct kalloc_swap_entry {
	unsigned long val;
};

/* A folio is a page that is not a tail: the same bytes, another promise. */
struct folio {
	union {
		struct page page;
		struct {
			unsigned long words[5];
			union { /* the page's word of that name */
				void *KALLOC_PRIVATE;
				struct kalloc_swap_entry swap;
			};
		};
	};
};

KALLOC_BEGIN_DECLS

/* --- allocating by page ----------------------------------------------- */

/**
 * alloc_pages() - allocate 2^order contiguous frames
 * @gfp: flags
 * @order: 0 .. the machine's largest order (10 unless kalloc.max_order= says more)
 *
 * The block is aligned to its own size. Without __GFP_COMP only the first frame
 * is counted (reference count 1, the others 0): free it with the same order.
 *
 * Return: the first frame, or NULL. An order past the largest gives a warning.
 */
KALLOC_API struct page *alloc_pages(gfp_t gfp, unsigned int order);

/**
 * __alloc_pages() - allocate near a node
 * @gfp: flags
 * @order: as in alloc_pages()
 * @preferred_nid: node whose zone list is walked; with __GFP_THISNODE the only one
 * @nodemask: bit n allows node n; NULL allows all
 *
 * Return: as alloc_pages().
 */
KALLOC_API struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid,
				      const unsigned long *nodemask);

/** alloc_pages_node() - as alloc_pages(), near node @nid (NUMA_NO_NODE: the caller's) */
KALLOC_API struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order);

/** folio_alloc() - as alloc_pages() with __GFP_COMP */
KALLOC_API struct folio *folio_alloc(gfp_t gfp, unsigned int order);

/**
 * alloc_pages_bulk_array() - fill the empty slots of an array with order-0 pages
 * @gfp: flags
 * @nr_pages: slots in @page_array
 * @page_array: slots that hold NULL are filled, the others kept
 *
 * At least one slot is tried for as hard as alloc_page() would; the rest only as
 * far as the low mark allows.
 *
 * Return: how many slots at the start of the array are filled when it ends, those
 * filled before included.
 */
KALLOC_API unsigned long alloc_pages_bulk_array(gfp_t gfp, unsigned long nr_pages,
						struct page **page_array);

#define alloc_page(gfp) alloc_pages(gfp, 0)

/* --- allocating by address -------------------------------------------- */

/**
 * __get_free_pages() - as alloc_pages(), giving the linear address
 * @gfp: flags; __GFP_HIGHMEM is ignored, such frames have no address
 * @order: as in alloc_pages()
 *
 * Return: the address, or 0.
 */
KALLOC_API unsigned long __get_free_pages(gfp_t gfp, unsigned int order);

/** get_zeroed_page() - one zeroed frame by address; 0 if there is none */
KALLOC_API unsigned long get_zeroed_page(gfp_t gfp);

#define __get_free_page(gfp)	    __get_free_pages((gfp), 0)
#define __get_dma_pages(gfp, order) __get_free_pages((gfp) | GFP_DMA, (order))

/**
 * alloc_pages_exact() - just enough frames for a number of bytes
 * @size: bytes, at most the largest block
 * @gfp: flags; __GFP_COMP is taken away with a warning
 *
 * Takes the block that holds @size and gives its surplus frames back at once;
 * each frame kept has a reference count of 1.
 *
 * Return: the linear address, or NULL. Free with free_pages_exact().
 */
KALLOC_API void *alloc_pages_exact(size_t size, gfp_t gfp);

/** alloc_pages_exact_nid() - alloc_pages_exact() near node @nid */
KALLOC_API void *alloc_pages_exact_nid(int nid, size_t size, gfp_t gfp);

/** free_pages_exact() - give back what alloc_pages_exact(@size) returned */
KALLOC_API void free_pages_exact(void *virt, size_t size);

/* --- freeing ---------------------------------------------------------- */

/**
 * __free_pages() - drop the caller's reference to a block
 * @page: first frame; NULL is not allowed, as in the kernel
 * @order: the order it was allocated with
 *
 * The block goes back when the count reaches 0. If somebody else still holds the
 * first frame of a block that is not compound, the other frames go back at once
 * and the first when its last holder lets go.
 */
KALLOC_API void __free_pages(struct page *page, unsigned int order);

/** free_pages() - __free_pages() by linear address; 0 is a no-op */
KALLOC_API void free_pages(unsigned long addr, unsigned int order);

/** free_hot_page() - 2.6: free one frame to the hot end of the per-CPU list */
KALLOC_API void free_hot_page(struct page *page);

/** free_cold_page() - 2.6: free one frame to the cold end, where it is reused last */
KALLOC_API void free_cold_page(struct page *page);

#define __free_page(page) __free_pages((page), 0)
#define free_page(addr)	  free_pages((addr), 0)

/* --- references ------------------------------------------------------- */

/** get_page() - take a reference; on a tail, to the head */
KALLOC_API void get_page(struct page *page);

/** put_page() - drop a reference; the last one frees the (compound) page */
KALLOC_API void put_page(struct page *page);

/** folio_put() - put_page() for a folio */
KALLOC_API void folio_put(struct folio *folio);

/**
 * split_page() - make 2^order single pages of one block that is not compound
 * @page: first frame of the block
 * @order: its order
 *
 * Afterwards each frame has a reference count of 1 and is freed by itself.
 */
KALLOC_API void split_page(struct page *page, unsigned int order);

/** compound_head() - the first frame of the compound page that @page belongs to */
static inline struct page *compound_head(const struct page *page)
{
	unsigned long head = page->compound_head;

	return (struct page *)((head & 1) ? head - 1 : (unsigned long)page);
}

/** page_count() - references to a page; on a tail, to the head */
static inline int page_count(const struct page *page)
{
	return compound_head(page)->_refcount.counter;
}

/** PageTail(), PageHead(), PageCompound(), PageSlab() - state of a frame: 0 or 1 */
static inline int PageTail(const struct page *page)
{
	return (int)(page->compound_head & 1);
}

static inline int PageHead(const struct page *page)
{
	return (int)((page->flags >> 16) & 1);
}

static inline int PageCompound(const struct page *page)
{
	return PageHead(page) || PageTail(page);
}

static inline int PageSlab(const struct page *page)
{
	return (int)((page->flags >> 9) & 1);
}

/** compound_order() - order of a compound page, 0 if @page is no head */
static inline unsigned int compound_order(struct page *page)
{
	return PageHead(page) ? page[1].compound_order : 0;
}

/** compound_nr() - frames in a compound page, 1 if @page is no head */
static inline unsigned long compound_nr(struct page *page)
{
	return PageHead(page) ? page[1].compound_nr : 1;
}

/** page_folio() - the folio that a page belongs to */
static inline struct folio *page_folio(const struct page *page)
{
	return (struct folio *)compound_head(page);
}

/* --- frame, page, address --------------------------------------------- */

/** virt_to_page() - frame of a linear address, which must be one; O(1), any machine */
KALLOC_API struct page *virt_to_page(const void *addr);

/** page_address() - linear or kmapped address; NULL for a HIGHMEM frame not mapped */
KALLOC_API void *page_address(const struct page *page);

/** page_to_pfn() - frame number */
KALLOC_API unsigned long page_to_pfn(const struct page *page);

/** pfn_to_page() - frame of the current machine by number; not checked */
KALLOC_API struct page *pfn_to_page(unsigned long pfn);

/** pfn_valid() - true if the current machine has memory at this frame number */
KALLOC_API bool pfn_valid(unsigned long pfn);

/** virt_to_phys(), phys_to_virt() - between linear and physical address (current machine) */
KALLOC_API phys_addr_t virt_to_phys(const volatile void *addr);
KALLOC_API void *phys_to_virt(phys_addr_t phys);

/** page_to_nid() - node of a frame */
KALLOC_API int page_to_nid(const struct page *page);

/** page_zone() - zone of a frame */
KALLOC_API struct zone *page_zone(const struct page *page);

/** page_zonenum() - number of a frame's zone */
KALLOC_API enum zone_type page_zonenum(const struct page *page);

/** zone_name() - "DMA", "DMA32", "Normal", "HighMem", "Movable" */
KALLOC_API const char *zone_name(const struct zone *zone);

/**
 * get_order() - smallest order whose block holds @size bytes
 *
 * 0 gives 52, as in the kernel (its result is undefined there).
 */
static inline int get_order(unsigned long size)
{
	size = (size - 1) >> PAGE_SHIFT;
	return size ? (int)(8 * sizeof(long)) - __builtin_clzl(size) : 0;
}

/* --- frames without a linear address ---------------------------------- */

/**
 * kmap() - give a frame an address
 * @page: any frame; one with a linear address just returns that
 *
 * The address is shared by all callers and counted. Waits for a free slot, so it
 * may sleep. Undo with kunmap().
 */
KALLOC_API void *kmap(struct page *page);

/** kunmap() - undo one kmap() of @page */
KALLOC_API void kunmap(struct page *page);

/**
 * kmap_local_page() - give a frame an address for a moment
 * @page: any frame
 *
 * Undo with kunmap_local() of the address it returned, in reverse order. Never
 * sleeps. Beside kmap's 512 slots there are 16 a CPU: should all be lent, a warning
 * and NULL.
 */
KALLOC_API void *kmap_local_page(struct page *page);

/** kunmap_local() - undo a kmap_local_page(); @addr is what it returned */
KALLOC_API void kunmap_local(const void *addr);

/** kmap_atomic(), kunmap_atomic() - the older names; 2.6's second argument is ignored */
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(3, 4, 0)
#define kmap_atomic(page, type)	  kmap_local_page(page)
#define kunmap_atomic(addr, type) kunmap_local(addr)
#else
#define kmap_atomic(page)   kmap_local_page(page)
#define kunmap_atomic(addr) kunmap_local(addr)
#endif

KALLOC_END_DECLS

#endif
