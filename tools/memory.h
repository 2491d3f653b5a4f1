/* SPDX-License-Identifier: MIT */
/*
 * Memory of the command itself. A command that runs out of it can only say so:
 * these end the program with status 1 instead of returning NULL.
 */
#ifndef TOOLS_MEMORY_H
#define TOOLS_MEMORY_H

#include <stddef.h>

/* @count zeroed elements of @size bytes; free() gives them back. */
void *memory_new(size_t count, size_t size);

/*
 * Make @array, of *@capacity elements of @size bytes, hold at least @need.
 * New elements are zeroed. Return: the array, moved perhaps.
 */
void *memory_grow(void *array, size_t *capacity, size_t need, size_t size);

/* A terminated copy of text[0..len). */
char *memory_text(const char *text, size_t len);

#endif
