/* SPDX-License-Identifier: MIT */
/* Names by pattern: "*" stands for any text, "?" for any character. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base.h"

/* Whether pattern[0..len) means @name, all of it. */
bool glob_matches(const char *pattern, size_t len, const char *name);

#endif
