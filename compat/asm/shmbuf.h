/* SPDX-License-Identifier: MIT */
#include <asm-generic/shmbuf.h>
