/* SPDX-License-Identifier: MIT */
#include <asm-generic/sections.h>
