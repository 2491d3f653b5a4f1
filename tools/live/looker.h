/* SPDX-License-Identifier: MIT */
/*
 * The process that looks (look.h): what it is asked in its arguments, and what it answers
 * on standard output. First a reply for the whole; unless that has an error, one for each
 * file, the bytes of the file behind it.
 */
#ifndef LIVE_LOOKER_H
#define LIVE_LOOKER_H

#include <stdint.h>

/* The name of the command. */
#define LOOKER ".look"

struct look_reply {
	int32_t error; /* errno */
	uint32_t pad;
	uint64_t bytes;
};

/* Bytes of a file, at most: more is nonsense. */
#define LOOK_MOST (1ULL << 32)

#endif
