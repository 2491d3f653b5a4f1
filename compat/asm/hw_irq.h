/* SPDX-License-Identifier: MIT */
#include <asm-generic/hw_irq.h>
