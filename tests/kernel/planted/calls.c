/* SPDX-License-Identifier: MIT */
/*
 * A module's calls of init, and what becomes of its exit when they fail; parameters of every
 * way to be given. @how: what it does.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *how = "good";
static bool loud_mode;
static int number = 1;
module_param(how, charp, 0);
module_param(loud_mode, bool, 0);
module_param(number, int, 0);

static DEFINE_SPINLOCK(lock);
static char *memory;

static int __init first_init(void)
{
	printk("first\n");
	return 0;
}
device_initcall(first_init);

static int __init second_init(void)
{
	printk("second\n");
	return 0;
}
device_initcall(second_init);

static int __init calls_init(void)
{
	printk("third, loud %d, number %d\n", loud_mode, number);
	if (!strcmp(how, "busy"))
		return -EBUSY;
	if (!strcmp(how, "again"))
		return -EAGAIN;
	if (!strcmp(how, "locked"))
		spin_lock(&lock);
	memory = kmalloc(100, GFP_ATOMIC);
	if (!memory)
		return -ENOMEM;
	*memory = 1;
	return 0;
}
module_init(calls_init);

static void __exit calls_exit(void)
{
	printk("exit %d\n", *memory);
	kfree(memory);
}
module_exit(calls_exit);
MODULE_LICENSE("Dual MIT/GPL");
