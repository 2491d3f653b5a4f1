/* SPDX-License-Identifier: MIT */
#include <asm-generic/vermagic.h>
