/* SPDX-License-Identifier: MIT */
#include <asm-generic/device.h>
