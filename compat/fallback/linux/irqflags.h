/* SPDX-License-Identifier: MIT */
#include <linux/preempt.h>
