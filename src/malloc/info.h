/* SPDX-License-Identifier: MIT */
/* Info: mallinfo2() of the machine, read off its files. */
#ifndef MALLOC_INFO_H
#define MALLOC_INFO_H

#include <malloc.h>

/*
 *   arena     bytes of slabs and blocks of kmalloc's
 *   uordblks  of those, bytes in objects and blocks; an object that a CPU has at hand counts
 *             as in use, as /proc/slabinfo says
 *   ordblks, fordblks  objects that are free, and their bytes
 *   hblks, hblkhd      areas of vmalloc, and their bytes
 */
struct mallinfo2 info_now(void);

#endif
