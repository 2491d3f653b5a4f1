/* SPDX-License-Identifier: MIT */
#include <asm-generic/kmap_size.h>
