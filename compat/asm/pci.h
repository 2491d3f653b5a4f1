/* SPDX-License-Identifier: MIT */
#include <asm-generic/pci.h>
