/* SPDX-License-Identifier: MIT */
#include <asm-generic/ipcbuf.h>
