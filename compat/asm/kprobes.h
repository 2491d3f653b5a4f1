/* SPDX-License-Identifier: MIT */
#include <asm-generic/kprobes.h>
