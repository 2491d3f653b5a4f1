/* SPDX-License-Identifier: MIT */
/* The page of tools/page as it was built, made into an array when the program is. */
#ifndef RECORDER_PAGE_TEXT_H
#define RECORDER_PAGE_TEXT_H

#include <stddef.h>

extern const char page_text[];
extern const size_t page_text_len;

#endif
