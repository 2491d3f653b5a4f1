/* SPDX-License-Identifier: MIT */
#include <asm-generic/module.lds.h>
