/* SPDX-License-Identifier: MIT */
/*
 * The report as a file: the page of tools/page, which is part of the program, with a
 * document in it.
 */
#ifndef RECORDER_PAGE_FILE_H
#define RECORDER_PAGE_FILE_H

#include <stddef.h>

struct page_file;

/* Make sure that @path can be written, by a file beside it. Return: NULL with errno set. */
struct page_file *page_file_open(const char *path);

/* Write it and put it in place. Return: 0, or -1 with errno set. Either way it is gone. */
int page_file_finish(struct page_file *file, const char *document, size_t len);

/* Leave everything as it was. */
void page_file_drop(struct page_file *file);

#endif
