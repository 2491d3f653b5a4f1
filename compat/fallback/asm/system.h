/* SPDX-License-Identifier: MIT */
/* Until 3.4: barriers, exchanges and the disabling of interrupts. */
#include <linux/atomic.h>
#include <linux/preempt.h>
