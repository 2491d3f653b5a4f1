/* SPDX-License-Identifier: MIT */
#include <asm-generic/syscall.h>
