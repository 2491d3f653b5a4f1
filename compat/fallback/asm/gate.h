/* SPDX-License-Identifier: MIT */
#include "../../asm/gate.h"
