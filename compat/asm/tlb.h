/* SPDX-License-Identifier: MIT */
#include <asm-generic/tlb.h>
