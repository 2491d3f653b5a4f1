/* SPDX-License-Identifier: MIT */
/* The tree's, in which an argument is called like the macro in linux/jiffies.h. */
#pragma push_macro("jiffies")
#undef jiffies
#include_next <linux/semaphore.h>
#pragma pop_macro("jiffies")
