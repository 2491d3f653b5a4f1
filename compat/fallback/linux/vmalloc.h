/* SPDX-License-Identifier: MIT */
/* vmalloc: libkalloc's. */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <kalloc/vmalloc.h>

#endif
