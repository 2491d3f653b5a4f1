/* SPDX-License-Identifier: MIT */
#include <asm-generic/runtime-const.h>
