/* SPDX-License-Identifier: MIT */
/*
 * Alone: whether the process has one thread only. The C library knows (glibc since
 * 2.32), and what nobody can see half done needs no locked instruction. Another thread
 * can only come from one that is outside every lock, and finds them as they were left.
 */
#ifndef PLAT_ALONE_H
#define PLAT_ALONE_H

#include "base.h"

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#else
#define __libc_single_threaded 0
#endif

static inline bool is_alone(void)
{
	return likely(__libc_single_threaded);
}

#endif
