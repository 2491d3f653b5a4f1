/* SPDX-License-Identifier: MIT */
#include <asm-generic/topology.h>
