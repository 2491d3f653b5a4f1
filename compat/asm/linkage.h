/* SPDX-License-Identifier: MIT */
#include <asm-generic/linkage.h>
