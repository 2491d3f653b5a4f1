/* SPDX-License-Identifier: MIT */
/* The files of a process's machine as a file system of the host: fuse.c, if libfuse is there. */
#ifndef LIVE_PROC_H
#define LIVE_PROC_H

#include <stdbool.h>
#include <sys/types.h>

extern const bool proc_fs_is_built;

/*
 * Start a process that answers for a FUSE file system, whose other end is @fd, with the
 * files of machine @machine of process @pid, each by its path (/proc/slabinfo).
 * Return: that process, which ends when it is sent SIGTERM; -1 after saying why, as
 * "@command: ...".
 */
pid_t proc_fs_serve(const char *command, int fd, pid_t pid, unsigned int machine);

#endif
