/* SPDX-License-Identifier: MIT */
/* Where libkalloc-malloc.so is, and having the dynamic linker load it into every program. */
#ifndef EXEC_PRELOAD_H
#define EXEC_PRELOAD_H

/*
 * Put the library first in LD_PRELOAD. @named: its file; NULL: where the running command was
 * built or installed.
 * Return: the exit status, 0 or STATUS_FAILED after a message that begins with @who.
 */
int preload_set(const char *named, const char *who);

#endif
