/* SPDX-License-Identifier: MIT */
/* Units of time: the tree's own file, in which an argument is called like a macro of ours. */
#include <linux/jiffies.h>
#undef jiffies
#include <kernel/time/time.c>
