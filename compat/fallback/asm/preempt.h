/* SPDX-License-Identifier: MIT */
#include "../../asm/preempt.h"
