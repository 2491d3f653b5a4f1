/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_VERSION_H
#define _LINUX_VERSION_H

#include <kalloc/types.h>

#define LINUX_VERSION_CODE KALLOC_LINUX_VERSION

#endif
