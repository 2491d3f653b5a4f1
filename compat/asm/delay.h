/* SPDX-License-Identifier: MIT */
#include <asm-generic/delay.h>
