/* SPDX-License-Identifier: MIT */
#include <asm-generic/bug.h>
