/* SPDX-License-Identifier: MIT */
#include <asm-generic/exec.h>
