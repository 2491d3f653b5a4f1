/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdarg.h>
#include <stddef.h>
#include <linux/compiler_types.h>

typedef _Bool bool;
enum {
	false = 0,
	true = 1
};

typedef signed char s8, __s8;
typedef unsigned char u8, __u8, unchar;
typedef short s16, __s16;
typedef unsigned short u16, __u16, ushort, umode_t;
typedef int s32, __s32;
typedef unsigned int u32, __u32, uint;
typedef long long s64, __s64, loff_t;
typedef unsigned long long u64, __u64;
typedef unsigned long ulong, uintptr_t, __kernel_size_t, pgoff_t;
typedef long ssize_t, intptr_t, __kernel_long_t;

typedef s8 int8_t;
typedef u8 uint8_t;
typedef s16 int16_t;
typedef u16 uint16_t;
typedef s32 int32_t;
typedef u32 uint32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT64_TYPE__ uint64_t;

typedef int pid_t;
typedef unsigned int gfp_t, slab_flags_t, fmode_t;
typedef u64 phys_addr_t, dma_addr_t, sector_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

typedef struct {
	long counter;
} atomic_long_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
} __attribute__((__aligned__(sizeof(void *))));
#define rcu_head callback_head

typedef void (*rcu_callback_t)(struct rcu_head *head);

#endif
