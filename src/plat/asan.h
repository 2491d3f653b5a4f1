/* SPDX-License-Identifier: MIT */
/*
 * The program's AddressSanitizer, where it was made with one: which bytes of the machine
 * nobody may touch now. They are *closed*; all others are open. Only code that is
 * instrumented looks, so the library itself touches what it likes, but must not hand closed
 * memory to functions of the C library, since the sanitizer stands in for those.
 *
 * A library that is instrumented itself would report its own accesses: there is none for it.
 */
#ifndef PLAT_ASAN_H
#define PLAT_ASAN_H

#include "base.h"

bool asan_is_there(void);

/* @at is a multiple of 8 to be closed, and so is what ends an open part of 8 bytes. */
void asan_close(const void *at, size_t bytes);
void asan_open(const void *at, size_t bytes);

bool asan_is_closed(const void *at);

/* Report a write to @at, which ends the program unless it is to go on. */
void asan_report(const void *at);

#endif
