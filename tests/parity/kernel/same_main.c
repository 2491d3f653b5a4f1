// SPDX-License-Identifier: GPL-2.0
/*
 * The chapters of tests/parity/same inside Linux 6.1: print, and read the kernel's own
 * files through a mount of /proc that nobody else sees.
 */
#define pr_fmt(fmt) KBUILD_MODNAME "> " fmt

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/seq_file.h>
#include <linux/uio.h>

#include "../same/same.h"

static char *only;
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "the only chapter to run");

static struct vfsmount *proc;

void same_print(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_info("%pV\n", &vaf);
	va_end(args);
}

/* Some of these files can only be read to user space, but all are sequence files. */
static ssize_t read_some(struct file *file, char *buf, size_t size, loff_t *offset)
{
	struct kvec part = { .iov_base = buf, .iov_len = size };
	struct kiocb request;
	struct iov_iter iter;
	ssize_t got;

	init_sync_kiocb(&request, file);
	request.ki_pos = *offset;
	iov_iter_kvec(&iter, READ, &part, 1, size);
	got = seq_read_iter(&request, &iter);
	*offset = request.ki_pos;
	return got;
}

void same_read(const char *path, char *buf, size_t size)
{
	struct path root = { .mnt = proc, .dentry = proc->mnt_root };
	struct file *file = file_open_root(&root, path + strlen("/proc/"), O_RDONLY, 0);
	size_t length = 0;
	loff_t offset = 0;
	ssize_t got;

	*buf = 0;
	if (IS_ERR(file)) {
		SAME("cannot open %s: %ld", path, PTR_ERR(file));
		return;
	}
	while ((got = read_some(file, buf + length, size - 1 - length, &offset)) > 0)
		length += got;
	buf[length] = 0;
	filp_close(file, NULL);
}

const char *same_own_area(const char *line)
{
	const char *mine = strstr(line, " [" KBUILD_MODNAME "]");

	return mine ? mine + strlen(" [" KBUILD_MODNAME "]") : NULL;
}

static int __init same_init(void)
{
	struct file_system_type *type = get_fs_type("proc");

	proc = vfs_kern_mount(type, 0, "proc", NULL);
	if (IS_ERR(proc))
		return PTR_ERR(proc);
	same_chapters(only);
	mntput(proc);
	return 0;
}

module_init(same_init);
MODULE_LICENSE("GPL");
