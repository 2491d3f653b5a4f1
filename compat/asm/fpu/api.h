/* SPDX-License-Identifier: MIT */
#include <asm/fpu.h>
