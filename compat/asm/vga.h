/* SPDX-License-Identifier: MIT */
#include <asm-generic/vga.h>
