/* SPDX-License-Identifier: MIT */
/* A second module in the program, which exports to the first (params_kunit.c). */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>

static int number; /* the same name, and another parameter */
module_param(number, int, 0444);

int params_exported;
EXPORT_SYMBOL(params_exported);

int params_twice(int n);
int params_twice(int n)
{
	return 2 * n;
}
EXPORT_SYMBOL_GPL(params_twice);

const char *params_module(void);
const char *params_module(void)
{
	return KBUILD_MODNAME;
}
EXPORT_SYMBOL_GPL(params_module);

static int __init params_other_init(void)
{
	params_exported = number;
	return 0;
}
module_init(params_other_init);

MODULE_LICENSE("Dual MIT/GPL");
