/* SPDX-License-Identifier: MIT */
#include <asm-generic/compat.h>
