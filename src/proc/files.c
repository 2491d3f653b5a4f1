/* SPDX-License-Identifier: MIT */
/*
 * The emulated files: each has its path in a kernel, and how to show it and to
 * store into it where it can be read and written. Those of a cache are found by
 * cache_files.h. A file belongs to the calling thread's current machine.
 *
 * Differs from Linux 6.1: no user is refused (slabinfo, vmallocinfo, pagetypeinfo,
 * page_owner and the kpage files are root's there).
 */
#include <kalloc/kalloc.h>

#include "cache_files.h"
#include "formats.h"
#include "knobs.h"
#include "kpage.h"
#include "page_owner.h"
#include "plat.h"
#include "trace_files.h"

struct file {
	const char *path;
	void (*show)(struct text *text, struct kalloc_machine *m);
	int (*store)(struct kalloc_machine *m, const char *input);
	/* In place of @show, in a file of a word for each frame. */
	void (*fill)(struct kalloc_machine *m, u64 *words, unsigned long pfn, unsigned long nr);
	/* In place of @show, where what is read is taken out: whole lines, not terminated. */
	long (*take)(struct kalloc_machine *m, char *buf, size_t size);
	/* NULL: on every machine. */
	bool (*exists)(const struct kalloc_machine *m);
};

static void cmdline_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%s\n", m->cmdline);
}

static const struct file files[] = {
	{ "/proc/buddyinfo", .show = buddyinfo_show },
	{ "/proc/cmdline", .show = cmdline_show },
	{ "/proc/kpagecount", .fill = kpagecount_fill },
	{ "/proc/kpageflags", .fill = kpageflags_fill },
	{ "/proc/meminfo", .show = meminfo_show },
	{ "/proc/pagetypeinfo", .show = pagetypeinfo_show },
	{ "/proc/slabinfo", .show = slabinfo_show },
	{ "/proc/sys/vm/compact_memory", .store = compact_memory_store },
	{ "/proc/sys/vm/lowmem_reserve_ratio", .show = lowmem_reserve_ratio_show },
	{ "/proc/sys/vm/min_free_kbytes", .show = min_free_kbytes_show,
	  .store = min_free_kbytes_store },
	{ "/proc/sys/vm/watermark_boost_factor", .show = watermark_boost_factor_show,
	  .store = watermark_boost_factor_store },
	{ "/proc/sys/vm/watermark_scale_factor", .show = watermark_scale_factor_show,
	  .store = watermark_scale_factor_store },
	{ "/proc/thread-self/fail-nth", .show = fail_nth_show, .store = fail_nth_store },
	{ "/proc/vmallocinfo", .show = vmallocinfo_show },
	{ "/proc/vmstat", .show = vmstat_show },
	{ "/proc/zoneinfo", .show = zoneinfo_show },
	{ "/sys/kernel/debug/page_owner", .show = page_owner_show, .exists = page_owner_exists },
	{ TRACING "available_events", .show = available_events_show },
	{ TRACING "buffer_size_kb", .show = buffer_size_show, .store = buffer_size_store },
	{ TRACING "buffer_total_size_kb", .show = buffer_total_size_show },
	{ TRACING "set_event", .show = set_event_show, .store = set_event_store },
	{ TRACING "trace", .show = trace_show, .store = trace_store },
	{ TRACING "trace_clock", .show = trace_clock_show, .store = trace_clock_store },
	{ TRACING "trace_marker", .store = trace_marker_store },
	{ TRACING "trace_pipe", .take = trace_pipe_take },
	{ TRACING "tracing_on", .show = tracing_on_show, .store = tracing_on_store },
};

static const struct file *file_find(const struct kalloc_machine *m, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].path, path) == 0)
			return !files[i].exists || files[i].exists(m) ? &files[i] : NULL;
	}
	return NULL;
}

/* Make the text of a file. Return: 0, -ENOENT, -EACCES. */
static int text_show(struct text *text, struct kalloc_machine *m, const char *path)
{
	const struct file *file = file_find(m, path);
	int err;

	if (!file) {
		err = trace_enable_show(text, m, path);
		return err == -ENOENT ? cache_files_show(text, m, path) : err;
	}
	if (!file->show)
		return -EACCES;
	file->show(text, m);
	return 0;
}

/* The words of @nr frames from @pfn on; @buf need not be aligned. */
static void words_copy(const struct file *file, struct kalloc_machine *m, char *buf,
		       unsigned long pfn, unsigned long nr)
{
	u64 words[256];

	while (nr) {
		unsigned long now = min(nr, ARRAY_SIZE(words));

		file->fill(m, words, pfn, now);
		memcpy(buf, words, now * sizeof(u64));
		buf += now * sizeof(u64);
		pfn += now;
		nr -= now;
	}
}

static long words_read(const struct file *file, struct kalloc_machine *m, char *buf, size_t size)
{
	unsigned long frames = kpage_frames(m);
	unsigned long nr = size ? min((size - 1) / sizeof(u64), frames) : 0;

	words_copy(file, m, buf, 0, nr);
	if (size)
		buf[nr * sizeof(u64)] = '\0';
	return (long)(frames * sizeof(u64));
}

static long words_read_at(const struct file *file, struct kalloc_machine *m, char *buf, size_t size,
			  unsigned long offset)
{
	unsigned long frames = kpage_frames(m), pfn = offset / sizeof(u64), nr;

	if (offset % sizeof(u64) || size % sizeof(u64))
		return -EINVAL;
	if (pfn >= frames)
		return 0;
	nr = min(size / sizeof(u64), frames - pfn);
	words_copy(file, m, buf, pfn, nr);
	return (long)(nr * sizeof(u64));
}

/* Of a text that grew between the two times it is made, what the first one had room for. */
static long text_read_at(struct kalloc_machine *m, const char *path, char *buf, size_t size,
			 size_t offset)
{
	struct text text = text_on(NULL, 0);
	size_t bytes, n = 0;
	char *whole;
	int err = text_show(&text, m, path);

	if (err)
		return err;
	bytes = text.len + 1;
	whole = map_alloc(bytes);
	if (!whole)
		return -ENOMEM;
	text = text_on(whole, bytes);
	err = text_show(&text, m, path);
	text.len = min(text.len, bytes - 1);
	if (!err && size && offset < text.len) {
		n = min(size, text.len - offset);
		memcpy(buf, whole + offset, n);
	}
	map_free(whole, bytes);
	return err ? err : (long)n;
}

static long taken_read(const struct file *file, struct kalloc_machine *m, char *buf, size_t size)
{
	long taken = file->take(m, buf, size ? size - 1 : 0);

	if (size)
		buf[taken > 0 ? taken : 0] = '\0';
	return taken;
}

long kalloc_read(const char *path, char *buf, size_t size)
{
	struct kalloc_machine *m;
	const struct file *file;
	struct text text;
	int err;

	if (!path || (!buf && size))
		return -EINVAL;
	m = machine_current();
	file = file_find(m, path);
	if (file && file->fill)
		return words_read(file, m, buf, size);
	if (file && file->take)
		return taken_read(file, m, buf, size);
	text = text_on(buf, size);
	err = text_show(&text, m, path);
	return err ? err : (long)text.len;
}

long kalloc_read_at(const char *path, void *buf, size_t size, unsigned long offset)
{
	struct kalloc_machine *m;
	const struct file *file;

	if (!path || (!buf && size))
		return -EINVAL;
	m = machine_current();
	file = file_find(m, path);
	if (file && file->fill)
		return words_read_at(file, m, buf, size, offset);
	if (file && file->take)
		return file->take(m, buf, size);
	return text_read_at(m, path, buf, size, offset);
}

long kalloc_write(const char *path, const char *input)
{
	struct kalloc_machine *m;
	const struct file *file;
	int err;

	if (!path || !input)
		return -EINVAL;
	m = machine_current();
	file = file_find(m, path);
	if (!file) {
		err = trace_enable_store(m, path, input);
		if (err == -ENOENT)
			err = cache_files_store(m, path, input);
	} else {
		err = file->store ? file->store(m, input) : -EACCES;
	}
	return err ? err : (long)strlen(input);
}

static const char *files_path(unsigned int index)
{
	return index < ARRAY_SIZE(files) ? files[index].path : NULL;
}

/* The lists of names, each in order, as one. */
const char *kalloc_files(unsigned int index)
{
	static const char *(*const lists[])(unsigned int) = { files_path, cache_files_path,
							      trace_enable_path };
	unsigned int at[ARRAY_SIZE(lists)] = { 0 };

	for (;;) {
		const char *first = NULL;
		size_t from = 0;

		for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
			const char *path = lists[i](at[i]);

			if (path && (!first || strcmp(path, first) < 0)) {
				first = path;
				from = i;
			}
		}
		if (!first || !index--)
			return first;
		at[from]++;
	}
}
