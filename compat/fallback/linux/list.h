/* SPDX-License-Identifier: MIT */
/*
 * Lists: rings through a head that is no entry (list_), and chains that end in NULL, whose
 * entries know what points to them (hlist_), so that a head is one pointer.
 */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>
#include <linux/types.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 0, 0)
#include <linux/prefetch.h>
#endif

#define LIST_HEAD_INIT(name)     \
	{                        \
		&(name), &(name) \
	}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	list->prev = list;
}

static inline void kalloc_list_join(struct list_head *prev, struct list_head *next)
{
	next->prev = prev;
	WRITE_ONCE(prev->next, next);
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	kalloc_list_join(entry, head->next);
	kalloc_list_join(head, entry);
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	list_add(entry, head->prev);
}

static inline void __list_del_entry(struct list_head *entry)
{
	kalloc_list_join(entry->prev, entry->next);
}

static inline void list_del(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *entry)
{
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

static inline void list_replace(struct list_head *old, struct list_head *entry)
{
	kalloc_list_join(entry, old->next);
	kalloc_list_join(old->prev, entry);
}

static inline void list_move(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add_tail(entry, head);
}

static inline int list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

static inline int list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline int list_is_first(const struct list_head *entry, const struct list_head *head)
{
	return entry->prev == head;
}

static inline int list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

static inline int list_is_head(const struct list_head *entry, const struct list_head *head)
{
	return entry == head;
}

/* All of @list behind @at. */
static inline void list_splice(struct list_head *list, struct list_head *at)
{
	if (list_empty(list))
		return;
	kalloc_list_join(list->prev, at->next);
	kalloc_list_join(at, list->next);
}

static inline void list_splice_tail(struct list_head *list, struct list_head *head)
{
	list_splice(list, head->prev);
}

static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	list_splice_tail(list, head);
	INIT_LIST_HEAD(list);
}

#define list_entry(ptr, type, field)	     container_of((ptr), type, field)
#define list_first_entry(head, type, field)  list_entry((head)->next, type, field)
#define list_last_entry(head, type, field)   list_entry((head)->prev, type, field)
#define list_next_entry(pos, field)	     list_entry((pos)->field.next, __typeof__(*(pos)), field)
#define list_prev_entry(pos, field)	     list_entry((pos)->field.prev, __typeof__(*(pos)), field)
#define list_entry_is_head(pos, head, field) (&(pos)->field == (head))
#define list_first_entry_or_null(head, type, field) \
	(list_empty(head) ? NULL : list_first_entry((head), type, field))

#define list_for_each(pos, head) for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)
#define list_for_each_safe(pos, later, head)                               \
	for ((pos) = (head)->next, (later) = (pos)->next; (pos) != (head); \
	     (pos) = (later), (later) = (pos)->next)

#define list_for_each_prev(pos, head) \
	for ((pos) = (head)->prev; (pos) != (head); (pos) = (pos)->prev)
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 14, 0)
#define __list_for_each(pos, head) list_for_each(pos, head)
#endif

#define list_for_each_entry(pos, head, field)                             \
	for ((pos) = list_first_entry((head), __typeof__(*(pos)), field); \
	     !list_entry_is_head((pos), (head), field); (pos) = list_next_entry((pos), field))
#define list_for_each_entry_reverse(pos, head, field)                    \
	for ((pos) = list_last_entry((head), __typeof__(*(pos)), field); \
	     !list_entry_is_head((pos), (head), field); (pos) = list_prev_entry((pos), field))
#define list_for_each_entry_continue(pos, head, field)                                         \
	for ((pos) = list_next_entry((pos), field); !list_entry_is_head((pos), (head), field); \
	     (pos) = list_next_entry((pos), field))
#define list_for_each_entry_safe(pos, later, head, field)                 \
	for ((pos) = list_first_entry((head), __typeof__(*(pos)), field), \
	    (later) = list_next_entry((pos), field);                      \
	     !list_entry_is_head((pos), (head), field);                   \
	     (pos) = (later), (later) = list_next_entry((later), field))

#define HLIST_HEAD_INIT \
	{               \
		NULL    \
	}
#define HLIST_HEAD(name)      struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head) ((void)((head)->first = NULL))

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline int hlist_unhashed(const struct hlist_node *node)
{
	return !READ_ONCE(node->pprev);
}

static inline int hlist_empty(const struct hlist_head *head)
{
	return !READ_ONCE(head->first);
}

/* @node where @at points, which is a head or the next of another node. */
static inline void kalloc_hlist_put(struct hlist_node *node, struct hlist_node **at)
{
	node->next = *at;
	node->pprev = at;
	if (node->next)
		node->next->pprev = &node->next;
	WRITE_ONCE(*at, node);
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	kalloc_hlist_put(node, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
	kalloc_hlist_put(node, next->pprev);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *prev)
{
	kalloc_hlist_put(node, &prev->next);
}

static inline void __hlist_del(struct hlist_node *node)
{
	WRITE_ONCE(*node->pprev, node->next);
	if (node->next)
		node->next->pprev = node->pprev;
}

static inline void hlist_del(struct hlist_node *node)
{
	__hlist_del(node);
	node->next = LIST_POISON1;
	node->pprev = LIST_POISON2;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__hlist_del(node);
	INIT_HLIST_NODE(node);
}

#define hlist_entry(ptr, type, field) container_of((ptr), type, field)
#define hlist_entry_safe(ptr, type, field)                                  \
	({                                                                  \
		__typeof__(ptr) kalloc_node = (ptr);                        \
                                                                            \
		kalloc_node ? hlist_entry(kalloc_node, type, field) : NULL; \
	})

#define hlist_for_each(pos, head) for ((pos) = (head)->first; (pos); (pos) = (pos)->next)
#define hlist_for_each_safe(pos, later, head) \
	for ((pos) = (head)->first; (pos) && ((later) = (pos)->next, 1); (pos) = (later))

/* From node @start on, which may be NULL. */
#define KALLOC_HLIST_EACH(pos, start, field)                                      \
	for ((pos) = hlist_entry_safe((start), __typeof__(*(pos)), field); (pos); \
	     (pos) = hlist_entry_safe((pos)->field.next, __typeof__(*(pos)), field))

/* Before 3.9 the node went along in a variable of its own, and @later is one, too. */
#define KALLOC_HLIST_NODES(pos, node, start, field)                                 \
	for ((node) = (start);                                                      \
	     (node) && ((pos) = hlist_entry((node), __typeof__(*(pos)), field), 1); \
	     (node) = (node)->next)

#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 9, 0)
#define hlist_for_each_entry(pos, node, head, field) \
	KALLOC_HLIST_NODES(pos, node, (head)->first, field)
#define hlist_for_each_entry_continue(pos, node, field) \
	KALLOC_HLIST_NODES(pos, node, (node)->next, field)
#define hlist_for_each_entry_from(pos, node, field) KALLOC_HLIST_NODES(pos, node, node, field)
#define hlist_for_each_entry_safe(pos, node, later, head, field)                                  \
	for ((node) = (head)->first;                                                              \
	     (node) &&                                                                            \
	     ((later) = (node)->next, (pos) = hlist_entry((node), __typeof__(*(pos)), field), 1); \
	     (node) = (later))
#else
#define hlist_for_each_entry(pos, head, field)	  KALLOC_HLIST_EACH(pos, (head)->first, field)
#define hlist_for_each_entry_continue(pos, field) KALLOC_HLIST_EACH(pos, (pos)->field.next, field)
#define hlist_for_each_entry_from(pos, field) \
	for (; (pos); (pos) = hlist_entry_safe((pos)->field.next, __typeof__(*(pos)), field))
#define hlist_for_each_entry_safe(pos, later, head, field)                       \
	for ((pos) = hlist_entry_safe((head)->first, __typeof__(*(pos)), field); \
	     (pos) && ((later) = (pos)->field.next, 1);                          \
	     (pos) = hlist_entry_safe((later), __typeof__(*(pos)), field))
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 17, 0)
#define hlist_add_after(prev, node) hlist_add_behind((node), (prev))
#endif

/* Until 2.6.27 those of RCU were here. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 27)
#include <linux/rculist.h>
#endif

#endif
