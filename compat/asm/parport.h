/* SPDX-License-Identifier: MIT */
#include <asm-generic/parport.h>
