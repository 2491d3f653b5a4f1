/* SPDX-License-Identifier: MIT */
#include <asm-generic/mcs_spinlock.h>
