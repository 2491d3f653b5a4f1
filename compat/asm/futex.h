/* SPDX-License-Identifier: MIT */
#include <asm-generic/futex.h>
