/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../commands.h"
#include "../memory.h"
#include "looker.h"
#include "look.h"

/* Looks taken before a process is said to change too fast. */
#define LOOKS 50

extern char **environ;

/* The arguments of a look: "kalloc .look PID MACHINE {PATH SIZE OFFSET}...". */
static char **arguments(pid_t pid, unsigned int machine, const struct look_file *files, size_t nr)
{
	char **argv = memory_new(4 + 3 * nr + 1, sizeof(*argv));
	char text[64];
	size_t n = 0;

	argv[n++] = memory_text("kalloc", 6);
	argv[n++] = memory_text(LOOKER, strlen(LOOKER));
	snprintf(text, sizeof(text), "%d", (int)pid);
	argv[n++] = memory_text(text, strlen(text));
	snprintf(text, sizeof(text), "%u", machine);
	argv[n++] = memory_text(text, strlen(text));
	for (size_t i = 0; i < nr; i++) {
		argv[n++] = memory_text(files[i].path, strlen(files[i].path));
		snprintf(text, sizeof(text), "%zu", files[i].size);
		argv[n++] = memory_text(text, strlen(text));
		snprintf(text, sizeof(text), "%lu", files[i].offset);
		argv[n++] = memory_text(text, strlen(text));
	}
	return argv;
}

static void arguments_free(char **argv)
{
	for (char **arg = argv; *arg; arg++)
		free(*arg);
	free(argv);
}

static pid_t looker_start(char **argv, int fds[2])
{
	posix_spawn_file_actions_t actions;
	pid_t child = -1;
	int err;

	if (pipe(fds))
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, fds[0]);
	posix_spawn_file_actions_addclose(&actions, fds[1]);
	err = posix_spawn(&child, "/proc/self/exe", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (!err)
		return child;
	close(fds[0]);
	errno = err;
	return -1;
}

static bool take(FILE *from, void *to, size_t bytes)
{
	return fread(to, 1, bytes, from) == bytes;
}

static bool file_take(FILE *from, struct look_file *file)
{
	struct look_reply reply;

	if (!take(from, &reply, sizeof(reply)) || reply.bytes > LOOK_MOST)
		return false;
	file->error = reply.error;
	if (reply.error)
		return true;
	file->len = reply.bytes;
	file->data = memory_new(reply.bytes + 1, 1);
	return take(from, file->data, reply.bytes);
}

/* Return: 0, or the errno of the look; EAGAIN if it lost its way. */
static int replies_take(FILE *from, struct look_file *files, size_t nr)
{
	struct look_reply whole;

	if (!take(from, &whole, sizeof(whole)))
		return EAGAIN;
	if (whole.error)
		return whole.error;
	for (size_t i = 0; i < nr; i++)
		if (!file_take(from, &files[i]))
			return EAGAIN;
	return 0;
}

static int look_once(char **argv, struct look_file *files, size_t nr)
{
	int fds[2], status, err;
	pid_t child = looker_start(argv, fds);
	FILE *from;

	if (child < 0)
		return EIO;
	from = fdopen(fds[0], "r");
	err = from ? replies_take(from, files, nr) : EIO;
	if (from)
		fclose(from);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!err && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		err = EAGAIN;
	if (err)
		look_free(files, nr);
	return err;
}

int look(pid_t pid, unsigned int machine, struct look_file *files, size_t nr)
{
	char **argv = arguments(pid, machine, files, nr);
	int err = EAGAIN;

	for (int i = 0; i < LOOKS && (err == EAGAIN || err == EEXIST); i++)
		err = look_once(argv, files, nr);
	arguments_free(argv);
	if (!err)
		return 0;
	errno = err == EEXIST ? EAGAIN : err;
	return -1;
}

void look_free(struct look_file *files, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(files[i].data);
		files[i].data = NULL;
		files[i].len = 0;
		files[i].error = 0;
	}
}

int look_failed(const char *command, pid_t pid, int error)
{
	static const struct {
		int error;
		int status;
		const char *text;
	} texts[] = {
		{ ESRCH, STATUS_USAGE, "no such process" },
		{ ENXIO, STATUS_USAGE,
		  "no such machine: it uses no libkalloc, or has fewer of them" },
		{ ENOEXEC, STATUS_FAILED,
		  "it runs another build of libkalloc: look at it with that one's kalloc" },
		{ EAGAIN, STATUS_FAILED, "it changes too fast to be read" },
		{ EIO, STATUS_FAILED, "cannot start a process to look at it" },
		{ EPERM, STATUS_FAILED,
		  "its memory may not be read: be its user or root, and see the host's "
		  "kernel.yama.ptrace_scope" },
		{ EACCES, STATUS_FAILED, "its memory may not be read: be its user or root" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].error != error)
			continue;
		fprintf(stderr, "%s: process %d: %s\n", command, (int)pid, texts[i].text);
		return texts[i].status;
	}
	fprintf(stderr, "%s: process %d: %s\n", command, (int)pid, strerror(error));
	return STATUS_FAILED;
}
