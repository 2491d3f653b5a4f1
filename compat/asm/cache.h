/* SPDX-License-Identifier: MIT */
#include <asm-generic/cache.h>
