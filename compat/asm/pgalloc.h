/* SPDX-License-Identifier: MIT */
#include <asm-generic/pgalloc.h>
