/* SPDX-License-Identifier: MIT */
/*
 * The program's own memory stands for that of users. An address that cannot be accessed is
 * the same error as in a kernel: the copy ends there (host/user.c).
 */
#ifndef _ASM_UACCESS_H
#define _ASM_UACCESS_H

#include <linux/types.h>
#include <asm/processor.h>
#include <kalloc/kernel/host.h>

#define untagged_addr(addr) (addr)

static inline unsigned long raw_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return host_copy(to, (const void __force *)from, n);
}

static inline unsigned long raw_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return host_copy((void __force *)to, from, n);
}

#define INLINE_COPY_FROM_USER
#define INLINE_COPY_TO_USER

#define __clear_user(to, n) host_clear((void __force *)(to), (n))

#include <asm-generic/uaccess.h>

#endif
