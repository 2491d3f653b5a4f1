/* SPDX-License-Identifier: MIT */
/* Where older kernels had it. */
#include <linux/atomic.h>
