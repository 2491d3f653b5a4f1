/* SPDX-License-Identifier: MIT */
#include "../../asm/irqflags.h"
