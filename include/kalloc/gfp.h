/* SPDX-License-Identifier: MIT */
/*
 * Allocation flags ("get free pages" flags), with exactly Linux 6.1's values:
 * sources that pack their own tags around them (xarray, idr, radix tree) rely
 * on the numbers. The comment beside each flag says what it does *here*.
 *
 * Names of other eras stand at the end, mapped to 6.1's meaning.
 */
#ifndef KALLOC_GFP_H
#define KALLOC_GFP_H

#include <kalloc/types.h>

/* The plain-integer forms, for the preprocessor and for tables. */
#define ___GFP_DMA	      0x01u
#define ___GFP_HIGHMEM	      0x02u
#define ___GFP_DMA32	      0x04u
#define ___GFP_MOVABLE	      0x08u
#define ___GFP_RECLAIMABLE    0x10u
#define ___GFP_HIGH	      0x20u
#define ___GFP_IO	      0x40u
#define ___GFP_FS	      0x80u
#define ___GFP_ZERO	      0x100u
#define ___GFP_ATOMIC	      0x200u
#define ___GFP_DIRECT_RECLAIM 0x400u
#define ___GFP_KSWAPD_RECLAIM 0x800u
#define ___GFP_WRITE	      0x1000u
#define ___GFP_NOWARN	      0x2000u
#define ___GFP_RETRY_MAYFAIL  0x4000u
#define ___GFP_NOFAIL	      0x8000u
#define ___GFP_NORETRY	      0x10000u
#define ___GFP_MEMALLOC	      0x20000u
#define ___GFP_COMP	      0x40000u
#define ___GFP_NOMEMALLOC     0x80000u
#define ___GFP_HARDWALL	      0x100000u
#define ___GFP_THISNODE	      0x200000u
#define ___GFP_ACCOUNT	      0x400000u
#define ___GFP_ZEROTAGS	      0x800000u
#define ___GFP_NOLOCKDEP      0u

/*
 * Zone modifiers: the highest zone the request may use. None of them means
 * NORMAL and below. At most one of DMA, DMA32 and HIGHMEM may be given.
 */
#define __GFP_DMA     ((gfp_t)___GFP_DMA)     /* only zone DMA (below 16 MiB) */
#define __GFP_HIGHMEM ((gfp_t)___GFP_HIGHMEM) /* also zone HIGHMEM, if the machine has one */
#define __GFP_DMA32   ((gfp_t)___GFP_DMA32)   /* zone DMA32 (below 4 GiB) and DMA */
/* With HIGHMEM: also zone MOVABLE. Alone: pages of migratetype movable. */
#define __GFP_MOVABLE ((gfp_t)___GFP_MOVABLE)
#define GFP_ZONEMASK  (__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE)

/* Mobility and placement. */
#define __GFP_RECLAIMABLE ((gfp_t)___GFP_RECLAIMABLE) /* migratetype reclaimable; kmalloc-rcl-* */
#define __GFP_WRITE	  ((gfp_t)___GFP_WRITE) /* will be dirtied: from a node within its share */
#define __GFP_HARDWALL	  ((gfp_t)___GFP_HARDWALL) /* cpuset policy; one cpuset here, no effect */
#define __GFP_THISNODE	  ((gfp_t)___GFP_THISNODE) /* the named node or none */
#define __GFP_ACCOUNT	  ((gfp_t)___GFP_ACCOUNT)  /* kmalloc-cg-* caches; no accounting */

/* Watermark modifiers: how far below the min mark the request may dig. */
#define __GFP_ATOMIC	 ((gfp_t)___GFP_ATOMIC)	    /* cannot wait: with HIGH to 3/8 of min */
#define __GFP_HIGH	 ((gfp_t)___GFP_HIGH)	    /* high priority: to half of min */
#define __GFP_MEMALLOC	 ((gfp_t)___GFP_MEMALLOC)   /* no mark at all */
#define __GFP_NOMEMALLOC ((gfp_t)___GFP_NOMEMALLOC) /* never the reserves; beats MEMALLOC */

/* Reclaim modifiers: what the allocator may do before it gives up. */
#define __GFP_IO	     ((gfp_t)___GFP_IO)		    /* may start I/O */
#define __GFP_FS	     ((gfp_t)___GFP_FS)		    /* may call into the file system */
#define __GFP_DIRECT_RECLAIM ((gfp_t)___GFP_DIRECT_RECLAIM) /* the caller may sleep */
#define __GFP_KSWAPD_RECLAIM ((gfp_t)___GFP_KSWAPD_RECLAIM) /* may wake kswapd */
#define __GFP_RECLAIM	     ((gfp_t)(___GFP_DIRECT_RECLAIM | ___GFP_KSWAPD_RECLAIM))
#define __GFP_RETRY_MAYFAIL  ((gfp_t)___GFP_RETRY_MAYFAIL) /* try hard, but fail before OOM */
#define __GFP_NOFAIL	     ((gfp_t)___GFP_NOFAIL)	   /* never NULL: report and stop instead */
#define __GFP_NORETRY	     ((gfp_t)___GFP_NORETRY)	   /* one round only */

/* Action modifiers. */
#define __GFP_NOWARN   ((gfp_t)___GFP_NOWARN)	/* a failure prints nothing */
#define __GFP_COMP     ((gfp_t)___GFP_COMP)	/* make a compound page */
#define __GFP_ZERO     ((gfp_t)___GFP_ZERO)	/* fill with zero */
#define __GFP_ZEROTAGS ((gfp_t)___GFP_ZEROTAGS) /* memory tags; no effect on x86-64 */

/* Zero in Linux's default configuration, and zero here. */
#define __GFP_SKIP_ZERO		  ((gfp_t)0)
#define __GFP_SKIP_KASAN_UNPOISON ((gfp_t)0)
#define __GFP_SKIP_KASAN_POISON	  ((gfp_t)0)
#define __GFP_NOLOCKDEP		  ((gfp_t)___GFP_NOLOCKDEP)

#define __GFP_BITS_SHIFT	  27
#define __GFP_BITS_MASK		  ((gfp_t)((1 << __GFP_BITS_SHIFT) - 1))

/*
 * The combinations that callers use.
 *   GFP_ATOMIC            must not sleep; may take 5/8 of the min mark's reserve
 *   GFP_KERNEL            the ordinary one: may sleep, start I/O, call the file system
 *   GFP_KERNEL_ACCOUNT    the same from the accounted caches (kmalloc-cg-*)
 *   GFP_NOWAIT            must not sleep, no reserve; fails easily
 *   GFP_NOIO, GFP_NOFS    may sleep, but not start I/O / not call the file system
 *   GFP_USER              GFP_KERNEL for user space, under the cpuset's rule
 *   GFP_DMA, GFP_DMA32    zone selectors by themselves: neither sleeps
 *   GFP_HIGHUSER          GFP_USER, zone HIGHMEM allowed
 *   GFP_HIGHUSER_MOVABLE  the same, and zone MOVABLE: the owner can move the page
 *   GFP_TRANSHUGE_LIGHT   a huge page, if there is one: no sleep, no warning
 *   GFP_TRANSHUGE         a huge page, and reclaim for it
 */
#define GFP_ATOMIC	     (__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL	     (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT   (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT	     (__GFP_KSWAPD_RECLAIM)
#define GFP_NOIO	     (__GFP_RECLAIM)
#define GFP_NOFS	     (__GFP_RECLAIM | __GFP_IO)
#define GFP_USER	     (__GFP_RECLAIM | __GFP_IO | __GFP_FS | __GFP_HARDWALL)
#define GFP_DMA		     __GFP_DMA
#define GFP_DMA32	     __GFP_DMA32
#define GFP_HIGHUSER	     (GFP_USER | __GFP_HIGHMEM)
#define GFP_HIGHUSER_MOVABLE (GFP_HIGHUSER | __GFP_MOVABLE)
#define GFP_TRANSHUGE_LIGHT \
	((GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_NOMEMALLOC | __GFP_NOWARN) & ~__GFP_RECLAIM)
#define GFP_TRANSHUGE	 (GFP_TRANSHUGE_LIGHT | __GFP_DIRECT_RECLAIM)
#define GFP_MOVABLE_MASK (__GFP_RECLAIMABLE | __GFP_MOVABLE)
#define GFP_RECLAIM_MASK                                                                         \
	(__GFP_RECLAIM | __GFP_HIGH | __GFP_IO | __GFP_FS | __GFP_NOWARN | __GFP_RETRY_MAYFAIL | \
	 __GFP_NOFAIL | __GFP_NORETRY | __GFP_MEMALLOC | __GFP_NOMEMALLOC | __GFP_ATOMIC |       \
	 __GFP_NOLOCKDEP)

/*
 * Names of other eras.
 *   __GFP_WAIT      2.4–4.3: may sleep and reclaim; became __GFP_RECLAIM. With such a
 *                   KALLOC_LINUX_VERSION __GFP_DIRECT_RECLAIM alone, so that
 *                   "flags & __GFP_WAIT" is 0 for GFP_ATOMIC and GFP_NOWAIT, as there
 *   __GFP_REPEAT    2.6–4.12: renamed __GFP_RETRY_MAYFAIL
 *   __GFP_COLD      2.6–4.14: wants a cache-cold page: taken from the cold end of
 *                   the per-CPU list. A bit of its own, above 6.1's flags.
 *   GFP_TEMPORARY   2.6.24–4.13: short-lived, reclaimable
 *   __GFP_NOTRACK, __GFP_NOTRACK_FALSE_POSITIVE, __GFP_NOACCOUNT, __GFP_KMEMCG,
 *   __GFP_OTHER_NODE, __GFP_NO_KSWAPD, __GFP_NO_GROW: bookkeeping that is gone; no bits
 *   GFP_BUFFER      2.0–2.4: buffer-cache allocations, today's GFP_NOIO
 *   GFP_NOHIGHIO    2.4: GFP_NOIO · GFP_LEVEL_MASK 2.6: GFP_RECLAIM_MASK
 *   GFP_IOFS        2.6.35–4.3 · GFP_THISNODE 2.6.18–3.19 · GFP_PFAIL 2.3–2.5
 */
#define ___GFP_COLD 0x10000000u
#define __GFP_COLD  ((gfp_t)___GFP_COLD)
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(4, 4, 0)
#define __GFP_WAIT __GFP_DIRECT_RECLAIM
#else
#define __GFP_WAIT __GFP_RECLAIM
#endif
#define __GFP_REPEAT		     __GFP_RETRY_MAYFAIL
#define __GFP_NOTRACK		     ((gfp_t)0)
#define __GFP_OTHER_NODE	     ((gfp_t)0)
#define __GFP_NO_KSWAPD		     ((gfp_t)0)
#define __GFP_NO_GROW		     ((gfp_t)0)
#define __GFP_NOTRACK_FALSE_POSITIVE ((gfp_t)0)
#define __GFP_NOACCOUNT		     ((gfp_t)0)
#define __GFP_KMEMCG		     ((gfp_t)0)
#define __GFP_VALID		     ((gfp_t)0)
#define GFP_BUFFER		     GFP_NOIO
#define GFP_NOHIGHIO		     GFP_NOIO
#define GFP_TEMPORARY		     (GFP_KERNEL | __GFP_RECLAIMABLE)
#define GFP_IOFS		     (__GFP_IO | __GFP_FS)
#define GFP_THISNODE		     (__GFP_THISNODE | __GFP_NOWARN | __GFP_NORETRY)
#define GFP_LEVEL_MASK		     GFP_RECLAIM_MASK
#define GFP_PFAIL		     (GFP_KERNEL | __GFP_NORETRY)
#define GFP_HIGHUSER_PAGECACHE	     GFP_HIGHUSER_MOVABLE
#define GFP_CONSTRAINT_MASK	     (__GFP_HARDWALL | __GFP_THISNODE)

/* True if the caller may sleep (it gave __GFP_DIRECT_RECLAIM). */
static inline bool gfpflags_allow_blocking(const gfp_t gfp_flags)
{
	return (gfp_flags & __GFP_DIRECT_RECLAIM) != 0;
}

KALLOC_BEGIN_DECLS

/**
 * kalloc_gfp_show() - write flags as the kernel's "%pGg" does
 * @gfp: the flags
 * @buf: receives the text, always terminated if @size > 0
 * @size: bytes in @buf
 *
 * Whole combinations are named first ("GFP_KERNEL|__GFP_ZERO"), bits without a
 * name come last in hexadecimal. Any context.
 *
 * Return: length of the whole text, as snprintf does.
 */
KALLOC_API int kalloc_gfp_show(gfp_t gfp, char *buf, size_t size);

/**
 * kalloc_gfp_parse() - read flags written as kernel traces write them
 * @text: "GFP_KERNEL|__GFP_ZERO", "0xcc0", "none", names of any era
 * @gfp: receives the flags
 *
 * Return: 0, or -EINVAL for a name that no era knows.
 */
KALLOC_API int kalloc_gfp_parse(const char *text, gfp_t *gfp);

KALLOC_END_DECLS

#endif
