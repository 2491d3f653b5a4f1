/* SPDX-License-Identifier: MIT */
#include <asm-generic/hardirq.h>
