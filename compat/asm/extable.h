/* SPDX-License-Identifier: MIT */
#include <asm-generic/extable.h>
