/* SPDX-License-Identifier: MIT */
/* Memory pools: libkalloc's. */
#ifndef _LINUX_MEMPOOL_H
#define _LINUX_MEMPOOL_H

#include <linux/slab.h>
#include <kalloc/mempool.h>

#endif
