/* SPDX-License-Identifier: MIT */
#include <asm-generic/mmu.h>
