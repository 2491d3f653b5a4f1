/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LIMITS_H
#define _LINUX_LIMITS_H

#define U8_MAX	   ((unsigned char)~0U)
#define S8_MAX	   ((signed char)(U8_MAX >> 1))
#define S8_MIN	   ((signed char)(-S8_MAX - 1))
#define U16_MAX	   ((unsigned short)~0U)
#define S16_MAX	   ((short)(U16_MAX >> 1))
#define S16_MIN	   ((short)(-S16_MAX - 1))
#define U32_MAX	   (~0U)
#define S32_MAX	   ((int)(U32_MAX >> 1))
#define S32_MIN	   (-S32_MAX - 1)
#define U64_MAX	   (~0ULL)
#define S64_MAX	   ((long long)(U64_MAX >> 1))
#define S64_MIN	   (-S64_MAX - 1)
#define USHRT_MAX  U16_MAX
#define SHRT_MAX   S16_MAX
#define UINT_MAX   U32_MAX
#define INT_MAX	   S32_MAX
#define INT_MIN	   S32_MIN
#define ULONG_MAX  (~0UL)
#define LONG_MAX   ((long)(ULONG_MAX >> 1))
#define LONG_MIN   (-LONG_MAX - 1)
#define ULLONG_MAX U64_MAX
#define LLONG_MAX  S64_MAX
#define LLONG_MIN  S64_MIN
#define SIZE_MAX   (~(size_t)0)

#endif
