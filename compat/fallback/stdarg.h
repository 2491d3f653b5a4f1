/* SPDX-License-Identifier: MIT */
/* Arguments of no fixed number: the compiler's own functions. */
#ifndef _LINUX_STDARG_H
#define _LINUX_STDARG_H

typedef __builtin_va_list va_list;

#define va_start(args, last) __builtin_va_start(args, last)
#define va_end(args)	     __builtin_va_end(args)
#define va_arg(args, type)   __builtin_va_arg(args, type)
#define va_copy(to, from)    __builtin_va_copy(to, from)

#endif
