/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <kalloc/look.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "../memory.h"
#include "target.h"

#define RAM_PATH "/memfd:" KALLOC_LOOK_MEMFD " "

/* One line of a maps file. */
struct line {
	struct span span;
	char perms[5];
	unsigned long offset;
	unsigned long inode;
	const char *path; /* "": of no file */
};

static bool line_parse(char *text, struct line *line)
{
	int path = 0;

	text[strcspn(text, "\n")] = '\0';
	if (sscanf(text, "%lx-%lx %4s %lx %*x:%*x %lu %n", &line->span.start, &line->span.end,
		   line->perms, &line->offset, &line->inode, &path) != 5 ||
	    !path)
		return false;
	line->path = text + path;
	return true;
}

static void head_add(struct target *target, unsigned long head)
{
	target->heads = memory_grow(target->heads, &target->heads_room, target->nr_heads + 1,
				    sizeof(*target->heads));
	target->heads[target->nr_heads++] = head;
}

static void span_add(struct target *target, struct span span)
{
	if (target->nr_spans && target->spans[target->nr_spans - 1].end == span.start) {
		target->spans[target->nr_spans - 1].end = span.end;
		return;
	}
	target->spans = memory_grow(target->spans, &target->spans_room, target->nr_spans + 1,
				    sizeof(*target->spans));
	target->spans[target->nr_spans++] = span;
}

static bool is_machine_start(const struct line *line)
{
	return !line->offset && line->span.start % KALLOC_LOOK_ALIGN == 0 &&
	       strncmp(line->path, RAM_PATH, strlen(RAM_PATH)) == 0;
}

/* The head of the machine of private memory that begins there; 0: there is none. */
static unsigned long private_head(pid_t pid, const struct line *line)
{
	struct kalloc_look_mark mark = { 0 };
	struct iovec local = { .iov_base = &mark, .iov_len = sizeof(mark) };
	struct iovec remote = { .iov_base = (void *)line->span.start, .iov_len = sizeof(mark) };

	if (line->inode || line->span.start % KALLOC_LOOK_ALIGN || strcmp(line->perms, "rw-p") != 0)
		return 0;
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != (ssize_t)sizeof(mark) ||
	    mark.word != KALLOC_LOOK_WORD)
		return 0;
	return (unsigned long)mark.head;
}

/* What the kernel shows in every process is its own. */
static bool is_kernels(const struct line *line)
{
	return line->path[0] == '[' && strcmp(line->path, "[heap]") != 0;
}

static void maps_read(struct target *target, FILE *maps)
{
	bool in_machine = false;
	char *text = NULL;
	size_t size = 0;

	while (getline(&text, &size, maps) > 0) {
		struct line line;
		unsigned long head;

		if (!line_parse(text, &line))
			continue;
		if (is_machine_start(&line))
			in_machine = true;
		if (in_machine && !line.inode && strcmp(line.perms, "rw-p") == 0) {
			head_add(target, line.span.start);
			in_machine = false;
		}
		head = private_head(target->pid, &line);
		if (head)
			head_add(target, head);
		if (line.perms[0] == 'r' && !is_kernels(&line))
			span_add(target, line.span);
	}
	free(text);
}

static void comm_read(struct target *target)
{
	char path[40];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)target->pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(target->comm, sizeof(target->comm), file))
		target->comm[strcspn(target->comm, "\n")] = '\0';
	fclose(file);
}

int target_read(struct target *target, pid_t pid)
{
	char path[40];
	FILE *maps;
	int err;

	*target = (struct target){ .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (!maps) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	errno = 0;
	maps_read(target, maps);
	err = ferror(maps) ? errno : 0;
	fclose(maps);
	comm_read(target);
	if (!err)
		return 0;
	target_free(target);
	errno = err;
	return -1;
}

void target_free(struct target *target)
{
	free(target->heads);
	free(target->spans);
	*target = (struct target){ 0 };
}

static int is_pid(const struct dirent *entry)
{
	return isdigit((unsigned char)entry->d_name[0]);
}

void target_each(void (*found)(const struct target *target, void *ctx), void *ctx)
{
	struct dirent **entries;
	int n = scandir("/proc", &entries, is_pid, versionsort);

	for (int i = 0; i < n; i++) {
		struct target target;

		if (target_read(&target, atoi(entries[i]->d_name)) == 0) {
			if (target.nr_heads)
				found(&target, ctx);
			target_free(&target);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}
