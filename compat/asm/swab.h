/* SPDX-License-Identifier: MIT */
#include <asm-generic/swab.h>
