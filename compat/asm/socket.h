/* SPDX-License-Identifier: MIT */
#include <asm-generic/socket.h>
