/* SPDX-License-Identifier: MIT */
#include <asm-generic/irq_regs.h>
