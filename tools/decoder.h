/* SPDX-License-Identifier: MIT */
/*
 * Decompression of a stream in steps. The build picks decoder_gz.c or
 * decoder_no_gz.c (likewise xz), as zlib and liblzma are there or not.
 */
#ifndef TOOLS_DECODER_H
#define TOOLS_DECODER_H

#include <stdbool.h>
#include <stddef.h>

enum decoder_result {
	DECODER_MORE, /* wants input or room for output */
	DECODER_END,  /* the stream is complete */
	DECODER_BAD,  /* the data is damaged */
};

struct decoder {
	void *state;
	const unsigned char *in;
	size_t in_left;
	unsigned char *out;
	size_t out_left;
	bool in_ended; /* no input will follow what is in @in */
	enum decoder_result (*step)(struct decoder *decoder);
	void (*fini)(struct decoder *decoder);
};

/* Return: false if this build does not have the library. */
bool decoder_gz(struct decoder *decoder);
bool decoder_xz(struct decoder *decoder);

#endif
