/* SPDX-License-Identifier: MIT */
/*
 * Memory of users, which is the program's own: copies of it, and accesses that may meet an
 * address that is bad (asm/uaccess.h).
 */
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* A page of a user's may have to be fetched. */
void __might_fault(const char *file, int line)
{
	if (!pagefault_disabled())
		__might_sleep(file, line);
}

long copy_from_kernel_nofault(void *to, const void *from, size_t len)
{
	return host_copy(to, from, len) ? -EFAULT : 0;
}

long copy_to_kernel_nofault(void *to, const void *from, size_t len)
{
	return host_copy(to, from, len) ? -EFAULT : 0;
}

long copy_from_user_nofault(void *to, const void __user *from, size_t len)
{
	return access_ok(from, len) && !raw_copy_from_user(to, from, len) ? 0 : -EFAULT;
}

long copy_to_user_nofault(void __user *to, const void *from, size_t len)
{
	return access_ok(to, len) && !raw_copy_to_user(to, from, len) ? 0 : -EFAULT;
}

/* @len bytes of a user's, with @more zeroed ones behind them. */
static void *user_dup(const void __user *from, size_t len, size_t more)
{
	char *copy = kmalloc_track_caller(size_add(len, more), GFP_USER);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, from, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	memset(copy + len, 0, more);
	return copy;
}

void *memdup_user_nul(const void __user *from, size_t len)
{
	return user_dup(from, len, 1);
}

void *memdup_user(const void __user *from, size_t len)
{
	return user_dup(from, len, 0);
}

void *vmemdup_user(const void __user *from, size_t len)
{
	void *copy = kvmalloc(len, GFP_USER);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, from, len)) {
		kvfree(copy);
		return ERR_PTR(-EFAULT);
	}
	return copy;
}

char *strndup_user(const char __user *from, long most)
{
	long len = strnlen_user(from, most); /* with what ends it */

	if (!len)
		return ERR_PTR(-EFAULT);
	if (len > most)
		return ERR_PTR(-EINVAL);
	return user_dup(from, (size_t)len - 1, 1);
}
