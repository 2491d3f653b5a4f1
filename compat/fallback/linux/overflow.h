/* SPDX-License-Identifier: MIT */
/* Arithmetic that says when it overflows; sizes that become too large for any allocator. */
#ifndef __LINUX_OVERFLOW_H
#define __LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/types.h>

#define check_add_overflow(a, b, to) __builtin_add_overflow((a), (b), (to))
#define check_sub_overflow(a, b, to) __builtin_sub_overflow((a), (b), (to))
#define check_mul_overflow(a, b, to) __builtin_mul_overflow((a), (b), (to))

static inline size_t __must_check size_add(size_t a, size_t b)
{
	size_t sum;

	return check_add_overflow(a, b, &sum) ? (size_t)-1 : sum;
}

static inline size_t __must_check size_mul(size_t a, size_t b)
{
	size_t product;

	return check_mul_overflow(a, b, &product) ? (size_t)-1 : product;
}

#define array_size(a, b)	     size_mul((a), (b))
#define array3_size(a, b, c)	     size_mul(size_mul((a), (b)), (c))
#define flex_array_size(p, field, n) size_mul((n), sizeof(*(p)->field))
#define struct_size(p, field, n)     size_add(sizeof(*(p)), flex_array_size(p, field, n))

#endif
