/* SPDX-License-Identifier: MIT */
#include "../../asm/reader.h"
