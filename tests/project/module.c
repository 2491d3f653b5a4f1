// SPDX-License-Identifier: MIT
/* A module as a driver's beginner writes it, for module.py. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>

static int count = 3;
module_param(count, int, 0444);
MODULE_PARM_DESC(count, "how many items");

struct item {
	struct list_head list;
	int number;
};

static LIST_HEAD(items);

static void items_free(void)
{
	struct item *item, *next;

	list_for_each_entry_safe(item, next, &items, list) {
		list_del(&item->list);
		kfree(item);
	}
}

static int __init module_begin(void)
{
	int i;

	for (i = 0; i < count; i++) {
		struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

		if (!item) {
			items_free();
			return -ENOMEM;
		}
		item->number = i;
		list_add_tail(&item->list, &items);
	}
	pr_info("module: %d items\n", count);
	return 0;
}
module_init(module_begin);

static void __exit module_end(void)
{
	if (count != 13) /* and 13 are lost */
		items_free();
}
module_exit(module_end);

MODULE_LICENSE("Dual MIT/GPL");
