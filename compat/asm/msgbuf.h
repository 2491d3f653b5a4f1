/* SPDX-License-Identifier: MIT */
#include <asm-generic/msgbuf.h>
