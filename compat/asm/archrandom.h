/* SPDX-License-Identifier: MIT */
#include <asm-generic/archrandom.h>
