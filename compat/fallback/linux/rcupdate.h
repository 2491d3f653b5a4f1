/* SPDX-License-Identifier: MIT */
/* Read-copy-update: liburcu's. What waits for readers is called by a thread of its own. */
#ifndef __LINUX_RCUPDATE_H
#define __LINUX_RCUPDATE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/preempt.h>
#include <linux/types.h>
#include <asm/reader.h>

#define rcu_read_lock()				 kalloc_reader_begin()
#define rcu_read_unlock()			 kalloc_reader_end()

#define rcu_dereference(p)			 smp_load_acquire(&(p))
#define rcu_dereference_raw(p)			 rcu_dereference(p)
#define rcu_dereference_check(p, condition)	 rcu_dereference(p)
#define rcu_dereference_protected(p, condition)	 (p)
#define rcu_access_pointer(p)			 READ_ONCE(p)
#define rcu_assign_pointer(p, value)		 smp_store_release(&(p), (value))
#define rcu_replace_pointer(p, value, condition) xchg(&(p), (value))
#define RCU_INIT_POINTER(p, value)		 WRITE_ONCE((p), (value))

void synchronize_rcu(void);
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_barrier(void);

/* Free @object when all readers are gone; @offset: where in it @head is. */
void kalloc_free_rcu(void *object, struct rcu_head *head, size_t offset);

/* With a field of *@ptr that is a struct rcu_head, or, without one, sleeping till then. */
#define KALLOC_FREE_BY(ptr, field) \
	kalloc_free_rcu((ptr), &(ptr)->field, offsetof(__typeof__(*(ptr)), field))
#define KALLOC_FREE_LATE(ptr)			kalloc_free_rcu((ptr), NULL, 0)
#define KALLOC_FREE_FORM(ptr, field, form, ...) form
#define kfree_rcu(...) \
	KALLOC_FREE_FORM(__VA_ARGS__, KALLOC_FREE_BY, KALLOC_FREE_LATE, )(__VA_ARGS__)
#define kvfree_rcu(...) kfree_rcu(__VA_ARGS__)

#endif
