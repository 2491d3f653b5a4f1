/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <kalloc/kalloc.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "count.h"
#include "heap.h"
#include "machine_file.h"

static char folder[PATH_MAX]; /* "" if no files are wanted */
static bool wants_line, wants_trace;

/* The machine's files that are a few pages of text. */
static const char *const files[] = {
	"/proc/buddyinfo", "/proc/cmdline",	"/proc/meminfo", "/proc/pagetypeinfo",
	"/proc/slabinfo",  "/proc/vmallocinfo", "/proc/vmstat",	 "/proc/zoneinfo",
};

bool report_write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

void report_say(const char *fmt, ...)
{
	char line[512] = "kalloc: malloc: ";
	size_t len = strlen(line);
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line + len, sizeof(line) - len - 1, fmt, args);
	va_end(args);
	len += n < 0 ? 0 : (size_t)n;
	len = len < sizeof(line) - 1 ? len : sizeof(line) - 2;
	line[len++] = '\n';
	report_write_all(STDERR_FILENO, line, len);
}

bool report_is_wanted(void)
{
	return wants_line || folder[0];
}

/* The name of a file of this process. Return: false if it is too long. */
static bool path_make(char path[PATH_MAX], const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s.%d%s", folder, program_invocation_short_name,
			 (int)getpid(), name);

	return n > 0 && n < PATH_MAX;
}

/* Make the folders of @path behind that of the report. */
static void make_folders(char *path)
{
	for (char *slash = path + strlen(folder); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
}

int report_file_open(const char *name, int how)
{
	char path[PATH_MAX];

	if (!path_make(path, name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	make_folders(path);
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
}

/* Return: false after a message. */
static bool file_write(const char *name, const char *text, size_t len)
{
	int fd = report_file_open(name, O_TRUNC);
	bool good = fd >= 0 && report_write_all(fd, text, len);

	if (!good)
		report_say("%s/%s.%d%s: %s", folder, program_invocation_short_name, (int)getpid(),
			   name, strerrordesc_np(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

static void console_write(void *ctx, const char *text)
{
	int fd = report_file_open("/console", O_APPEND);

	report_write_all(fd < 0 ? STDERR_FILENO : fd, text, strlen(text));
	if (fd >= 0)
		close(fd);
}

void report_prepare(void)
{
	const char *named = getenv("KALLOC_MALLOC_REPORT");

	wants_line = getenv("KALLOC_MALLOC_STATS") != NULL;
	if (named && strlen(named) < sizeof(folder))
		strcpy(folder, named);
	wants_trace = folder[0] && getenv("KALLOC_MALLOC_TRACE") != NULL;
}

void report_begin(void)
{
	if (folder[0])
		kalloc_set_console(console_write, NULL);
	if (wants_trace)
		calls_begin();
	heap_report_failures();
}

/* A program may try again and again, and may ask for more than it can expect. */
void report_failure(size_t bytes)
{
	static bool was_said;
	struct machine_file meminfo;
	unsigned long all, left;

	if (__atomic_load_n(&was_said, __ATOMIC_RELAXED))
		return;
	meminfo = machine_file_take("/proc/meminfo");
	if (!meminfo.start)
		return;
	all = machine_file_number(meminfo.start, "MemTotal:");
	left = machine_file_number(meminfo.start, "MemFree:");
	machine_file_give(&meminfo);
	if (bytes / 1024 <= all && !__atomic_exchange_n(&was_said, true, __ATOMIC_RELAXED))
		report_say("%s[%d]: no memory for %zu bytes; %lu of the machine's %lu KiB are free",
			   program_invocation_short_name, (int)getpid(), bytes, left, all);
}

static unsigned long host_peak_kib(void)
{
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char text[4096];
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return machine_file_number(text, "VmHWM:");
}

static int summary_show(char *buf, size_t size)
{
	struct counts counts = count_now();
	char meminfo[4096] = "";

	kalloc_read("/proc/meminfo", meminfo, sizeof(meminfo));
	return snprintf(buf, size,
			"allocations %lu\n"
			"frees %lu\n"
			"failures %lu\n"
			"live_kib %zu\n"
			"peak_kib %zu\n"
			"machine_used_kib %lu\n"
			"host_peak_kib %lu\n",
			counts.allocations, counts.frees, counts.failures, counts.live_bytes / 1024,
			counts.peak_bytes / 1024,
			machine_file_number(meminfo, "MemTotal:") -
				machine_file_number(meminfo, "MemFree:"),
			host_peak_kib());
}

static void say_line(void)
{
	struct counts counts = count_now();

	report_say("%s[%d]: %lu allocations, %lu frees, %lu failures; %zu KiB live, peak %zu KiB",
		   program_invocation_short_name, (int)getpid(), counts.allocations, counts.frees,
		   counts.failures, counts.live_bytes / 1024, counts.peak_bytes / 1024);
}

/* Return: false after a message. */
static bool machine_file_write(const char *path)
{
	struct machine_file file = machine_file_take(path);
	bool good = file.start && file_write(path, file.start, file.len);

	if (!file.start)
		report_say("%s: no memory to read it", path);
	machine_file_give(&file);
	return good;
}

void report_write(void)
{
	char summary[512];
	int len;

	if (wants_line)
		say_line();
	if (!folder[0])
		return;
	calls_flush();
	len = summary_show(summary, sizeof(summary));
	if (!file_write("/summary", summary, (size_t)len))
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!machine_file_write(files[i]))
			return;
	}
}
