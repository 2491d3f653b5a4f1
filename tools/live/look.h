/* SPDX-License-Identifier: MIT */
/*
 * A look at a process: some files of one of its machines, read at one time. The process
 * is not stopped, so a look may meet it in the midst of a change; one that finds nonsense
 * is thrown away and taken again.
 *
 * Each look is a process of its own, this program started anew as "kalloc .look": it lies
 * at other addresses each time, and may lose its way in what it reads.
 */
#ifndef LIVE_LOOK_H
#define LIVE_LOOK_H

#include <stddef.h>
#include <sys/types.h>

struct look_file {
	const char *path;     /* "/proc/buddyinfo" */
	size_t size;	      /* to read at most; 0: the whole file */
	unsigned long offset; /* to read from, where @size is given */
	char *data;	      /* what was read, terminated; NULL: @error */
	size_t len;
	int error; /* errno: ENOENT, EACCES ... */
};

/*
 * Read @nr files of machine @machine (from 0, by address) of process @pid. Each gets data,
 * to be freed by look_free(), or an error of its own.
 * Return: 0; -1 with errno set: ESRCH (no such process), EPERM or EACCES (its memory may
 * not be read), ENXIO (no such machine), ENOEXEC (another build of the library), EAGAIN
 * (it changed too fast, in each of many looks), EIO (no process could be started).
 */
int look(pid_t pid, unsigned int machine, struct look_file *files, size_t nr);
void look_free(struct look_file *files, size_t nr);

/* What look()'s error @error means for @pid, on stderr as "@command: ...". Return: the exit status. */
int look_failed(const char *command, pid_t pid, int error);

#endif
