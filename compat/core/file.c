/* SPDX-License-Identifier: MIT */
/*
 * Open files of the tree of entries, for kernel code (filp_open(), kernel_read() ...) and for
 * the program around it (kalloc_file_read()). Whoever opens one is root. A file that has
 * read() or read_iter() is read by kernel_read(), too, which a kernel wants to have the
 * latter only.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <kalloc/kalloc.h>
#include <kalloc/kernel/program.h>

#include "core.h"
#include "entry.h"

#define PIECE 4096

/* --- opening and closing ------------------------------------------------------ */

static fmode_t mode_of(int flags)
{
	return OPEN_FMODE(flags) | FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_OPENED;
}

static struct file *file_make(struct entry *entry, int flags)
{
	struct file *file = host_zalloc(sizeof(*file));

	atomic_long_set(&file->f_count, 1);
	spin_lock_init(&file->f_lock);
	mutex_init(&file->f_pos_lock);
	file->f_flags = (unsigned int)flags;
	file->f_mode = mode_of(flags);
	file->f_path.dentry = &entry->dentry;
	file->f_inode = &entry->inode;
	file->f_op = fops_get(entry->inode.i_fop);
	return file;
}

static void file_free(struct file *file)
{
	fops_put(file->f_op);
	entry_put(entry_of_inode(file->f_inode));
	host_free(file);
}

/* What was asked for and is there. */
static void abilities_note(struct file *file)
{
	if ((file->f_mode & FMODE_READ) && (file->f_op->read || file->f_op->read_iter))
		file->f_mode |= FMODE_CAN_READ;
	if ((file->f_mode & FMODE_WRITE) && (file->f_op->write || file->f_op->write_iter))
		file->f_mode |= FMODE_CAN_WRITE;
	if (!file->f_op->llseek)
		file->f_mode &= ~FMODE_LSEEK;
}

static struct file *entry_open(struct entry *entry, int flags)
{
	struct file *file;
	int error;

	if (S_ISDIR(entry->inode.i_mode) || !entry->inode.i_fop) {
		entry_put(entry);
		return ERR_PTR(-EISDIR);
	}
	file = file_make(entry, flags);
	error = file->f_op->open ? file->f_op->open(file->f_inode, file) : 0;
	if (error) {
		file_free(file);
		return ERR_PTR(error);
	}
	abilities_note(file);
	return file;
}

struct file *filp_open(const char *path, int flags, umode_t mode)
{
	struct entry *entry = entry_walk(path);

	return IS_ERR(entry) ? ERR_CAST(entry) : entry_open(entry, flags);
}

void fput(struct file *file)
{
	if (!atomic_long_dec_and_test(&file->f_count))
		return;
	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
	file_free(file);
}

int filp_close(struct file *file, fl_owner_t id)
{
	int error = file->f_op->flush ? file->f_op->flush(file, id) : 0;

	fput(file);
	return error;
}

/* --- reading and writing -------------------------------------------------------- */

typedef ssize_t (*iter_fn)(struct kiocb *iocb, struct iov_iter *iter);

static ssize_t by_iter(iter_fn fn, struct file *file, unsigned int direction, void __user *buf,
		       size_t count, loff_t *pos)
{
	struct iovec part = { .iov_base = buf, .iov_len = count };
	struct iov_iter iter;
	struct kiocb iocb;
	ssize_t done;

	init_sync_kiocb(&iocb, file);
	iocb.ki_pos = *pos;
	iov_iter_init(&iter, direction, &part, 1, count);
	done = fn(&iocb, &iter);
	*pos = iocb.ki_pos;
	return done;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_READ))
		return -EINVAL;
	count = min_t(size_t, count, MAX_RW_COUNT);
	if (file->f_op->read)
		return file->f_op->read(file, buf, count, pos);
	return by_iter(file->f_op->read_iter, file, READ, buf, count, pos);
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_WRITE))
		return -EINVAL;
	count = min_t(size_t, count, MAX_RW_COUNT);
	if (file->f_op->write)
		return file->f_op->write(file, buf, count, pos);
	return by_iter(file->f_op->write_iter, file, WRITE, (void __user *)buf, count, pos);
}

ssize_t __kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	return vfs_read(file, (void __user *)buf, count, pos);
}

ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	return vfs_read(file, (void __user *)buf, count, pos);
}

ssize_t __kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	return vfs_write(file, (const void __user *)buf, count, pos);
}

ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	return vfs_write(file, (const void __user *)buf, count, pos);
}

loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}

/* --- for the program around ------------------------------------------------------ */

/* All there is, as much of it as fits into @buf. Return: how much it is, or an error. */
static long file_drain(struct file *file, char *buf, unsigned long size)
{
	char *piece = host_zalloc(PIECE);
	unsigned long total = 0;
	loff_t pos = 0;
	ssize_t done;

	while ((done = vfs_read(file, (char __user *)piece, PIECE, &pos)) > 0) {
		if (total < size)
			memcpy(buf + total, piece, min_t(unsigned long, done, size - total));
		total += (unsigned long)done;
	}
	host_free(piece);
	return done < 0 ? done : (long)total;
}

long kalloc_file_read(const char *path, char *buf, unsigned long size)
{
	struct file *file;
	long total;

	if (!path || (!buf && size))
		return -EINVAL;
	file = filp_open(path, O_RDONLY, 0);
	if (PTR_ERR(file) == -ENOENT)
		return kalloc_read(path, buf, size);
	if (IS_ERR(file))
		return PTR_ERR(file);
	total = file_drain(file, buf, size ? size - 1 : 0);
	if (size && total >= 0)
		buf[min_t(unsigned long, (unsigned long)total, size - 1)] = '\0';
	filp_close(file, NULL);
	return total;
}

static long file_fill(struct file *file, const char *text, unsigned long bytes)
{
	loff_t pos = 0;
	ssize_t done = 0;

	while ((unsigned long)pos < bytes) {
		loff_t before = pos;

		done = vfs_write(file, (const char __user *)text + pos, bytes - pos, &pos);
		if (done <= 0)
			break;
		pos = before + done; /* not every file counts */
	}
	return done < 0 ? done : (long)pos;
}

long kalloc_file_write(const char *path, const char *text)
{
	struct file *file;
	long done;

	if (!path || !text)
		return -EINVAL;
	file = filp_open(path, O_WRONLY, 0);
	if (PTR_ERR(file) == -ENOENT)
		return kalloc_write(path, text);
	if (IS_ERR(file))
		return PTR_ERR(file);
	done = file_fill(file, text, strlen(text));
	filp_close(file, NULL);
	return done;
}

/* --- paths --------------------------------------------------------------------- */

char *dentry_path(const struct dentry *dentry, char *buf, int size)
{
	return entry_path(entry_of(dentry), NULL, buf, size);
}

char *dentry_path_raw(const struct dentry *dentry, char *buf, int size)
{
	return entry_path(entry_of(dentry), NULL, buf, size);
}

char *d_path(const struct path *path, char *buf, int size)
{
	return entry_path(entry_of(path->dentry), NULL, buf, size);
}

char *d_absolute_path(const struct path *path, char *buf, int size)
{
	return d_path(path, buf, size);
}

char *file_path(struct file *file, char *buf, int size)
{
	return d_path(&file->f_path, buf, size);
}

char *__d_path(const struct path *path, const struct path *top, char *buf, int size)
{
	return entry_path(entry_of(path->dentry), top->dentry ? entry_of(top->dentry) : NULL, buf,
			  size);
}
