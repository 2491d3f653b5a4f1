/* SPDX-License-Identifier: MIT */
#include <asm-generic/mmiowb.h>
