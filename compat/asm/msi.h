/* SPDX-License-Identifier: MIT */
#include <asm-generic/msi.h>
