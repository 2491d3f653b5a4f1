/* SPDX-License-Identifier: MIT */
#include <asm-generic/div64.h>
