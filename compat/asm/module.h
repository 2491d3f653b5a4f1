/* SPDX-License-Identifier: MIT */
#include <asm-generic/module.h>
