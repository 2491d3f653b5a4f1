/* SPDX-License-Identifier: MIT */
/* Lists without a lock: anybody adds at the front, and one at a time takes from there. */
#ifndef LLIST_H
#define LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name) \
	{                     \
		NULL          \
	}
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

/* Return: whether the list was empty. */
static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first);

	do
		node->next = first;
	while (!try_cmpxchg(&head->first, &first, node));
	return !first;
}

static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

static inline struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *first = smp_load_acquire(&head->first);

	while (first && !try_cmpxchg(&head->first, &first, READ_ONCE(first->next)))
		;
	return first;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL;

	while (node) {
		struct llist_node *next = node->next;

		node->next = reversed;
		reversed = node;
		node = next;
	}
	return reversed;
}

#define llist_entry(ptr, type, field) container_of((ptr), type, field)
#define kalloc_llist_entry(ptr, pos, field)                                                 \
	({                                                                                  \
		struct llist_node *kalloc_lnode = (ptr);                                    \
                                                                                            \
		kalloc_lnode ? llist_entry(kalloc_lnode, __typeof__(*(pos)), field) : NULL; \
	})
#define llist_for_each_entry(pos, node, field)                      \
	for ((pos) = kalloc_llist_entry((node), pos, field); (pos); \
	     (pos) = kalloc_llist_entry((pos)->field.next, pos, field))
#define llist_for_each_entry_safe(pos, later, node, field)                              \
	for ((pos) = kalloc_llist_entry((node), pos, field);                            \
	     (pos) && ((later) = kalloc_llist_entry((pos)->field.next, pos, field), 1); \
	     (pos) = (later))

#endif
