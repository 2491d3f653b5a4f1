/* SPDX-License-Identifier: MIT */
/*
 * Virtually contiguous memory: frames from anywhere in the machine, seen in a row
 * in its vmalloc space. A frame keeps its linear address; both are the same
 * memory. The page after each area faults, so does the page before it.
 *
 * Freeing an area gives its frames back, but it may be seen, as in a kernel that has
 * not flushed, until a purge: at vm_unmap_aliases(), or when much waits. Before that its
 * addresses may go to an area that gets the same frames, if two others were freed since.
 * With kalloc.vfree=unmap an access faults at once, and addresses are used again only
 * after a purge: when those waiting exceed fls(nr_cpus) * 32 MiB, or the space is
 * exhausted.
 *
 * The space is bounded (vmalloc=), and so is the number of mappings the host
 * grants a process. Running out of either is NULL with the kernel's warning.
 *
 * Context: everything here may sleep unless it says otherwise. Source of
 * behaviour: Linux 6.1 mm/vmalloc.c and mm/util.c.
 */
#ifndef KALLOC_VMALLOC_H
#define KALLOC_VMALLOC_H

#include <kalloc/gfp.h>
#include <kalloc/types.h>

/* vm_struct.flags; the numbers are 6.1's. */
#define VM_IOREMAP	     0x001 /* device memory; none here */
#define VM_ALLOC	     0x002 /* vmalloc() and its relatives */
#define VM_MAP		     0x004 /* vmap() */
#define VM_USERMAP	     0x008 /* vmalloc_user(): zeroed, may be shown to user space */
#define VM_DMA_COHERENT	     0x010
#define VM_UNINITIALIZED     0x020 /* being built: pages and nr_pages are not valid yet */
#define VM_NO_GUARD	     0x040 /* no guard page; refused by vmap() */
#define VM_KASAN	     0x080
#define VM_FLUSH_RESET_PERMS 0x100
#define VM_MAP_PUT_PAGES     0x200 /* vfree() drops the pages and frees the array */
#define VM_ALLOW_HUGE_VMAP   0x400 /* blocks of 2 MiB where they can be had */

/* Page protection: every area is readable and writable, so the value has no effect. */
#ifndef PAGE_KERNEL
typedef struct {
	unsigned long pgprot;
} pgprot_t;
#ifdef __cplusplus
#define __pgprot(x) (pgprot_t{ (x) })
#else
#define __pgprot(x) ((pgprot_t){ (x) })
#endif
#define pgprot_val(x) ((x).pgprot)
#define PAGE_KERNEL   __pgprot(0x8000000000000163UL)
#endif

struct page;

/* One area, with the kernel's fields. Read only. */
struct vm_struct {
	struct vm_struct *next; /* unused after boot, as in the kernel */
	void *addr;
	unsigned long size; /* bytes, the guard page included */
	unsigned long flags;
	struct page **pages;	 /* NULL unless the area owns its frames */
	unsigned int page_order; /* 9 for blocks of 2 MiB, else 0 */
	unsigned int nr_pages;
	phys_addr_t phys_addr;
	const void *caller; /* code address that asked for it */
};

KALLOC_BEGIN_DECLS

/* --- allocating ------------------------------------------------------- */

/**
 * vmalloc() - allocate virtually contiguous memory
 * @size: bytes, rounded up to whole pages
 *
 * The area takes the lowest hole of the vmalloc space that fits it and its guard
 * page. Its frames are single pages with a reference count of 1, from any zone.
 *
 * Return: page-aligned address, or NULL: @size is 0 (with a warning, once) or
 * more than the machine's memory, no frames, no address range, or no host
 * mappings are left (each with a message).
 */
KALLOC_API void *vmalloc(unsigned long size);

/** vzalloc() - vmalloc(), filled with zero */
KALLOC_API void *vzalloc(unsigned long size);

/**
 * vmalloc_node() - vmalloc() with frames near a node
 * @size: bytes
 * @node: node, or NUMA_NO_NODE for the caller's
 *
 * Return: as vmalloc().
 */
KALLOC_API void *vmalloc_node(unsigned long size, int node);

/** vzalloc_node() - vmalloc_node(), filled with zero */
KALLOC_API void *vzalloc_node(unsigned long size, int node);

/** vmalloc_user() - vzalloc() with VM_USERMAP in the area's flags */
KALLOC_API void *vmalloc_user(unsigned long size);

/** vmalloc_32() - vmalloc() with frames below 4 GiB */
KALLOC_API void *vmalloc_32(unsigned long size);

/** vmalloc_32_user() - vmalloc_user() with frames below 4 GiB */
KALLOC_API void *vmalloc_32_user(unsigned long size);

/**
 * vmalloc_huge() - vmalloc() in blocks of 2 MiB where possible
 * @size: bytes; from 2 MiB per node on, rounded up to whole blocks
 * @gfp_mask: flags
 *
 * If blocks of order 9 are not to be had, single pages serve.
 *
 * Return: as vmalloc(); aligned to 2 MiB if blocks were found.
 */
KALLOC_API void *vmalloc_huge(unsigned long size, gfp_t gfp_mask);

/**
 * __vmalloc() - vmalloc() with flags
 * @size: bytes
 * @gfp_mask: flags; zone modifiers other than DMA and DMA32 have no effect.
 *	__GFP_NOFAIL that cannot be kept is reported and stops the process.
 *
 * Before 5.8 it had a third argument, a page protection, which has no effect.
 *
 * Return: as vmalloc().
 */
KALLOC_API void *__vmalloc(unsigned long size, gfp_t gfp_mask);
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(5, 8, 0)
#define __vmalloc(size, gfp_mask, prot) ((void)(prot), (__vmalloc)((size), (gfp_mask)))
#endif

/**
 * __vmalloc_node() - the general form
 * @size: bytes
 * @align: alignment of the address, a power of two; less than a page is a page
 * @gfp_mask: flags
 * @node: node, or NUMA_NO_NODE
 * @caller: code address to record
 *
 * Return: as vmalloc().
 */
KALLOC_API void *__vmalloc_node(unsigned long size, unsigned long align, gfp_t gfp_mask, int node,
				const void *caller);

/** vmalloc_array() - vmalloc() for @n elements of @size bytes; NULL if the product overflows */
KALLOC_API void *vmalloc_array(size_t n, size_t size);

/** vcalloc() - vmalloc_array(), filled with zero */
KALLOC_API void *vcalloc(size_t n, size_t size);

/* --- freeing ---------------------------------------------------------- */

/**
 * vfree() - free an area
 * @addr: what an allocating call returned; NULL is a no-op
 *
 * The machine is found from the address. An address that is not page-aligned, or
 * in no area, is reported and ignored. May be called from an interrupt handler
 * (kalloc_irq_enter()); in any other atomic context it is reported, as it may sleep.
 */
KALLOC_API void vfree(const void *addr);

/** vfree_atomic() - vfree() for callers that may not sleep; freed at once here */
KALLOC_API void vfree_atomic(const void *addr);

/* --- mapping given pages ---------------------------------------------- */

/**
 * vmap() - see given frames in a row
 * @pages: the frames, of one machine; the same one may stand there twice
 * @count: how many
 * @flags: VM_MAP, with VM_MAP_PUT_PAGES if vfree() shall drop one reference of each
 *	page and kvfree() the array
 * @prot: no effect
 *
 * Reference counts do not change.
 *
 * Return: the address, or NULL: @count is 0 or more than the machine has, a
 * missing page (with a warning), no address range, no host mappings.
 */
KALLOC_API void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot);

/** vunmap() - undo vmap(); NULL is a no-op */
KALLOC_API void vunmap(const void *addr);

/**
 * vm_map_ram() - see given frames in a row for a short time
 * @pages: the frames, of one machine
 * @count: how many
 * @node: near which node the bookkeeping is allocated
 *
 * Without a struct vm_struct and without a guard page. Undo with vm_unmap_ram()
 * and the same @count. Before 5.8 it had a fourth argument, a page protection.
 *
 * Return: the address, or NULL as vmap().
 */
KALLOC_API void *vm_map_ram(struct page **pages, unsigned int count, int node);
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(5, 8, 0)
#define vm_map_ram(pages, count, node, prot) ((void)(prot), (vm_map_ram)((pages), (count), (node)))
#endif

/**
 * vm_unmap_ram() - undo vm_map_ram()
 * @mem: what it returned
 * @count: what it was given
 *
 * Anything else is reported and ignored (a BUG in the kernel).
 */
KALLOC_API void vm_unmap_ram(const void *mem, unsigned int count);

/**
 * vm_unmap_aliases() - purge now
 *
 * Freed areas of the current machine fault from now on, and their addresses are free.
 */
KALLOC_API void vm_unmap_aliases(void);

/* --- looking up ------------------------------------------------------- */

/** vmalloc_to_page() - frame behind a vmalloc address; NULL if nothing is mapped there */
KALLOC_API struct page *vmalloc_to_page(const void *addr);

/** vmalloc_to_pfn() - its number; @addr must be mapped */
KALLOC_API unsigned long vmalloc_to_pfn(const void *addr);

/** is_vmalloc_addr() - true if @x lies in the vmalloc space of a machine. Any context. */
KALLOC_API bool is_vmalloc_addr(const void *x);

/**
 * find_vm_area() - the area that contains an address
 * @addr: any address in it, the guard page included
 *
 * Return: the area, or NULL (also for vm_map_ram()). Valid until it is freed.
 */
KALLOC_API struct vm_struct *find_vm_area(const void *addr);

/** get_vm_area_size() - bytes of an area without its guard page */
static inline size_t get_vm_area_size(const struct vm_struct *area)
{
	return (area->flags & VM_NO_GUARD) ? area->size : area->size - PAGE_SIZE;
}

/* --- kmalloc if possible, vmalloc if not ------------------------------- */

/**
 * kvmalloc_node() - allocate memory, physically contiguous if that is easy
 * @size: bytes
 * @flags: flags; without __GFP_DIRECT_RECLAIM there is no second try
 * @node: node, or NUMA_NO_NODE
 *
 * Asks kmalloc_node() first; over a page without warning and without retrying
 * (unless @flags has __GFP_RETRY_MAYFAIL). What fails and is larger than a page is
 * taken from vmalloc, in blocks of 2 MiB where possible. kalloc.kvmalloc= makes
 * vmalloc the first choice wherever it is allowed at all (vmap), or flips a
 * seeded coin for each request (random).
 *
 * Return: the address; ZERO_SIZE_PTR for 0 bytes; NULL if neither has it, or
 * @size exceeds INT_MAX (with a warning, once, unless __GFP_NOWARN). Free with
 * kvfree().
 */
KALLOC_API void *kvmalloc_node(size_t size, gfp_t flags, int node);

/** kvmalloc() - kvmalloc_node() near the caller's node */
static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return kvmalloc_node(size, flags, NUMA_NO_NODE);
}

/** kvzalloc_node() - kvmalloc_node(), filled with zero */
static inline void *kvzalloc_node(size_t size, gfp_t flags, int node)
{
	return kvmalloc_node(size, flags | __GFP_ZERO, node);
}

/** kvzalloc() - kvmalloc(), filled with zero */
static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}

/** kvmalloc_array() - kvmalloc() for @n elements of @size bytes; NULL if the product overflows */
static inline void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : kvmalloc(bytes, flags);
}

/** kvcalloc() - kvmalloc_array(), filled with zero */
static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

/**
 * kvrealloc() - make memory from kvmalloc() larger
 * @p: the memory
 * @oldsize: its size in bytes, as the caller knows it
 * @newsize: bytes wanted; not more than @oldsize changes nothing
 * @flags: flags
 *
 * From 6.12 on it takes no @oldsize: the size of the object is looked up, memory
 * that has room is kept, and NULL as @p allocates.
 *
 * Return: @p, or new memory with the old contents (@p is freed), or NULL (@p is
 * still valid).
 */
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(6, 12, 0)
KALLOC_API void *kvrealloc(const void *p, size_t oldsize, size_t newsize, gfp_t flags);
#else
#define kvrealloc(p, size, flags) kalloc_kvresize((p), (size), (flags))
#endif

/** kalloc_kvresize() - kvrealloc() in the form of 6.12 */
KALLOC_API void *kalloc_kvresize(const void *p, size_t size, gfp_t flags);

/** kvfree() - free memory from kvmalloc(), kmalloc() or vmalloc(); NULL is a no-op */
KALLOC_API void kvfree(const void *addr);

/** kvfree_sensitive() - overwrite @len bytes with zero, then kvfree() */
KALLOC_API void kvfree_sensitive(const void *addr, size_t len);

/** kvmemdup() - a copy of @len bytes at @src, in memory from kvmalloc(); NULL if there is none */
KALLOC_API void *kvmemdup(const void *src, size_t len, gfp_t gfp);

KALLOC_END_DECLS

#endif
