/* SPDX-License-Identifier: MIT */
/* What a kernel offers to files that are a number or a buffer, and ways to seek in them. */
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "core.h"

/* --- buffers ------------------------------------------------------------------ */

ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *pos, const void *from,
				size_t available)
{
	size_t left;

	if (*pos < 0)
		return -EINVAL;
	if (*pos >= (loff_t)available || !count)
		return 0;
	count = min(count, available - (size_t)*pos);
	left = copy_to_user(to, from + *pos, count);
	if (left == count)
		return -EFAULT;
	*pos += (loff_t)(count - left);
	return (ssize_t)(count - left);
}

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *pos, const void __user *from,
			       size_t count)
{
	size_t left;

	if (*pos < 0)
		return -EINVAL;
	if (*pos >= (loff_t)available || !count)
		return 0;
	count = min(count, available - (size_t)*pos);
	left = copy_from_user(to + *pos, from, count);
	if (left == count)
		return -EFAULT;
	*pos += (loff_t)(count - left);
	return (ssize_t)(count - left);
}

ssize_t memory_read_from_buffer(void *to, size_t count, loff_t *pos, const void *from,
				size_t available)
{
	if (*pos < 0)
		return -EINVAL;
	if (*pos >= (loff_t)available)
		return 0;
	count = min(count, available - (size_t)*pos);
	memcpy(to, from + *pos, count);
	*pos += (loff_t)count;
	return (ssize_t)count;
}

/* --- opening -------------------------------------------------------------------- */

int simple_open(struct inode *inode, struct file *file)
{
	if (inode->i_private)
		file->private_data = inode->i_private;
	return 0;
}

int nonseekable_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}

int stream_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	file->f_mode |= FMODE_STREAM;
	return 0;
}

/* --- a number --------------------------------------------------------------------- */

#define NUMBER_MAX 24

struct simple_attr {
	int (*get)(void *data, u64 *value);
	int (*set)(void *data, u64 value);
	void *data;
	const char *format;
	struct mutex mutex;
	char text[NUMBER_MAX]; /* that is being read, as it was at its beginning */
};

int simple_attr_open(struct inode *inode, struct file *file, int (*get)(void *, u64 *),
		     int (*set)(void *, u64), const char *format)
{
	struct simple_attr *attr = kzalloc(sizeof(*attr), GFP_KERNEL);

	if (!attr)
		return -ENOMEM;
	attr->get = get;
	attr->set = set;
	attr->data = inode->i_private;
	attr->format = format;
	mutex_init(&attr->mutex);
	file->private_data = attr;
	return nonseekable_open(inode, file);
}

int simple_attr_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static int number_get(struct simple_attr *attr)
{
	u64 value;
	int error = attr->get(attr->data, &value);

	if (!error)
		scnprintf(attr->text, sizeof(attr->text), attr->format, (unsigned long long)value);
	return error;
}

ssize_t simple_attr_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct simple_attr *attr = file->private_data;
	ssize_t result = 0;

	if (!attr->get)
		return -EACCES;
	mutex_lock(&attr->mutex);
	if (!*pos || !attr->text[0])
		result = number_get(attr);
	if (!result)
		result = simple_read_from_buffer(buf, len, pos, attr->text, strlen(attr->text));
	mutex_unlock(&attr->mutex);
	return result;
}

static ssize_t number_set(struct file *file, const char __user *buf, size_t len, bool is_signed)
{
	struct simple_attr *attr = file->private_data;
	char text[NUMBER_MAX] = "";
	u64 value = 0;
	s64 with_sign;
	int error;

	if (!attr->set)
		return -EACCES;
	if (copy_from_user(text, buf, min(sizeof(text) - 1, len)))
		return -EFAULT;
	if (is_signed) {
		error = kstrtoll(text, 0, &with_sign);
		value = (u64)with_sign;
	} else {
		error = kstrtoull(text, 0, &value);
	}
	if (error)
		return error;
	mutex_lock(&attr->mutex);
	error = attr->set(attr->data, value);
	mutex_unlock(&attr->mutex);
	return error ? error : (ssize_t)len;
}

ssize_t simple_attr_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return number_set(file, buf, len, false);
}

ssize_t simple_attr_write_signed(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return number_set(file, buf, len, true);
}

/* --- seeking ------------------------------------------------------------------------ */

loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}

loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence, loff_t most,
				loff_t end)
{
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset += file->f_pos;
		break;
	case SEEK_END:
		offset += end;
		break;
	default:
		return -EINVAL;
	}
	if (offset < 0 || offset > most)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	return generic_file_llseek_size(file, offset, whence, MAX_LFS_FILESIZE,
					i_size_read(file_inode(file)));
}

loff_t default_llseek(struct file *file, loff_t offset, int whence)
{
	return generic_file_llseek(file, offset, whence);
}

loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size)
{
	return generic_file_llseek_size(file, offset, whence, size, size);
}

loff_t no_seek_end_llseek_size(struct file *file, loff_t offset, int whence, loff_t size)
{
	if (whence == SEEK_END)
		return -EINVAL;
	return generic_file_llseek_size(file, offset, whence, size, 0);
}

loff_t no_seek_end_llseek(struct file *file, loff_t offset, int whence)
{
	return no_seek_end_llseek_size(file, offset, whence, OFFSET_MAX);
}
