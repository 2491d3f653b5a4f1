/* SPDX-License-Identifier: MIT */
#include <asm-generic/shmparam.h>
