/* SPDX-License-Identifier: MIT */
/* The kernel that the program's sources were written for, in the place of a generated file. */
#ifndef _LINUX_VERSION_H
#define _LINUX_VERSION_H

#include <kalloc/types.h>

#define LINUX_VERSION_CODE	 KALLOC_LINUX_VERSION
#define LINUX_VERSION_MAJOR	 (LINUX_VERSION_CODE >> 16)
#define LINUX_VERSION_PATCHLEVEL (LINUX_VERSION_CODE >> 8 & 0xff)
#define LINUX_VERSION_SUBLEVEL	 (LINUX_VERSION_CODE & 0xff)

#endif
