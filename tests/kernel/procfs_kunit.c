/* SPDX-License-Identifier: MIT */
/*
 * procfs: files of each kind are found under their path, read and written by their functions,
 * and gone when they are removed; wrong names are refused.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <kunit/test.h>

#include "text_files.h"

static char note[16] = "nothing";

static ssize_t note_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	const char *what = pde_data(file_inode(file));

	return simple_read_from_buffer(buf, count, pos, what, strlen(what));
}

static ssize_t note_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t done = simple_write_to_buffer(note, sizeof(note) - 1, pos, buf, count);

	if (done >= 0)
		note[*pos] = '\0';
	return done;
}

static const struct proc_ops note_proc_ops = {
	.proc_read = note_read,
	.proc_write = note_write,
	.proc_lseek = default_llseek,
};

static int parent_show(struct seq_file *file, void *unused)
{
	seq_printf(file, "%s in %s\n", (char *)file->private,
		   (char *)proc_get_parent_data(file_inode(file->file)));
	return 0;
}

static int state_show(struct seq_file *file, void *at)
{
	unsigned int *state = file->private;

	seq_printf(file, "%u ", ++*state);
	return 0;
}

static void *state_start(struct seq_file *file, loff_t *pos)
{
	return *pos < 3 ? file : NULL;
}

static void *state_next(struct seq_file *file, void *at, loff_t *pos)
{
	return ++*pos < 3 ? file : NULL;
}

static void state_stop(struct seq_file *file, void *at)
{
}

static const struct seq_operations state_ops = {
	.start = state_start,
	.next = state_next,
	.stop = state_stop,
	.show = state_show,
};

/* Lines of numbers, more than are read at once. */
#define NR_COUNTS 500

static int count_show(struct seq_file *file, void *at)
{
	seq_printf(file, "%lld\n", *(loff_t *)at);
	return 0;
}

static void *count_start(struct seq_file *file, loff_t *pos)
{
	return *pos < NR_COUNTS ? pos : NULL;
}

static void *count_next(struct seq_file *file, void *at, loff_t *pos)
{
	return ++*pos < NR_COUNTS ? pos : NULL;
}

static const struct seq_operations count_ops = {
	.start = count_start,
	.next = count_next,
	.stop = state_stop,
	.show = count_show,
};

static unsigned int mode_of(const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	unsigned int mode;

	if (IS_ERR(file))
		return 0;
	mode = file_inode(file)->i_mode;
	filp_close(file, NULL);
	return mode;
}

static void proc_files_are_made_in_many_ways(struct kunit *test)
{
	struct proc_dir_entry *dir = proc_mkdir_data("kunit", 0, NULL, "a folder");

	KUNIT_ASSERT_NOT_NULL(test, dir);
	KUNIT_ASSERT_NOT_NULL(test, proc_create_data("note", 0644, dir, &note_proc_ops, note));
	KUNIT_ASSERT_NOT_NULL(test, proc_create_single_data("single", 0, dir, parent_show, "one"));
	KUNIT_ASSERT_NOT_NULL(test, proc_create_seq("lines", 0, dir, &count_ops));
	KUNIT_ASSERT_NOT_NULL(test, proc_create_seq_private("state", 0, dir, &state_ops,
							    sizeof(unsigned int), NULL));
	KUNIT_ASSERT_NOT_NULL(test, proc_mkdir("kunit/below", NULL));
	KUNIT_ASSERT_NOT_NULL(test, proc_symlink("link", dir, "below/deep"));
	KUNIT_ASSERT_NOT_NULL(test, proc_create_data("kunit/below/deep", 0, NULL, &note_proc_ops,
						     "deep"));
	KUNIT_ASSERT_NOT_NULL(test, proc_mkdir("driver/kunit", NULL));

	text_expect(test, "/proc/kunit/note", "nothing");
	KUNIT_EXPECT_EQ(test, text_put("/proc/kunit/note", "something"), 9L);
	text_expect(test, "/proc/kunit/note", "something");
	text_expect(test, "/proc/kunit/single", "one in a folder\n");
	text_expect(test, "/proc/kunit/link", "deep");
	text_expect(test, "/proc/kunit/state", "1 2 3 ");
	text_expect(test, "/proc/kunit/state", "1 2 3 ");
	KUNIT_EXPECT_EQ(test, text_get("/proc/kunit/lines", 333), 10 * 2L + 90 * 3L + 400 * 4L);
	KUNIT_EXPECT_TRUE(test, !strncmp(text, "0\n1\n2\n", 6) && strstr(text, "\n498\n499\n"));
	KUNIT_EXPECT_EQ(test, text_put("/proc/kunit/single", "x"), (long)-EIO);

	KUNIT_EXPECT_EQ(test, mode_of("/proc/kunit/note"), S_IFREG | 0644u);
	KUNIT_EXPECT_EQ(test, mode_of("/proc/kunit/single"), S_IFREG | 0444u);

	remove_proc_entry("below/deep", dir);
	KUNIT_EXPECT_EQ(test, text_get("/proc/kunit/link", 10), (long)-ENOENT);
	KUNIT_EXPECT_EQ(test, remove_proc_subtree("kunit", NULL), 0);
	KUNIT_EXPECT_EQ(test, text_get("/proc/kunit/note", 10), (long)-ENOENT);
	remove_proc_entry("driver/kunit", NULL);
}

/* What is warned about (--warns=4). */
static void wrong_names_are_refused(struct kunit *test)
{
	struct proc_dir_entry *entry = proc_create("twice", 0, NULL, &note_proc_ops);

	KUNIT_EXPECT_PTR_EQ(test, proc_create("twice", 0, NULL, &note_proc_ops), NULL);
	KUNIT_EXPECT_PTR_EQ(test, proc_create("none/twice", 0, NULL, &note_proc_ops), NULL);
	KUNIT_EXPECT_EQ(test, remove_proc_subtree("none", NULL), -ENOENT);
	proc_remove(entry);
	remove_proc_entry("twice", NULL);
}

static struct kunit_case procfs_cases[] = {
	KUNIT_CASE(proc_files_are_made_in_many_ways),
	KUNIT_CASE(wrong_names_are_refused),
	{},
};

static struct kunit_suite procfs_suite = {
	.name = "procfs",
	.test_cases = procfs_cases,
};
kunit_test_suite(procfs_suite);

MODULE_LICENSE("Dual MIT/GPL");
