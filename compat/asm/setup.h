/* SPDX-License-Identifier: MIT */
#include <asm-generic/setup.h>
