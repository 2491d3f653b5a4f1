/* SPDX-License-Identifier: MIT */
#include <asm-generic/word-at-a-time.h>
