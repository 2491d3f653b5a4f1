/* SPDX-License-Identifier: MIT */
/*
 * How much of the process is in memory. Code and other files are left out: what of a
 * library's code has been touched is not memory that its allocator uses. A machine's
 * frames count as shared memory, once, though they may be mapped at two addresses.
 */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>

struct resident {
	long private_bytes; /* anonymous memory */
	long shared_bytes;  /* of memfds: of libkalloc, the frames */
};

/* Value: false if the host does not tell. Allocates nothing. */
bool resident_read(struct resident *resident);

#endif
