/* SPDX-License-Identifier: MIT */
#include <asm-generic/ioctls.h>
