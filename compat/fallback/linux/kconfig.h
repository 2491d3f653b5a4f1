/* SPDX-License-Identifier: MIT */
/* The configuration, the same as with a tree. An option is y or absent, never a module. */
#ifndef __LINUX_KCONFIG_H
#define __LINUX_KCONFIG_H

#include "../../generated/autoconf.h"

/* Whether @option is defined as 1: then what it is pasted to is two arguments, "0, 1". */
#define KALLOC_COMMA_1			  0,
#define KALLOC_SECOND(first, second, ...) second
#define KALLOC_PICK(comma)		  KALLOC_SECOND(comma 1, 0, 0)
#define KALLOC_PASTE(value)		  KALLOC_PICK(KALLOC_COMMA_##value)
#define KALLOC_IS_1(option)		  KALLOC_PASTE(option)

#define IS_ENABLED(option)		  KALLOC_IS_1(option)
#define IS_BUILTIN(option)		  KALLOC_IS_1(option)
#define IS_REACHABLE(option)		  KALLOC_IS_1(option)
#define IS_MODULE(option)		  0

#endif
