/* SPDX-License-Identifier: MIT */
/*
 * seq_file and debugfs: what kernel code puts into them is found under its path, read
 * and written by its own functions, in pieces of any size, and is gone when it is removed.
 * Who removes a file waits for those who are in it.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <kunit/test.h>

#include "text_files.h"

/* --- seq_file ------------------------------------------------------------------- */

static int words_show(struct seq_file *file, void *unused)
{
	static const u8 bytes[20] = { 0xde, 0xad, [19] = 0x41 };

	seq_puts(file, "words");
	seq_putc(file, ':');
	seq_printf(file, " %d %s\n", -3, (char *)file->private);
	seq_put_decimal_ull(file, "n=", 18446744073709551615ULL);
	seq_pad(file, '\n');
	seq_escape(file, "a\tb", "\t");
	seq_putc(file, '\n');
	seq_hex_dump(file, "x ", DUMP_PREFIX_OFFSET, 16, 1, bytes, sizeof(bytes), true);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(words);

static const char words[] =
	"words: -3 data\n"
	"n=18446744073709551615\n"
	"a\\011b\n"
	"x 00000000: de ad 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................\n"
	"x 00000010: 00 00 00 41                                      ...A\n";

static void a_single_show_fills_a_file(struct kunit *test)
{
	struct dentry *file = debugfs_create_file("words", 0444, NULL, "data", &words_fops);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	text_expect(test, D "words", words);
	KUNIT_EXPECT_EQ(test, text_get(D "words", 1), (long)strlen(words));
	KUNIT_EXPECT_STREQ(test, text, words);
	debugfs_remove(file);
}

/* As many lines as nr says, more than a page. */
static unsigned int nr_lines;
static atomic_t nr_started, nr_stopped;

static void *lines_start(struct seq_file *file, loff_t *pos)
{
	atomic_inc(&nr_started);
	if (!*pos)
		return SEQ_START_TOKEN;
	return *pos <= nr_lines ? pos : NULL;
}

static void *lines_next(struct seq_file *file, void *at, loff_t *pos)
{
	return ++*pos <= nr_lines ? pos : NULL;
}

static void lines_stop(struct seq_file *file, void *at)
{
	atomic_inc(&nr_stopped);
}

static int lines_show(struct seq_file *file, void *at)
{
	if (at == SEQ_START_TOKEN)
		seq_puts(file, "head\n");
	else if (*(loff_t *)at % 2)
		seq_printf(file, "line %lld\n", *(loff_t *)at);
	else
		return SEQ_SKIP;
	return 0;
}

static const struct seq_operations lines_sops = {
	.start = lines_start,
	.next = lines_next,
	.stop = lines_stop,
	.show = lines_show,
};
DEFINE_SEQ_ATTRIBUTE(lines);

static void lines_expect(struct kunit *test, const char *path, size_t piece)
{
	char *at = text;
	unsigned int i;

	KUNIT_ASSERT_GT_MSG(test, text_get(path, piece), 0L, "%s", path);
	KUNIT_EXPECT_EQ(test, strncmp(at, "head\n", 5), 0);
	at += 5;
	for (i = 1; i <= nr_lines; i += 2) {
		char line[24];
		int len = snprintf(line, sizeof(line), "line %u\n", i);

		if (strncmp(at, line, len))
			break;
		at += len;
	}
	KUNIT_EXPECT_EQ_MSG(test, *at, '\0', "%s in pieces of %zu: %.20s", path, piece, at);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_started), atomic_read(&nr_stopped));
}

static void lines_are_read_in_pieces(struct kunit *test)
{
	const size_t pieces[] = { 1, 7, 100, 4096, 10000 };
	struct dentry *dir = debugfs_create_dir("dir", NULL);
	unsigned int i;

	nr_lines = 1501;
	debugfs_create_file("lines", 0444, dir, NULL, &lines_fops);
	for (i = 0; i < ARRAY_SIZE(pieces); i++)
		lines_expect(test, D "dir/lines", pieces[i]);
	nr_lines = 0;
	text_expect(test, D "dir/lines", "head\n");
	debugfs_remove(dir);
}

static void one_may_seek(struct kunit *test)
{
	struct dentry *dentry = debugfs_create_file("words", 0444, NULL, "data", &words_fops);
	struct file *file = filp_open(D "words", O_RDONLY, 0);
	char buf[8] = "";

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 7, SEEK_SET), 7);
	KUNIT_EXPECT_EQ(test, kernel_read(file, buf, 7, &file->f_pos), (ssize_t)7);
	KUNIT_EXPECT_STREQ(test, buf, "-3 data");
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_SET), 0);
	KUNIT_EXPECT_EQ(test, kernel_read(file, buf, 5, &file->f_pos), (ssize_t)5);
	KUNIT_EXPECT_STREQ(test, buf, "wordsta");
	filp_close(file, NULL);
	debugfs_remove(dentry);
}

static int path_show(struct seq_file *m, void *unused)
{
	struct file *file = m->private;

	seq_file_path(m, file, "\n");
	seq_printf(m, " %pD2", file);
	return 0;
}

static int path_open(struct inode *inode, struct file *file)
{
	return single_open(file, path_show, file);
}

static const struct file_operations path_fops = {
	.owner = THIS_MODULE,
	.open = path_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static void a_file_knows_its_path(struct kunit *test)
{
	struct dentry *dir = debugfs_create_dir("a", debugfs_create_dir("b", NULL));

	debugfs_create_file("path", 0444, dir, NULL, &path_fops);
	text_expect(test, D "b/a/path", D "b/a/path a/path");
	debugfs_lookup_and_remove("b", NULL);
}

/* --- debugfs ------------------------------------------------------------------------ */

static struct values {
	u8 u8;
	u16 u16;
	u32 u32;
	u64 u64;
	u8 x8;
	u16 x16;
	u32 x32;
	u64 x64;
	unsigned long ulong;
	size_t size;
	bool bool;
	atomic_t atomic;
} values;

static const struct {
	const char *name, *written, *read;
} value_cases[] = {
	{ "u8", "200", "200\n" },
	{ "u16", "0xffff", "65535\n" },
	{ "u32", "4294967295\n", "4294967295\n" },
	{ "u64", "18446744073709551615", "18446744073709551615\n" },
	{ "x8", "255", "0xff\n" },
	{ "x16", "255", "0x00ff\n" },
	{ "x32", "255", "0x000000ff\n" },
	{ "x64", "255", "0x00000000000000ff\n" },
	{ "ulong", "077", "63\n" },
	{ "size", "12", "12\n" },
	{ "bool", "y", "Y\n" },
	{ "atomic", "-5", "-5\n" },
};

static void numbers_are_read_and_written(struct kunit *test)
{
	struct dentry *dir = debugfs_create_dir("values", NULL);
	char path[64];
	unsigned int i;

	debugfs_create_u8("u8", 0644, dir, &values.u8);
	debugfs_create_u16("u16", 0644, dir, &values.u16);
	debugfs_create_u32("u32", 0644, dir, &values.u32);
	debugfs_create_u64("u64", 0644, dir, &values.u64);
	debugfs_create_x8("x8", 0644, dir, &values.x8);
	debugfs_create_x16("x16", 0644, dir, &values.x16);
	debugfs_create_x32("x32", 0644, dir, &values.x32);
	debugfs_create_x64("x64", 0644, dir, &values.x64);
	debugfs_create_ulong("ulong", 0644, dir, &values.ulong);
	debugfs_create_size_t("size", 0644, dir, &values.size);
	debugfs_create_bool("bool", 0644, dir, &values.bool);
	debugfs_create_atomic_t("atomic", 0644, dir, &values.atomic);
	for (i = 0; i < ARRAY_SIZE(value_cases); i++) {
		snprintf(path, sizeof(path), D "values/%s", value_cases[i].name);
		KUNIT_EXPECT_EQ_MSG(test, text_put(path, value_cases[i].written),
				    (long)strlen(value_cases[i].written), "%s", path);
		text_expect(test, path, value_cases[i].read);
	}
	KUNIT_EXPECT_EQ(test, values.u32, ~0u);
	KUNIT_EXPECT_EQ(test, atomic_read(&values.atomic), -5);
	KUNIT_EXPECT_TRUE(test, values.bool);
	values.u8 = 7;
	text_expect(test, D "values/u8", "7\n");
	KUNIT_EXPECT_EQ(test, text_put(D "values/u8", "seven"), (long)-EINVAL);
	debugfs_remove(dir);
}

static void who_may_only_read_or_write_does(struct kunit *test)
{
	struct dentry *dir = debugfs_create_dir("one", NULL);
	struct file *file;
	loff_t pos = 0;
	char buf[4];

	debugfs_create_u32("ro", 0444, dir, &values.u32);
	debugfs_create_u32("wo", 0200, dir, &values.u32);
	KUNIT_EXPECT_EQ(test, text_put(D "one/ro", "1"), (long)-EACCES);
	KUNIT_EXPECT_EQ(test, text_get(D "one/wo", 10), (long)-EACCES);
	KUNIT_EXPECT_EQ(test, text_put(D "one/wo", "1"), 1L);
	file = filp_open(D "one/ro", O_WRONLY, 0);
	KUNIT_EXPECT_EQ(test, kernel_read(file, buf, 4, &pos), (ssize_t)-EBADF);
	filp_close(file, NULL);
	debugfs_remove(dir);
}

static void a_blob_and_a_string_are_themselves(struct kunit *test)
{
	struct debugfs_blob_wrapper blob = { .data = "blob\0bytes", .size = 10 };
	static u32 array[] = { 3, 1, 4 };
	static struct debugfs_u32_array wrapper = { .array = array, .n_elements = 3 };
	static u32 memory[] = { 0xdeadbeef, 0, 17 };
	static const struct debugfs_reg32 regs[] = { { "first", 0 }, { "last", 8 } };
	static struct debugfs_regset32 set = { .regs = regs, .nregs = 2 };
	struct dentry *dir = debugfs_create_dir("blobs", NULL);
	char *string = kstrdup("string", GFP_KERNEL);

	debugfs_create_blob("blob", 0444, dir, &blob);
	debugfs_create_str("string", 0444, dir, &string);
	debugfs_create_u32_array("array", 0444, dir, &wrapper);
	KUNIT_EXPECT_EQ(test, text_get(D "blobs/blob", 3), 10L);
	KUNIT_EXPECT_EQ(test, memcmp(text, "blob\0bytes", 10), 0);
	text_expect(test, D "blobs/string", "string\n");
	text_expect(test, D "blobs/array", "3 1 4\n");
	set.base = (void __iomem *)memory;
	debugfs_create_regset32("registers", 0444, dir, &set);
	text_expect(test, D "blobs/registers", "first = 0xdeadbeef\nlast = 0x00000011\n");
	debugfs_remove(dir);
	kfree(string);
}

static u64 attribute = 5;
static unsigned int nr_gets;

static int attribute_get(void *data, u64 *value)
{
	nr_gets++;
	*value = *(u64 *)data;
	return 0;
}

static int attribute_set(void *data, u64 value)
{
	if (value > 100)
		return -ERANGE;
	*(u64 *)data = value;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(unsafe_fops, attribute_get, attribute_set, "%llu\n");
DEFINE_SIMPLE_ATTRIBUTE(simple_fops, attribute_get, attribute_set, "<%llu>\n");

static void attributes_have_functions(struct kunit *test)
{
	struct dentry *dir = debugfs_create_dir("attributes", NULL);

	debugfs_create_file_unsafe("unsafe", 0644, dir, &attribute, &unsafe_fops);
	debugfs_create_file("simple", 0644, dir, &attribute, &simple_fops);
	text_expect(test, D "attributes/unsafe", "5\n");
	KUNIT_EXPECT_EQ(test, text_put(D "attributes/unsafe", "42"), 2L);
	text_expect(test, D "attributes/simple", "<42>\n");
	KUNIT_EXPECT_EQ(test, text_put(D "attributes/simple", "101"), (long)-ERANGE);
	KUNIT_EXPECT_EQ(test, attribute, 42ULL);
	nr_gets = 0; /* in pieces it is still one value */
	KUNIT_EXPECT_EQ(test, text_get(D "attributes/simple", 1), 5L);
	KUNIT_EXPECT_EQ(test, nr_gets, 1u);
	debugfs_remove(dir);
}

static void names_are_found_and_moved(struct kunit *test)
{
	struct dentry *dir = debugfs_create_dir("names", NULL), *file, *found;

	debugfs_create_u32("first", 0444, dir, &values.u32);
	KUNIT_EXPECT_EQ(test, PTR_ERR(debugfs_create_dir("names", NULL)), (long)-EEXIST);
	found = debugfs_lookup("first", dir);
	KUNIT_ASSERT_NOT_NULL(test, found);
	debugfs_create_symlink("link", dir, "first");
	debugfs_create_symlink("loop", dir, D "names/loop");
	KUNIT_EXPECT_GT(test, text_get(D "names/link", 10), 0L);
	KUNIT_EXPECT_GT(test, text_get(D "names/../names/./link", 10), 0L);
	KUNIT_EXPECT_EQ(test, text_get(D "names/loop", 10), (long)-ELOOP);
	KUNIT_EXPECT_EQ(test, text_get(D "names/first/none", 10), (long)-ENOTDIR);
	KUNIT_EXPECT_EQ(test, text_get(D "names", 10), (long)-EISDIR);
	KUNIT_EXPECT_PTR_EQ(test, debugfs_rename(dir, found, dir, "second"), found);
	KUNIT_EXPECT_EQ(test, text_get(D "names/first", 10), (long)-ENOENT);
	KUNIT_EXPECT_GT(test, text_get(D "names/second", 10), 0L);
	KUNIT_EXPECT_PTR_EQ(test, debugfs_lookup("first", dir), NULL);
	KUNIT_EXPECT_FALSE(test, d_unlinked(found));
	debugfs_remove(dir);
	KUNIT_EXPECT_TRUE(test, d_unlinked(found));
	dput(found);
	KUNIT_EXPECT_EQ(test, text_get(D "names/second", 10), (long)-ENOENT);
	/* An error is handed on, and nothing is removed twice. */
	file = debugfs_create_file("none", 0444, ERR_PTR(-ENOMEM), NULL, &words_fops);
	KUNIT_EXPECT_EQ(test, PTR_ERR(file), (long)-ENOMEM);
	debugfs_remove(file);
	debugfs_remove(NULL);
}

/* --- the end of a file, while somebody is in it ------------------------------------------ */

static struct completion inside;
static atomic_t may_leave, has_left, nr_released;

static ssize_t slow_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	complete(&inside);
	while (!atomic_read(&may_leave))
		yield();
	atomic_set(&has_left, 1);
	return 0;
}

static int slow_release(struct inode *inode, struct file *file)
{
	atomic_inc(&nr_released);
	return 0;
}

static const struct file_operations slow_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = slow_read,
	.release = slow_release,
};

static const struct proc_ops slow_proc_ops = {
	.proc_read = slow_read,
	.proc_release = slow_release,
};

static int slow_reader(void *path)
{
	char buf[1];
	loff_t pos = 0;
	struct file *file = filp_open(path, O_RDONLY, 0);
	long result = kernel_read(file, buf, 1, &pos);

	while (!kthread_should_stop())
		yield();
	if (!result)
		result = kernel_read(file, buf, 1, &pos); /* the file is gone by now */
	filp_close(file, NULL);
	return (int)result;
}

static int let_it_leave(void *unused)
{
	unsigned int i;

	for (i = 0; i < 1000; i++)
		yield(); /* time for who does not wait to be wrong */
	atomic_set(&may_leave, 1);
	return 0;
}

static struct task_struct *slow_start(struct kunit *test, char *path)
{
	struct task_struct *task;

	init_completion(&inside);
	atomic_set(&may_leave, 0);
	atomic_set(&has_left, 0);
	atomic_set(&nr_released, 0);
	task = kthread_run(slow_reader, path, "slow");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	wait_for_completion(&inside);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(let_it_leave, NULL, "let_it_leave")));
	return task;
}

static void who_removes_waits_for_readers(struct kunit *test)
{
	struct dentry *file = debugfs_create_file("slow", 0444, NULL, NULL, &slow_fops);
	struct task_struct *task = slow_start(test, D "slow");

	debugfs_remove(file);
	KUNIT_EXPECT_EQ(test, atomic_read(&has_left), 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), -EIO);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_released), 1);

	proc_create("slow", 0, NULL, &slow_proc_ops);
	task = slow_start(test, "/proc/slow");
	remove_proc_entry("slow", NULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&has_left), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_released), 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), -EIO);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_released), 1);
}

static struct kunit_case files_cases[] = {
	KUNIT_CASE(a_single_show_fills_a_file),
	KUNIT_CASE(lines_are_read_in_pieces),
	KUNIT_CASE(one_may_seek),
	KUNIT_CASE(a_file_knows_its_path),
	KUNIT_CASE(numbers_are_read_and_written),
	KUNIT_CASE(who_may_only_read_or_write_does),
	KUNIT_CASE(a_blob_and_a_string_are_themselves),
	KUNIT_CASE(attributes_have_functions),
	KUNIT_CASE(names_are_found_and_moved),
	KUNIT_CASE(who_removes_waits_for_readers),
	{},
};

static struct kunit_suite files_suite = {
	.name = "files",
	.test_cases = files_cases,
};
kunit_test_suite(files_suite);

MODULE_LICENSE("Dual MIT/GPL");
