/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_GFP_TYPES_H
#define _LINUX_GFP_TYPES_H

#include <linux/types.h>
#include <kalloc/gfp.h>

#endif
