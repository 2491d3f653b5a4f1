/* SPDX-License-Identifier: MIT */
#include <asm-generic/irq.h>
