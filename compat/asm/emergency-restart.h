/* SPDX-License-Identifier: MIT */
#include <asm-generic/emergency-restart.h>
