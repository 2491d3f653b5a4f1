// SPDX-License-Identifier: MIT
/* A module with files: /proc/numbers, and a factor in debugfs. For kcc.py. */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static u32 factor = 2;

static bool keeps; /* the files, when it ends */
module_param(keeps, bool, 0444);

static struct dentry *folder;

static int numbers_show(struct seq_file *file, void *unused)
{
	int i;

	for (i = 1; i <= 3; i++)
		seq_printf(file, "%u%c", factor * i, i < 3 ? ' ' : '\n');
	return 0;
}

static int __init numbers_init(void)
{
	if (!proc_create_single("numbers", 0444, NULL, numbers_show))
		return -ENOMEM;
	folder = debugfs_create_dir("numbers", NULL);
	debugfs_create_u32("factor", 0644, folder, &factor);
	return 0;
}
module_init(numbers_init);

static void __exit numbers_exit(void)
{
	if (keeps)
		return;
	debugfs_remove(folder);
	remove_proc_entry("numbers", NULL);
}
module_exit(numbers_exit);

MODULE_LICENSE("Dual MIT/GPL");
