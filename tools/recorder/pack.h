/* SPDX-License-Identifier: MIT */
/*
 * A text made smaller, for a place where only text may stand: zlib's format in base64.
 * There is one implementation with zlib and one without, which leaves texts as they are.
 */
#ifndef RECORDER_PACK_H
#define RECORDER_PACK_H

#include <stddef.h>
#include <stdio.h>

/* Return: 0, or -1 if there is no memory or @out fails. */
int pack(const char *text, size_t len, FILE *out);

#endif
