/* SPDX-License-Identifier: MIT */
#include <asm-generic/tlbflush.h>
