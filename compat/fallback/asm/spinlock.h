/* SPDX-License-Identifier: MIT */
#include "../../asm/spinlock.h"
