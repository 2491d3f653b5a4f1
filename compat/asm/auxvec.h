/* SPDX-License-Identifier: MIT */
#include <asm-generic/auxvec.h>
