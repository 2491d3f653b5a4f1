/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ALIGN_H
#define _LINUX_ALIGN_H

#define ALIGN(x, to)	   (((x) + ((__typeof__(x))(to)-1)) & ~((__typeof__(x))(to)-1))
#define ALIGN_DOWN(x, to)  ((x) & ~((__typeof__(x))(to)-1))
#define PTR_ALIGN(ptr, to) ((__typeof__(ptr))ALIGN((unsigned long)(ptr), (to)))
#define IS_ALIGNED(x, to)  (((x) & ((__typeof__(x))(to)-1)) == 0)

#endif
