/* SPDX-License-Identifier: MIT */
/* What include/kalloc asks of the compiler, as the kernel tree has it. */
#include <linux/types.h>
#include <linux/stddef.h>
