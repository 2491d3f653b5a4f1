/* SPDX-License-Identifier: MIT */
#include "../../asm/cmpxchg.h"
