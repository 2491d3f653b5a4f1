/* SPDX-License-Identifier: MIT */
/*
 * The emulated files: each has its path in a kernel, and how to show it and to
 * store into it where it can be read and written. A file belongs to the calling
 * thread's current machine.
 *
 * Differs from Linux 6.1: no user is refused (slabinfo, vmallocinfo and
 * pagetypeinfo are root's there).
 */
#include <kalloc/kalloc.h>

#include "formats.h"
#include "knobs.h"

struct file {
	const char *path;
	void (*show)(struct text *text, struct kalloc_machine *m);
	int (*store)(struct kalloc_machine *m, const char *input);
};

static void cmdline_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%s\n", m->cmdline);
}

static const struct file files[] = {
	{ "/proc/buddyinfo", buddyinfo_show, NULL },
	{ "/proc/cmdline", cmdline_show, NULL },
	{ "/proc/meminfo", meminfo_show, NULL },
	{ "/proc/pagetypeinfo", pagetypeinfo_show, NULL },
	{ "/proc/slabinfo", slabinfo_show, NULL },
	{ "/proc/sys/vm/compact_memory", NULL, compact_memory_store },
	{ "/proc/sys/vm/lowmem_reserve_ratio", lowmem_reserve_ratio_show, NULL },
	{ "/proc/sys/vm/min_free_kbytes", min_free_kbytes_show, min_free_kbytes_store },
	{ "/proc/sys/vm/watermark_boost_factor", watermark_boost_factor_show,
	  watermark_boost_factor_store },
	{ "/proc/sys/vm/watermark_scale_factor", watermark_scale_factor_show,
	  watermark_scale_factor_store },
	{ "/proc/vmallocinfo", vmallocinfo_show, NULL },
	{ "/proc/vmstat", vmstat_show, NULL },
	{ "/proc/zoneinfo", zoneinfo_show, NULL },
};

static const struct file *file_find(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	}
	return NULL;
}

long kalloc_read(const char *path, char *buf, size_t size)
{
	const struct file *file;
	struct text text;

	if (!path || (!buf && size))
		return -EINVAL;
	file = file_find(path);
	if (!file)
		return -ENOENT;
	if (!file->show)
		return -EACCES;
	text = text_on(buf, size);
	file->show(&text, machine_current());
	return (long)text.len;
}

long kalloc_write(const char *path, const char *input)
{
	const struct file *file;
	int err;

	if (!path || !input)
		return -EINVAL;
	file = file_find(path);
	if (!file)
		return -ENOENT;
	if (!file->store)
		return -EACCES;
	err = file->store(machine_current(), input);
	return err ? err : (long)strlen(input);
}

const char *kalloc_files(unsigned int index)
{
	return index < ARRAY_SIZE(files) ? files[index].path : NULL;
}
