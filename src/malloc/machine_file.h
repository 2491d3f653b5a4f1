/* SPDX-License-Identifier: MIT */
/* Machine file: an emulated file of the current machine, read whole into memory of the host's. */
#ifndef MALLOC_MACHINE_FILE_H
#define MALLOC_MACHINE_FILE_H

#include <stddef.h>

struct machine_file {
	char *start; /* terminated; NULL: it cannot be read, or the host has no memory */
	size_t len;
	size_t bytes;
};

struct machine_file machine_file_take(const char *path);
void machine_file_give(const struct machine_file *file);

/* The number behind @name in a text of lines "name: number"; 0 if it is not there. */
unsigned long machine_file_number(const char *text, const char *name);

#endif
