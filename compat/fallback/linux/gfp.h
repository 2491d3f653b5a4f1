/* SPDX-License-Identifier: MIT */
/* Frames: libkalloc's. */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/gfp_types.h>
#include <linux/mmzone.h>
#include <kalloc/page.h>

#endif
