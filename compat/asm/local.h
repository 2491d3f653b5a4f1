/* SPDX-License-Identifier: MIT */
#include <asm-generic/local.h>
