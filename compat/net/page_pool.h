/* SPDX-License-Identifier: MIT */
/* Pools of network pages keep their state in fields of struct page: no page is of one. */
#ifndef _NET_PAGE_POOL_H
#define _NET_PAGE_POOL_H

#define page_pool_return_skb_page(...) false

#endif
