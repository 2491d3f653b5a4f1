/* SPDX-License-Identifier: MIT */
#include <asm-generic/stat.h>
