/* SPDX-License-Identifier: MIT */
#include <asm-generic/rwonce.h>
