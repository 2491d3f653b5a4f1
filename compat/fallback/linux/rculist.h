/* SPDX-License-Identifier: MIT */
/* Lists that are read without a lock: an entry is whole before it can be reached. */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	entry->next = head->next;
	entry->prev = head;
	entry->next->prev = entry;
	rcu_assign_pointer(head->next, entry);
}

static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
	list_add_rcu(entry, head->prev);
}

/* Who stands at the entry finds on from there: its next is left. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	node->next = head->first;
	node->pprev = &head->first;
	if (node->next)
		node->next->pprev = &node->next;
	rcu_assign_pointer(head->first, node);
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	__hlist_del(node);
	node->pprev = LIST_POISON2;
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__hlist_del(node);
	node->pprev = NULL;
}

#define list_entry_rcu(ptr, type, field) container_of(rcu_dereference(ptr), type, field)
#define list_for_each_entry_rcu(pos, head, field, ...)                        \
	for ((pos) = list_entry_rcu((head)->next, __typeof__(*(pos)), field); \
	     !list_entry_is_head((pos), (head), field);                       \
	     (pos) = list_entry_rcu((pos)->field.next, __typeof__(*(pos)), field))
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 9, 0)
#define list_for_each_rcu(pos, head)                                 \
	for ((pos) = rcu_dereference((head)->next); (pos) != (head); \
	     (pos) = rcu_dereference((pos)->next))
#define hlist_for_each_entry_rcu(pos, node, head, field)                            \
	for ((node) = rcu_dereference((head)->first);                               \
	     (node) && ((pos) = hlist_entry((node), __typeof__(*(pos)), field), 1); \
	     (node) = rcu_dereference((node)->next))
#else
#define hlist_for_each_entry_rcu(pos, head, field, ...)                                           \
	for ((pos) = hlist_entry_safe(rcu_dereference((head)->first), __typeof__(*(pos)), field); \
	     (pos); (pos) = hlist_entry_safe(rcu_dereference((pos)->field.next),                  \
					     __typeof__(*(pos)), field))
#endif

#endif
