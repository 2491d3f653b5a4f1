/* SPDX-License-Identifier: MIT */
/* Who built the kernel: nobody. */
#define LINUX_PACKAGE_ID ""
