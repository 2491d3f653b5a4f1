/* SPDX-License-Identifier: MIT */
/* What include/kalloc asks of the compiler. */
#ifndef _STDDEF_H
#define _STDDEF_H

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

#undef NULL
#define NULL		       ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)

#endif
