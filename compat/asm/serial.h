/* SPDX-License-Identifier: MIT */
#include <asm-generic/serial.h>
