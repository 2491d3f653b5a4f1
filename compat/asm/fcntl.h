/* SPDX-License-Identifier: MIT */
#include <asm-generic/fcntl.h>
