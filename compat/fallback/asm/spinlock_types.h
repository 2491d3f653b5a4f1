/* SPDX-License-Identifier: MIT */
#include "../../asm/spinlock_types.h"
