/* SPDX-License-Identifier: MIT */
/*
 * procfs: entries below /proc that kernel code makes. A file's functions are called only
 * while it is there: who removes it waits for those that run, and then has the files that
 * are open released, as their functions may be gone afterwards.
 */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "core.h"
#include "entry.h"

struct proc_dir_entry {
	struct entry entry;
	const struct proc_ops *ops;
	const struct seq_operations *seq_ops;
	unsigned int state_size;
	int (*show)(struct seq_file *file, void *data);
	struct mutex mutex;    /* users, is_gone and opened */
	unsigned int nr_users; /* functions that run */
	bool is_gone;
	struct completion drained;
	struct list_head opened;
};

/* A file that is open and has a release function. */
struct opened {
	struct list_head list;
	struct file *file;
};

static struct proc_dir_entry *proc_of(const struct inode *inode)
{
	return container_of(entry_of_inode(inode), struct proc_dir_entry, entry);
}

static struct entry *proc_root(void)
{
	/* What a kernel brings, for names such as "driver/NAME". */
	entry_root("/proc/bus");
	entry_root("/proc/driver");
	entry_root("/proc/fs");
	return entry_root("/proc");
}

/* --- calls of a file's functions ---------------------------------------------------- */

static bool use_begin(struct proc_dir_entry *proc)
{
	bool there;

	mutex_lock(&proc->mutex);
	there = !proc->is_gone;
	proc->nr_users += there;
	mutex_unlock(&proc->mutex);
	return there;
}

static void use_end(struct proc_dir_entry *proc)
{
	mutex_lock(&proc->mutex);
	if (!--proc->nr_users && proc->is_gone)
		complete(&proc->drained);
	mutex_unlock(&proc->mutex);
}

static ssize_t proc_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct proc_dir_entry *proc = proc_of(file_inode(file));
	ssize_t done = -EIO;

	if (!use_begin(proc))
		return done;
	if (proc->ops->proc_read)
		done = proc->ops->proc_read(file, buf, count, pos);
	use_end(proc);
	return done;
}

static ssize_t proc_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct proc_dir_entry *proc = proc_of(file_inode(iocb->ki_filp));
	ssize_t done;

	if (!use_begin(proc))
		return -EIO;
	done = proc->ops->proc_read_iter(iocb, iter);
	use_end(proc);
	return done;
}

static ssize_t proc_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct proc_dir_entry *proc = proc_of(file_inode(file));
	ssize_t done = -EIO;

	if (!use_begin(proc))
		return done;
	if (proc->ops->proc_write)
		done = proc->ops->proc_write(file, buf, count, pos);
	use_end(proc);
	return done;
}

static loff_t proc_lseek(struct file *file, loff_t offset, int whence)
{
	struct proc_dir_entry *proc = proc_of(file_inode(file));
	loff_t at = -EINVAL;

	if (!use_begin(proc))
		return at;
	if (proc->ops->proc_lseek)
		at = proc->ops->proc_lseek(file, offset, whence);
	use_end(proc);
	return at;
}

static long proc_ioctl(struct file *file, unsigned int what, unsigned long arg)
{
	struct proc_dir_entry *proc = proc_of(file_inode(file));
	long result = -ENOTTY;

	if (!use_begin(proc))
		return result;
	if (proc->ops->proc_ioctl)
		result = proc->ops->proc_ioctl(file, what, arg);
	use_end(proc);
	return result;
}

static void opened_note(struct proc_dir_entry *proc, struct opened *opened, struct file *file)
{
	opened->file = file;
	mutex_lock(&proc->mutex);
	list_add(&opened->list, &proc->opened);
	mutex_unlock(&proc->mutex);
}

static int file_open(struct proc_dir_entry *proc, struct inode *inode, struct file *file)
{
	struct opened *opened = NULL;
	int error;

	if (proc->ops->proc_release) {
		opened = kmalloc(sizeof(*opened), GFP_KERNEL);
		if (!opened)
			return -ENOMEM;
	}
	error = proc->ops->proc_open ? proc->ops->proc_open(inode, file) : 0;
	if (!error && opened)
		opened_note(proc, opened, file);
	else
		kfree(opened);
	return error;
}

static int proc_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *proc = proc_of(inode);
	int error;

	if (!use_begin(proc))
		return -ENOENT;
	error = file_open(proc, inode, file);
	if (!proc->ops->proc_lseek)
		file->f_mode &= ~FMODE_LSEEK;
	use_end(proc);
	return error;
}

/* With the lock. Return: what was noted of @file, NULL if it was released before. */
static struct opened *opened_find(struct proc_dir_entry *proc, struct file *file)
{
	struct opened *opened;

	list_for_each_entry(opened, &proc->opened, list)
		if (opened->file == file)
			return opened;
	return NULL;
}

static int proc_release(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *proc = proc_of(inode);
	struct opened *opened;

	mutex_lock(&proc->mutex);
	opened = opened_find(proc, file);
	if (opened)
		list_del(&opened->list);
	mutex_unlock(&proc->mutex);
	if (opened)
		proc->ops->proc_release(inode, file);
	kfree(opened);
	return 0;
}

static const struct file_operations proc_file_ops = {
	.open = proc_open,
	.read = proc_read,
	.write = proc_write,
	.llseek = proc_lseek,
	.unlocked_ioctl = proc_ioctl,
	.release = proc_release,
};

static const struct file_operations proc_iter_ops = {
	.open = proc_open,
	.read_iter = proc_read_iter,
	.write = proc_write,
	.llseek = proc_lseek,
	.unlocked_ioctl = proc_ioctl,
	.release = proc_release,
};

static void proc_gone(struct entry *entry)
{
	struct proc_dir_entry *proc = container_of(entry, struct proc_dir_entry, entry);
	struct opened *opened;
	bool wait;

	mutex_lock(&proc->mutex);
	proc->is_gone = true;
	wait = proc->nr_users > 0;
	mutex_unlock(&proc->mutex);
	if (wait)
		wait_for_completion(&proc->drained);
	while ((opened = list_first_entry_or_null(&proc->opened, struct opened, list)))
		proc_release(&entry->inode, opened->file);
}

/* --- making ---------------------------------------------------------------------------- */

/* The folder that @name is in, with what is left of it in *@name; NULL: there is none. */
static struct entry *folder_of(struct proc_dir_entry *parent, const char **name)
{
	struct entry *folder = parent ? &parent->entry : proc_root();
	const char *slash;

	while (folder && (slash = strchr(*name, '/'))) {
		struct entry *next = entry_find(folder, *name, (size_t)(slash - *name));

		if (next)
			entry_put(next); /* the tree has it */
		folder = next;
		*name = slash + 1;
	}
	return folder;
}

static struct proc_dir_entry *proc_make(const char *path, umode_t mode,
					struct proc_dir_entry *parent, void *data)
{
	const char *name = path;
	struct entry *folder = folder_of(parent, &name), *entry;
	struct proc_dir_entry *proc;

	if (WARN(!folder, "name '%s'\n", path) || WARN(!*name, "name len 0\n"))
		return NULL;
	entry = entry_make(sizeof(*proc), name, strlen(name), mode);
	if (!entry)
		return NULL;
	proc = container_of(entry, struct proc_dir_entry, entry);
	entry->inode.i_private = data;
	mutex_init(&proc->mutex);
	init_completion(&proc->drained);
	INIT_LIST_HEAD(&proc->opened);
	return proc;
}

static struct proc_dir_entry *proc_add(const char *path, struct proc_dir_entry *parent,
				       struct proc_dir_entry *proc)
{
	const char *name = path;

	if (!proc || !WARN(entry_add(folder_of(parent, &name), &proc->entry),
			   "proc_dir_entry '%s' already registered\n", path))
		return proc;
	return NULL;
}

/* Nobody opens a file before all of it is there. */
static struct proc_dir_entry *file_add(const char *path, struct proc_dir_entry *parent,
				       struct proc_dir_entry *proc, const struct proc_ops *ops)
{
	if (!proc)
		return NULL;
	proc->ops = ops;
	proc->entry.gone = proc_gone;
	proc->entry.inode.i_fop = ops->proc_read_iter ? &proc_iter_ops : &proc_file_ops;
	return proc_add(path, parent, proc);
}

static umode_t file_mode(umode_t mode)
{
	return S_IFREG | (mode & S_IALLUGO ? mode & S_IALLUGO : 0444);
}

struct proc_dir_entry *proc_create_data(const char *name, umode_t mode,
					struct proc_dir_entry *parent, const struct proc_ops *ops,
					void *data)
{
	return file_add(name, parent, proc_make(name, file_mode(mode), parent, data), ops);
}

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *ops)
{
	return proc_create_data(name, mode, parent, ops, NULL);
}

static int seq_file_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *proc = proc_of(inode);

	if (proc->state_size)
		return seq_open_private(file, proc->seq_ops, (int)proc->state_size);
	return seq_open(file, proc->seq_ops);
}

static int seq_file_release(struct inode *inode, struct file *file)
{
	return proc_of(inode)->state_size ? seq_release_private(inode, file)
					  : seq_release(inode, file);
}

static const struct proc_ops seq_proc_ops = {
	.proc_open = seq_file_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = seq_file_release,
};

struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       const struct seq_operations *ops,
					       unsigned int state_size, void *data)
{
	struct proc_dir_entry *proc = proc_make(name, file_mode(mode), parent, data);

	if (proc) {
		proc->seq_ops = ops;
		proc->state_size = state_size;
	}
	return file_add(name, parent, proc, &seq_proc_ops);
}

static int show_file_open(struct inode *inode, struct file *file)
{
	return single_open(file, proc_of(inode)->show, inode->i_private);
}

static const struct proc_ops show_proc_ops = {
	.proc_open = show_file_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode,
					       struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *, void *), void *data)
{
	struct proc_dir_entry *proc = proc_make(name, file_mode(mode), parent, data);

	if (proc)
		proc->show = show;
	return file_add(name, parent, proc, &show_proc_ops);
}

struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode,
				       struct proc_dir_entry *parent, void *data)
{
	mode = S_IFDIR | (mode ? mode & S_IALLUGO : 0555);
	return proc_add(name, parent, proc_make(name, mode, parent, data));
}

struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode,
				       struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, mode, parent, NULL);
}

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	return proc_mkdir_data(name, 0, parent, NULL);
}

struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent,
				    const char *target)
{
	struct proc_dir_entry *proc = proc_make(name, S_IFLNK | 0777, parent, NULL);

	if (!proc)
		return NULL;
	if (entry_set_target(&proc->entry, target)) {
		entry_put(&proc->entry);
		return NULL;
	}
	return proc_add(name, parent, proc);
}

void proc_set_size(struct proc_dir_entry *proc, loff_t size)
{
	proc->entry.inode.i_size = size;
}

void proc_set_user(struct proc_dir_entry *proc, kuid_t user, kgid_t group)
{
	proc->entry.inode.i_uid = user;
	proc->entry.inode.i_gid = group;
}

void *proc_get_parent_data(const struct inode *inode)
{
	return entry_of_inode(inode)->parent->inode.i_private;
}

/* --- removing ----------------------------------------------------------------------------- */

void proc_remove(struct proc_dir_entry *proc)
{
	if (proc)
		entry_remove(&proc->entry);
}

static bool path_remove(const char *path, struct proc_dir_entry *parent, bool with_children)
{
	const char *name = path;
	struct entry *folder = folder_of(parent, &name);
	struct entry *entry = folder ? entry_find(folder, name, strlen(name)) : NULL;

	if (WARN(!entry, "name '%s'\n", path))
		return false;
	WARN(!with_children && !list_empty(&entry->children),
	     "remove_proc_entry: removing non-empty directory '%s'\n", path);
	entry_remove(entry);
	entry_put(entry);
	return true;
}

void remove_proc_entry(const char *name, struct proc_dir_entry *parent)
{
	path_remove(name, parent, false);
}

int remove_proc_subtree(const char *name, struct proc_dir_entry *parent)
{
	return path_remove(name, parent, true) ? 0 : -ENOENT;
}
