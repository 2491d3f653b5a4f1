/* SPDX-License-Identifier: MIT */
#include <asm-generic/softirq_stack.h>
