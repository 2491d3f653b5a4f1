/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/stddef.h>

#define typeof_member(type, field) __typeof__(((type *)0)->field)

/* The object of @type whose @field is at @ptr. */
#define container_of(ptr, type, field)                                  \
	({                                                              \
		const typeof_member(type, field) *kalloc_field = (ptr); \
                                                                        \
		(type *)((char *)kalloc_field - offsetof(type, field)); \
	})

#define container_of_const(ptr, type, field) container_of(ptr, type, field)

#endif
