/* SPDX-License-Identifier: MIT */
#include "../../asm/string.h"
