/* SPDX-License-Identifier: MIT */
/* Flexible arrays: libkalloc's. */
#ifndef _FLEX_ARRAY_H
#define _FLEX_ARRAY_H

#include <linux/types.h>
#include <kalloc/flex_array.h>

#endif
