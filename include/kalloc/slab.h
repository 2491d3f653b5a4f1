/* SPDX-License-Identifier: MIT */
/*
 * The slab allocator: many objects of one size in each run of frames.
 *
 * Terms. A *cache* (struct kmem_cache) hands out *objects* of one size. It cuts
 * them from *slabs*: blocks of 2^order frames that hold nothing else. kmalloc()
 * is a row of such caches by size; requests above KMALLOC_MAX_CACHE_SIZE go to
 * the page allocator.
 *
 * Context. With __GFP_DIRECT_RECLAIM an allocation may sleep; without it any
 * context will do. Freeing never sleeps. Creating, shrinking and destroying a
 * cache may. An object or cache belongs to the machine that was current when it
 * was made; calls that are given one work on its machine, whichever is current.
 * Source of behaviour: Linux 6.1 mm/slub.c and mm/slab_common.c.
 */
#ifndef KALLOC_SLAB_H
#define KALLOC_SLAB_H

#include <kalloc/gfp.h>

/* --- flags of a cache, with Linux 6.1's values -------------------------- */

#define SLAB_CONSISTENCY_CHECKS ((slab_flags_t)0x00000100U) /* a checked cache; see below */
#define SLAB_RED_ZONE		((slab_flags_t)0x00000400U) /* guard bytes around each object */
#define SLAB_POISON		((slab_flags_t)0x00000800U) /* pattern in free objects */
#define SLAB_KMALLOC		((slab_flags_t)0x00001000U) /* objects are kmalloc()'s */
#define SLAB_HWCACHE_ALIGN	((slab_flags_t)0x00002000U) /* align to cache lines */
#define SLAB_CACHE_DMA		((slab_flags_t)0x00004000U) /* frames from zone DMA */
#define SLAB_CACHE_DMA32	((slab_flags_t)0x00008000U) /* frames from zone DMA32 */
#define SLAB_STORE_USER		((slab_flags_t)0x00010000U) /* room for last user records */
#define SLAB_RECLAIM_ACCOUNT	((slab_flags_t)0x00020000U) /* objects are reclaimable */
#define SLAB_PANIC		((slab_flags_t)0x00040000U) /* stop if creation fails */
#define SLAB_TYPESAFE_BY_RCU	((slab_flags_t)0x00080000U) /* freed memory keeps its type */
#define SLAB_MEM_SPREAD		((slab_flags_t)0x00100000U) /* accepted, no effect */
#define SLAB_TRACE		((slab_flags_t)0x00200000U) /* a checked cache */
#define SLAB_NOLEAKTRACE	((slab_flags_t)0x00800000U) /* never merged */
#define SLAB_NO_MERGE		((slab_flags_t)0x01000000U) /* never merged; from 6.5 */
#define SLAB_ACCOUNT		((slab_flags_t)0x04000000U) /* kept apart; no accounting */
#define SLAB_NO_USER_FLAGS	((slab_flags_t)0x10000000U) /* slub_debug= does not apply */
#define SLAB_DEBUG_OBJECTS	((slab_flags_t)0)	    /* zero in the default configuration */
#define SLAB_FAILSLAB		((slab_flags_t)0)	    /* zero in the default configuration */

/* Names of other eras. */
#define SLAB_DESTROY_BY_RCU SLAB_TYPESAFE_BY_RCU    /* 2.6.9–4.11 */
#define SLAB_DEBUG_FREE	    SLAB_CONSISTENCY_CHECKS /* 2.6–4.5 */
#define SLAB_TEMPORARY	    SLAB_RECLAIM_ACCOUNT    /* 2.6.24 and later */
#define SLAB_NOTRACK	    ((slab_flags_t)0)	    /* 2.6.31–4.14; kmemcheck is not emulated */

/* --- the sizes of kmalloc ----------------------------------------------- */

/* What a request for 0 bytes returns: not NULL, faults when used, may be freed. */
#define ZERO_SIZE_PTR	       ((void *)16)
#define ZERO_OR_NULL_PTR(x)    ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

#define KMALLOC_SHIFT_LOW      3
#define KMALLOC_SHIFT_HIGH     (PAGE_SHIFT + 1)
#define KMALLOC_SHIFT_MAX      22
#define KMALLOC_MIN_SIZE       (1UL << KMALLOC_SHIFT_LOW)
#define KMALLOC_MAX_CACHE_SIZE (1UL << KMALLOC_SHIFT_HIGH)
#define KMALLOC_MAX_SIZE       (1UL << KMALLOC_SHIFT_MAX)
#define KMALLOC_MAX_ORDER      (KMALLOC_SHIFT_MAX - PAGE_SHIFT)
#ifndef ARCH_KMALLOC_MINALIGN
#define ARCH_KMALLOC_MINALIGN 8UL
#endif

enum kmalloc_cache_type {
	KMALLOC_NORMAL,	 /* kmalloc-* */
	KMALLOC_CGROUP,	 /* kmalloc-cg-*, __GFP_ACCOUNT */
	KMALLOC_RECLAIM, /* kmalloc-rcl-*, __GFP_RECLAIMABLE */
	KMALLOC_DMA,	 /* dma-kmalloc-*, __GFP_DMA */
	NR_KMALLOC_TYPES
};

struct kmem_cache;

KALLOC_BEGIN_DECLS

/* --- caches ------------------------------------------------------------- */

/**
 * kmem_cache_create() - make a cache
 * @name: shown in /proc/slabinfo and in messages; copied
 * @size: bytes of an object, 1 to 4 MiB
 * @align: alignment of objects in bytes; 0 for the least (8)
 * @flags: SLAB_*
 * @ctor: called with each object when a slab is made, not at each allocation: an
 *	object is to be freed in the state the constructor left it in. Called with
 *	no lock held. NULL for none
 *
 * Unless the machine was booted with slab_nomerge, a cache of like size and flags
 * may be shared: then its pointer is returned once more. May sleep.
 *
 * Return: the cache, or NULL (a size, alignment or flag that cannot be, or no
 * memory) with the kernel's message; with SLAB_PANIC the process stops instead.
 */
KALLOC_API struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
						unsigned int align, slab_flags_t flags,
						void (*ctor)(void *));

/**
 * kmem_cache_create_usercopy() - make a cache that says what may be copied to users
 * @name: as in kmem_cache_create()
 * @size: as in kmem_cache_create()
 * @align: as in kmem_cache_create()
 * @flags: as in kmem_cache_create()
 * @useroffset: first byte of the region
 * @usersize: bytes in the region; a cache that has one is never shared
 * @ctor: as in kmem_cache_create()
 *
 * Return: as kmem_cache_create().
 */
KALLOC_API struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size,
							 unsigned int align, slab_flags_t flags,
							 unsigned int useroffset,
							 unsigned int usersize,
							 void (*ctor)(void *));

/**
 * kmem_cache_destroy() - let go of a cache
 * @s: the cache, or NULL (no-op)
 *
 * A shared cache goes when its last user lets go. If objects are still allocated
 * they are reported and the cache stays alive. May sleep.
 */
KALLOC_API void kmem_cache_destroy(struct kmem_cache *s);

/**
 * kmem_cache_shrink() - give empty slabs back
 * @s: the cache
 *
 * Empties the per-CPU lists, frees empty slabs, and sorts the rest so that the
 * fullest are used first. May sleep.
 *
 * Return: 0 if no slab is left, 1 otherwise.
 */
KALLOC_API int kmem_cache_shrink(struct kmem_cache *s);

/** kmem_cache_size() - bytes of an object that its user may use */
KALLOC_API unsigned int kmem_cache_size(struct kmem_cache *s);

/** kmem_cache_name() - the cache's name; that of its first user if shared (until 2.6.38) */
KALLOC_API const char *kmem_cache_name(struct kmem_cache *s);

/* --- checked caches ----------------------------------------------------- */

/**
 * validate_slab_cache() - look for what was written where nobody should have written
 * @s: the cache. How much there is to see depends on its flags, which kmem_cache_create() or
 *	slub_debug= gave it: SLAB_RED_ZONE has bytes around each object, SLAB_POISON fills
 *	objects that are free and what lies between them; of other caches only free pointers
 *	and counts are looked at
 *
 * Looks at each slab that has a free object, and at the full ones of a cache with
 * SLAB_STORE_USER. What is found is reported on the console in the kernel's words and put
 * right: bytes get the value that they should have, free objects that can no longer be
 * reached count as in use. May sleep. Source: Linux 6.1 mm/slub.c, where writing 1 to
 * /sys/kernel/slab/<cache>/validate calls it. Like later kernels, it also finds a list of
 * free objects that does not end, and what was written behind the bytes that
 * kmalloc_trace() was asked for.
 *
 * Return: how many slabs were looked at.
 */
KALLOC_API long validate_slab_cache(struct kmem_cache *s);

/* What kalloc_take_slab_reports() tells of. */
enum kalloc_slab_report {
	KALLOC_SLAB_BUG,   /* something is wrong with a slab or an object, or a cache that is
			    * destroyed has a slab with objects in use */
	KALLOC_SLAB_FIX,   /* what the report before told of was put right */
	KALLOC_SLAB_LEFT,  /* an object that is in use in such a slab of a destroyed cache */
	KALLOC_SLAB_STAYS, /* kmem_cache_destroy() lets the cache live: objects are left */
};

/*
 * @ctx: what kalloc_take_slab_reports() was given; @s: the cache. Called in the thread that
 * found it, with no lock held, and may do what that thread may. Return: true to take the
 * report: then it is not printed.
 */
typedef bool (*kalloc_slab_taker)(void *ctx, struct kmem_cache *s, enum kalloc_slab_report report);

/**
 * kalloc_take_slab_reports() - be asked before a report on a cache is printed
 * @taker: called for each report, and for each line that would follow it, of all caches of the
 *	current machine; NULL: all are printed
 * @ctx: its first argument
 *
 * For tests that provoke reports: they count them instead (KUnit's of slab do). Of two
 * threads that call this at once one may be given the other's @ctx; whoever replaces a
 * taker sees to it that no report is under way. Any context.
 */
KALLOC_API void kalloc_take_slab_reports(kalloc_slab_taker taker, void *ctx);

/* --- objects ------------------------------------------------------------ */

/**
 * kmem_cache_alloc() - take an object
 * @s: the cache
 * @flags: gfp flags; __GFP_ZERO clears the object, in a cache with a constructor too
 *	(with a warning, once) unless the machine was booted with init_on_alloc=1
 *
 * Return: the object, or NULL.
 */
KALLOC_API void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) KALLOC_MALLOC;

/** kmem_cache_alloc_node() - kmem_cache_alloc() near node @node (NUMA_NO_NODE: the caller's) */
KALLOC_API void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t flags, int node) KALLOC_MALLOC;

/** kmem_cache_zalloc() - kmem_cache_alloc() with __GFP_ZERO */
static inline void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags)
{
	return kmem_cache_alloc(s, flags | __GFP_ZERO);
}

/**
 * kmem_cache_free() - give an object back
 * @s: the cache it came from; if it is another's, that is reported and the object
 *	goes back to its own cache
 * @objp: the object; NULL is reported and ignored
 */
KALLOC_API void kmem_cache_free(struct kmem_cache *s, void *objp);

/**
 * kmem_cache_alloc_bulk() - take several objects at once
 * @s: the cache
 * @flags: gfp flags
 * @size: how many
 * @p: receives them
 *
 * Return: @size, or 0 with none taken.
 */
KALLOC_API int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p);

/**
 * kmem_cache_free_bulk() - give several objects back at once
 * @s: the cache, or NULL for objects of any cache and kmalloc memory of any size
 * @size: how many
 * @p: the objects, none of them NULL; the array is reordered
 */
KALLOC_API void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p);

/** kfree_bulk() - kmem_cache_free_bulk() for kmalloc memory */
static inline void kfree_bulk(size_t size, void **p)
{
	kmem_cache_free_bulk(NULL, size, p);
}

/*
 * Caches of other eras. KALLOC_LINUX_VERSION chooses what kmem_cache_create() is:
 *   before 2.6.23  (..., ctor(object, cache, flags), dtor); a destructor is refused
 *   2.6.23         (..., ctor(object, cache, flags))
 *   2.6.24–2.6.26  (..., ctor(cache, object))
 *   from 2.6.27    (..., ctor(object))
 * Before 2.6.19 kmem_cache_destroy() returned nonzero if objects were left.
 */
#define SLAB_CTOR_CONSTRUCTOR 1UL /* the flags a three-argument constructor is given */
#define SLAB_CTOR_ATOMIC      2UL
#define SLAB_CTOR_VERIFY      4UL

typedef void (*kalloc_ctor_old)(void *object, struct kmem_cache *s, unsigned long flags);

/** kalloc_cache_create_old() - kmem_cache_create() of 2.6.0 to 2.6.23; @dtor must be NULL */
KALLOC_API struct kmem_cache *kalloc_cache_create_old(const char *name, size_t size, size_t align,
						      unsigned long flags, kalloc_ctor_old ctor,
						      kalloc_ctor_old dtor);

/** kalloc_cache_create_mid() - kmem_cache_create() of 2.6.24 to 2.6.26 */
KALLOC_API struct kmem_cache *kalloc_cache_create_mid(const char *name, size_t size, size_t align,
						      unsigned long flags,
						      void (*ctor)(struct kmem_cache *, void *));

/** kalloc_cache_destroy() - kmem_cache_destroy() that returns 1 if objects are left, else 0 */
KALLOC_API int kalloc_cache_destroy(struct kmem_cache *s);

#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 23)
#define kmem_cache_create(name, size, align, flags, ctor, dtor) \
	kalloc_cache_create_old(name, size, align, flags, ctor, dtor)
#define KALLOC_NO_CTOR NULL, NULL
#elif KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 24)
#define kmem_cache_create(name, size, align, flags, ctor) \
	kalloc_cache_create_old(name, size, align, flags, ctor, NULL)
#define KALLOC_NO_CTOR NULL
#elif KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 27)
#define kmem_cache_create(name, size, align, flags, ctor) \
	kalloc_cache_create_mid(name, size, align, flags, ctor)
#define KALLOC_NO_CTOR NULL
#else
#define KALLOC_NO_CTOR NULL
#endif

#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 19)
#define kmem_cache_destroy(s) kalloc_cache_destroy(s)
#endif
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 24)
typedef struct kmem_cache kmem_cache_t;
#define SLAB_KERNEL GFP_KERNEL
#define SLAB_ATOMIC GFP_ATOMIC
#define SLAB_NOIO   GFP_NOIO
#define SLAB_NOFS   GFP_NOFS
#define SLAB_USER   GFP_USER
#define SLAB_DMA    GFP_DMA
#endif

/** KMEM_CACHE() - a cache for objects of struct @tag, named after it */
#define KALLOC_CACHE_OF(tag, flags, ...) \
	kmem_cache_create(#tag, sizeof(struct tag), __alignof__(struct tag), (flags), __VA_ARGS__)
#define KMEM_CACHE(tag, flags) KALLOC_CACHE_OF(tag, flags, KALLOC_NO_CTOR)

/** KMEM_CACHE_USERCOPY() - as KMEM_CACHE(), with @field as the region for users */
#define KMEM_CACHE_USERCOPY(tag, flags, field)                                                    \
	kmem_cache_create_usercopy(#tag, sizeof(struct tag), __alignof__(struct tag), (flags),    \
				   offsetof(struct tag, field), sizeof(((struct tag *)0)->field), \
				   NULL)

/* --- kmalloc ------------------------------------------------------------ */

/**
 * __kmalloc() - kmalloc() for a size that is not known at compile time
 * @size: bytes
 * @flags: gfp flags
 *
 * Return: as kmalloc().
 */
KALLOC_API void *__kmalloc(size_t size, gfp_t flags) KALLOC_MALLOC;

/** __kmalloc_node() - __kmalloc() near node @node (NUMA_NO_NODE: the caller's) */
KALLOC_API void *__kmalloc_node(size_t size, gfp_t flags, int node) KALLOC_MALLOC;

/* Flags that kmalloc() has to look at before it knows where the memory comes from. */
#define KALLOC_GFP_NOT_PLAIN (__GFP_ZERO | __GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT)

/*
 * A size class and, for those who want to know what was asked for, the size that is a constant:
 * one number.
 */
#define KALLOC_SIZED(size) (kmalloc_index(size) | (unsigned int)(size) << KALLOC_SIZED_SHIFT)
#define KALLOC_SIZED_SHIFT 8
#define KALLOC_SIZED_CLASS 0xffu

/**
 * kalloc_kmalloc_sized() - kmalloc() of a constant size, for the flags that most callers have
 * @sized: KALLOC_SIZED(size); the size 1 to KMALLOC_MAX_CACHE_SIZE
 * @flags: gfp flags, none of KALLOC_GFP_NOT_PLAIN
 *
 * Return: as kmalloc().
 */
KALLOC_API void *kalloc_kmalloc_sized(unsigned int sized, gfp_t flags) KALLOC_MALLOC;

/**
 * kalloc_kmalloc_sized_node() - kmalloc_node() of a constant size
 * @sized: as in kalloc_kmalloc_sized()
 * @flags: gfp flags
 * @node: a node, or NUMA_NO_NODE
 *
 * Return: as kmalloc().
 */
KALLOC_API void *kalloc_kmalloc_sized_node(unsigned int sized, gfp_t flags, int node) KALLOC_MALLOC;

/* The same two without the size, which programs have called that were built before: */

/** kalloc_kmalloc_class() - kalloc_kmalloc_sized_node(), with the class as kmalloc_index() gives it */
KALLOC_API void *kalloc_kmalloc_class(unsigned int index, gfp_t flags, int node) KALLOC_MALLOC;

/** kalloc_kmalloc_plain() - kalloc_kmalloc_sized(), with the class as kmalloc_index() gives it */
KALLOC_API void *kalloc_kmalloc_plain(unsigned int index, gfp_t flags) KALLOC_MALLOC;

/**
 * kmalloc_trace() - take an object of a cache of kmalloc's, for so many bytes
 * @s: the cache; one with SLAB_KMALLOC and SLAB_STORE_USER keeps @size, and with
 *	SLAB_RED_ZONE what its object has beyond that is guarded, too (kernels from 6.2 on)
 * @flags: gfp flags
 * @size: bytes that are to be used, at most kmem_cache_size()
 *
 * Linux 6.1's name for what kmalloc() of a constant size calls; __kmalloc_cache_noprof()
 * later. kmalloc() itself keeps no size.
 *
 * Return: the object, or NULL.
 */
KALLOC_API void *kmalloc_trace(struct kmem_cache *s, gfp_t flags, size_t size) KALLOC_MALLOC;

/** kmalloc_type() - which of the four rows of caches serves these flags */
static inline enum kmalloc_cache_type kmalloc_type(gfp_t flags)
{
	if (!(flags & (__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT)))
		return KMALLOC_NORMAL;
	if (flags & __GFP_DMA)
		return KMALLOC_DMA;
	return (flags & __GFP_RECLAIMABLE) ? KMALLOC_RECLAIM : KMALLOC_CGROUP;
}

/**
 * kmalloc_index() - the size class of a request
 * @size: bytes, at most KMALLOC_MAX_CACHE_SIZE
 *
 * Return: 0 for no bytes, 1 for 65..96, 2 for 129..192, else n where the class
 * holds 2^n bytes.
 */
static inline __attribute__((__always_inline__)) unsigned int kmalloc_index(size_t size)
{
	if (size <= KMALLOC_MIN_SIZE)
		return size ? KMALLOC_SHIFT_LOW : 0;
	if (size > 64 && size <= 96)
		return 1;
	if (size > 128 && size <= 192)
		return 2;
	return (unsigned int)(8 * sizeof(long)) - (unsigned int)__builtin_clzl(size - 1);
}

/**
 * kmalloc_node() - kmalloc() near a node
 * @size: bytes
 * @flags: gfp flags
 * @node: a node, or NUMA_NO_NODE for the caller's
 *
 * Return: as kmalloc().
 */
static inline __attribute__((__always_inline__)) void *kmalloc_node(size_t size, gfp_t flags,
								    int node)
{
	if (__builtin_constant_p(size) && size <= KMALLOC_MAX_CACHE_SIZE)
		return size ? kalloc_kmalloc_sized_node(KALLOC_SIZED(size), flags, node)
			    : ZERO_SIZE_PTR;
	return __kmalloc_node(size, flags, node);
}

/**
 * kmalloc() - allocate memory
 * @size: bytes
 * @flags: gfp flags
 *
 * The memory is contiguous, aligned to 8 bytes, and to @size where that is a
 * power of two. ksize() says how much of it may be used.
 *
 * Return: the memory; ZERO_SIZE_PTR for 0 bytes; NULL if there is none, and above
 * 4 MiB, with a warning unless __GFP_NOWARN.
 */
static inline __attribute__((__always_inline__)) void *kmalloc(size_t size, gfp_t flags)
{
	if (!__builtin_constant_p(size) || size > KMALLOC_MAX_CACHE_SIZE)
		return __kmalloc(size, flags);
	if (!size)
		return ZERO_SIZE_PTR;
	if (__builtin_constant_p(flags) && !(flags & KALLOC_GFP_NOT_PLAIN))
		return kalloc_kmalloc_sized(KALLOC_SIZED(size), flags);
	return kalloc_kmalloc_sized_node(KALLOC_SIZED(size), flags, NUMA_NO_NODE);
}

/** kzalloc() - kmalloc() of zeroed memory */
static inline __attribute__((__always_inline__)) void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

/** kzalloc_node() - kmalloc_node() of zeroed memory */
static inline __attribute__((__always_inline__)) void *kzalloc_node(size_t size, gfp_t flags,
								    int node)
{
	return kmalloc_node(size, flags | __GFP_ZERO, node);
}

/** kmalloc_array_node() - kmalloc_array() near node @node */
static inline void *kmalloc_array_node(size_t n, size_t size, gfp_t flags, int node)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : kmalloc_node(bytes, flags, node);
}

/**
 * kmalloc_array() - memory for an array
 * @n: number of elements
 * @size: bytes of one
 * @flags: gfp flags
 *
 * Return: as kmalloc(); NULL, silently, if @n * @size overflows.
 */
static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array_node(n, size, flags, NUMA_NO_NODE);
}

/** kcalloc() - kmalloc_array() of zeroed memory */
static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

/** kcalloc_node() - kmalloc_array_node() of zeroed memory */
static inline void *kcalloc_node(size_t n, size_t size, gfp_t flags, int node)
{
	return kmalloc_array_node(n, size, flags | __GFP_ZERO, node);
}

/**
 * krealloc() - change the size of kmalloc memory
 * @p: the memory; NULL or ZERO_SIZE_PTR to allocate
 * @new_size: bytes; 0 frees @p
 * @flags: gfp flags; __GFP_ZERO clears what lies past the old ksize(), and past
 *	@new_size where the memory stays in place
 *
 * Stays in place while @new_size <= ksize(@p), so it never shrinks; else copies
 * all ksize(@p) bytes.
 *
 * Return: the memory, ZERO_SIZE_PTR for 0 bytes, or NULL with @p untouched.
 */
KALLOC_API void *krealloc(const void *p, size_t new_size, gfp_t flags) KALLOC_MUST;

/** krealloc_array() - krealloc() to @new_n elements of @new_size; NULL if that overflows */
static inline void *krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(new_n, new_size, &bytes) ? NULL : krealloc(p, bytes, flags);
}

/**
 * kfree() - free kmalloc memory or an object of any cache
 * @object: the memory; NULL and ZERO_SIZE_PTR are no-ops. An address that is no
 *	machine's is reported and ignored. Any machine's memory
 */
KALLOC_API void kfree(const void *object);

/** kfree_sensitive() - clear all ksize() bytes, then kfree() */
KALLOC_API void kfree_sensitive(const void *object);

#define kzfree(object) kfree_sensitive(object) /* its name from 2.6.31 to 5.9 */

/**
 * ksize() - bytes that may be used at a kmalloc pointer
 * @object: the memory
 *
 * Return: 0 for NULL and ZERO_SIZE_PTR; 0 with a warning for memory that is not
 * from kmalloc.
 */
KALLOC_API size_t ksize(const void *object);

/**
 * kmalloc_size_roundup() - what ksize() would be
 * @size: bytes
 *
 * Return: the size of the class or block that would serve @size; not limited to
 * KMALLOC_MAX_SIZE; SIZE_MAX for itself.
 */
KALLOC_API size_t kmalloc_size_roundup(size_t size);

/* --- copies of strings and memory --------------------------------------- */

/** kmemdup() - copy of @len bytes at @src; NULL if there is no memory */
KALLOC_API void *kmemdup(const void *src, size_t len, gfp_t gfp) KALLOC_MALLOC;

/** kmemdup_nul() - copy of @len bytes at @s with a '\0' behind them; NULL for NULL */
KALLOC_API char *kmemdup_nul(const char *s, size_t len, gfp_t gfp) KALLOC_MALLOC;

/** kstrdup() - copy of a string; NULL for NULL */
KALLOC_API char *kstrdup(const char *s, gfp_t gfp) KALLOC_MALLOC;

/** kstrndup() - copy of at most @max characters of a string; NULL for NULL */
KALLOC_API char *kstrndup(const char *s, size_t max, gfp_t gfp) KALLOC_MALLOC;

/**
 * kasprintf() - print into memory of just the size
 * @gfp: gfp flags
 * @fmt: a printf format of the C library; the kernel's %p extensions are not known
 *
 * Return: the string, or NULL.
 */
KALLOC_API char *kasprintf(gfp_t gfp, const char *fmt, ...)
	__attribute__((__format__(__printf__, 2, 3), __malloc__));

/** kvasprintf() - kasprintf() with its arguments in a va_list */
KALLOC_API char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
	__attribute__((__format__(__printf__, 2, 0), __malloc__));

KALLOC_END_DECLS

#include <kalloc/inline.h>

#endif
