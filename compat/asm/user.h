/* SPDX-License-Identifier: MIT */
#include <asm-generic/user.h>
