/* SPDX-License-Identifier: MIT */
#include <asm-generic/switch_to.h>
