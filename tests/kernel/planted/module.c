/* SPDX-License-Identifier: MIT */
/* A module as it was written before there was module_init(). */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static int error;
module_param(error, int, 0);

int init_module(void)
{
	printk("init\n");
	return error;
}

void cleanup_module(void)
{
	printk("cleanup\n");
}
MODULE_LICENSE("Dual MIT/GPL");
