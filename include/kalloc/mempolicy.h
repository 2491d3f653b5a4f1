/* SPDX-License-Identifier: MIT */
/*
 * Memory policy: from which nodes the calling thread's requests are served. Holds for
 * requests that name no node (alloc_pages, kmalloc, vmalloc ...), not for the _node
 * forms nor __GFP_THISNODE, and not in atomic context. Modes and rules of Linux 6.1
 * mm/mempolicy.c.
 */
#ifndef KALLOC_MEMPOLICY_H
#define KALLOC_MEMPOLICY_H

#include <kalloc/types.h>

enum {
	MPOL_DEFAULT,	     /* the node of the thread's CPU, then the nearest */
	MPOL_PREFERRED,	     /* the first node of the mask, then the nearest to it */
	MPOL_BIND,	     /* only the nodes of the mask */
	MPOL_INTERLEAVE,     /* the nodes of the mask in turn, a request each */
	MPOL_LOCAL,	     /* as MPOL_DEFAULT */
	MPOL_PREFERRED_MANY, /* the nodes of the mask, before it comes to reclaim all others */
	MPOL_MAX
};

KALLOC_BEGIN_DECLS

/**
 * kalloc_set_mempolicy() - set the calling thread's policy
 * @mode: MPOL_*
 * @nodes: bit n names node n; ignored for DEFAULT and LOCAL
 *
 * Nodes that do not exist or have no memory are left out of the mask.
 *
 * Return: 0; -EINVAL (unknown mode, a mask of which nothing is left).
 */
KALLOC_API int kalloc_set_mempolicy(int mode, unsigned long nodes);

/** kalloc_get_mempolicy() - the calling thread's mode; *@nodes (may be NULL) its mask */
KALLOC_API int kalloc_get_mempolicy(unsigned long *nodes);

KALLOC_END_DECLS

#endif
