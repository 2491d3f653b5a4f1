/* SPDX-License-Identifier: MIT */
/* Calls a function that nobody has. */
#include <linux/module.h>

void nobody_has_this(void);

static int __init undefined_init(void)
{
	nobody_has_this();
	return 0;
}
module_init(undefined_init);
