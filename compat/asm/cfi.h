/* SPDX-License-Identifier: MIT */
#include <asm-generic/cfi.h>
