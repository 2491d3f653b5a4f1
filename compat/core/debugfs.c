/* SPDX-License-Identifier: MIT */
/*
 * debugfs: entries below /sys/kernel/debug, whose operations are the tree's own
 * fs/debugfs/file.c. That calls a file's functions only while the file is there: who
 * removes it waits for those that run.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <fs/debugfs/internal.h>

#include "core.h"
#include "entry.h"

static struct entry *debugfs_root(void)
{
	return entry_root("/sys/kernel/debug");
}

bool debugfs_initialized(void)
{
	return true;
}

/* --- the end of a file --------------------------------------------------------- */

/* What the tree keeps of a file that has been opened; NULL: nothing yet. */
static struct debugfs_fsdata *data_of(struct entry *entry)
{
	unsigned long data = (unsigned long)READ_ONCE(entry->dentry.d_fsdata);

	return data & DEBUGFS_FSDATA_IS_REAL_FOPS_BIT ? NULL : (struct debugfs_fsdata *)data;
}

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 7, 0)
/* Tell those who wait in a function of the file's to come out of it. */
static void cancel_all(struct entry *entry, struct debugfs_fsdata *data)
{
	struct debugfs_cancellation *one;

	mutex_lock(&data->cancellations_mtx);
	while ((one = list_first_entry_or_null(&data->cancellations, struct debugfs_cancellation,
					       list))) {
		list_del_init(&one->list);
		one->cancel(&entry->dentry, one->cancel_data);
	}
	mutex_unlock(&data->cancellations_mtx);
}
#else
static void cancel_all(struct entry *entry, struct debugfs_fsdata *data)
{
}
#endif

static void debugfs_gone(struct entry *entry)
{
	struct debugfs_fsdata *data;

	smp_mb(); /* with that of debugfs_file_get(): it sees the end, or we its data */
	data = data_of(entry);
	if (!data || refcount_dec_and_test(&data->active_users))
		return;
	while (refcount_read(&data->active_users)) {
		cancel_all(entry, data);
		wait_for_completion(&data->active_users_drained);
	}
}

static void debugfs_release(struct entry *entry)
{
	kfree(data_of(entry));
}

/* --- making ---------------------------------------------------------------------- */

/* NULL is the root, an error is passed on. */
static struct entry *folder_of(struct dentry *parent)
{
	if (IS_ERR(parent))
		return ERR_CAST(parent);
	return parent ? entry_of(parent) : debugfs_root();
}

static struct dentry *add(struct entry *folder, struct entry *entry, const char *what)
{
	int error;

	if (!entry) {
		pr_err("debugfs: out of free dentries, can not create %s in '%s'\n", what,
		       folder->name);
		return ERR_PTR(-ENOMEM);
	}
	entry_get(entry); /* to tell its name */
	error = entry_add(folder, entry);
	if (error)
		pr_err("debugfs: %s '%s' in '%s' already present!\n", what, entry->name,
		       folder->name);
	entry_put(entry);
	return error ? ERR_PTR(error) : &entry->dentry;
}

static struct dentry *file_make(const char *name, umode_t mode, struct dentry *parent, void *data,
				const struct file_operations *proxy,
				const struct file_operations *fops)
{
	struct entry *folder = folder_of(parent), *entry;

	if (IS_ERR(folder))
		return ERR_CAST(folder);
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	entry = entry_make(sizeof(*entry), name, strlen(name), mode);
	if (!entry)
		return add(folder, NULL, "File");
	entry->inode.i_private = data;
	entry->inode.i_fop = proxy;
	entry->dentry.d_fsdata = (void *)((unsigned long)fops | DEBUGFS_FSDATA_IS_REAL_FOPS_BIT);
	entry->gone = debugfs_gone;
	entry->release = debugfs_release;
	return add(folder, entry, "File");
}

struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct file_operations *fops)
{
	return file_make(name, mode, parent, data,
			 fops ? &debugfs_full_proxy_file_operations : &debugfs_noop_file_operations,
			 fops);
}

struct dentry *debugfs_create_file_unsafe(const char *name, umode_t mode, struct dentry *parent,
					  void *data, const struct file_operations *fops)
{
	return file_make(name, mode, parent, data,
			 fops ? &debugfs_open_proxy_file_operations : &debugfs_noop_file_operations,
			 fops);
}

void debugfs_create_file_size(const char *name, umode_t mode, struct dentry *parent, void *data,
			      const struct file_operations *fops, loff_t size)
{
	struct dentry *dentry = debugfs_create_file(name, mode, parent, data, fops);

	if (!IS_ERR(dentry))
		d_inode(dentry)->i_size = size;
}

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	struct entry *folder = folder_of(parent);

	if (IS_ERR(folder))
		return ERR_CAST(folder);
	return add(folder, entry_make(sizeof(*folder), name, strlen(name), S_IFDIR | 0755),
		   "Directory");
}

struct dentry *debugfs_create_symlink(const char *name, struct dentry *parent, const char *target)
{
	struct entry *folder = folder_of(parent), *entry;

	if (IS_ERR(folder))
		return ERR_CAST(folder);
	entry = entry_make(sizeof(*entry), name, strlen(name), S_IFLNK | 0777);
	if (entry && entry_set_target(entry, target)) {
		entry_put(entry);
		entry = NULL;
	}
	return add(folder, entry, "Link");
}

/* --- finding, moving, removing ------------------------------------------------------ */

/* With a reference: dput(). */
struct dentry *debugfs_lookup(const char *name, struct dentry *parent)
{
	struct entry *folder = folder_of(parent), *entry;

	if (IS_ERR(folder) || !name)
		return NULL;
	entry = entry_find(folder, name, strlen(name));
	return entry ? &entry->dentry : NULL;
}

void debugfs_remove(struct dentry *dentry)
{
	if (!IS_ERR_OR_NULL(dentry))
		entry_remove(entry_of(dentry));
}

void debugfs_lookup_and_remove(const char *name, struct dentry *parent)
{
	struct dentry *dentry = debugfs_lookup(name, parent);

	if (!dentry)
		return;
	debugfs_remove(dentry);
	dput(dentry);
}

struct dentry *debugfs_rename(struct dentry *old_parent, struct dentry *dentry,
			      struct dentry *new_parent, const char *name)
{
	struct entry *folder = folder_of(new_parent);

	if (IS_ERR(old_parent))
		return old_parent;
	if (IS_ERR(folder))
		return ERR_CAST(folder);
	if (IS_ERR_OR_NULL(dentry))
		return dentry;
	return entry_rename(entry_of(dentry), folder, name) ? ERR_PTR(-EINVAL) : dentry;
}

/* --- registers, 32 bits each -------------------------------------------------------- */

void debugfs_print_regs32(struct seq_file *seq, const struct debugfs_reg32 *regs, int nr,
			  void __iomem *base, char *prefix)
{
	int i;

	for (i = 0; i < nr && !seq_has_overflowed(seq); i++)
		seq_printf(seq, "%s%s = 0x%08x\n", prefix ? prefix : "", regs[i].name,
			   readl(base + regs[i].offset));
}

static int registers_show(struct seq_file *seq, void *unused)
{
	const struct debugfs_regset32 *set = seq->private;

	debugfs_print_regs32(seq, set->regs, set->nregs, set->base, "");
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(registers);

void debugfs_create_regset32(const char *name, umode_t mode, struct dentry *parent,
			     struct debugfs_regset32 *set)
{
	debugfs_create_file(name, mode, parent, set, &registers_fops);
}
