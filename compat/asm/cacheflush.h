/* SPDX-License-Identifier: MIT */
#include <asm-generic/cacheflush.h>
