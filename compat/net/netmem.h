/* SPDX-License-Identifier: MIT */
/* Memory of network buffers is pages, and no page is of a pool. */
#ifndef _NET_NETMEM_H
#define _NET_NETMEM_H

#include <linux/mm.h>

struct net_iov;
typedef unsigned long __bitwise netmem_ref;

static inline bool netmem_is_net_iov(const netmem_ref netmem)
{
	return false;
}

static inline struct page *netmem_to_page(netmem_ref netmem)
{
	return (__force struct page *)netmem;
}

static inline struct net_iov *netmem_to_net_iov(netmem_ref netmem)
{
	return NULL;
}

static inline netmem_ref page_to_netmem(struct page *page)
{
	return (__force netmem_ref)page;
}

static inline netmem_ref netmem_compound_head(netmem_ref netmem)
{
	return page_to_netmem(compound_head(netmem_to_page(netmem)));
}

static inline void *netmem_address(netmem_ref netmem)
{
	return page_address(netmem_to_page(netmem));
}

static inline int netmem_ref_count(netmem_ref netmem)
{
	return page_ref_count(netmem_to_page(netmem));
}

static inline unsigned long netmem_pfn_trace(netmem_ref netmem)
{
	return page_to_pfn(netmem_to_page(netmem));
}

static inline bool netmem_is_pfmemalloc(netmem_ref netmem)
{
	return page_is_pfmemalloc(netmem_to_page(netmem));
}

#endif
