/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <zlib.h>

#include "pack.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes, of which @nr are there, as four digits. */
static void put_three(const unsigned char *bytes, size_t nr, FILE *out)
{
	unsigned int word = (unsigned int)bytes[0] << 16;

	if (nr > 1)
		word |= (unsigned int)bytes[1] << 8;
	if (nr > 2)
		word |= bytes[2];
	fputc(digits[word >> 18], out);
	fputc(digits[word >> 12 & 63], out);
	fputc(nr > 1 ? digits[word >> 6 & 63] : '=', out);
	fputc(nr > 2 ? digits[word & 63] : '=', out);
}

int pack(const char *text, size_t len, FILE *out)
{
	uLongf packed_len = compressBound(len);
	unsigned char *packed = malloc(packed_len);

	if (!packed || compress2(packed, &packed_len, (const Bytef *)text, len, 9) != Z_OK) {
		free(packed);
		return -1;
	}
	for (size_t i = 0; i < packed_len; i += 3)
		put_three(packed + i, packed_len - i, out);
	free(packed);
	return ferror(out) ? -1 : 0;
}
