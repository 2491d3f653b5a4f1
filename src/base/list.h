/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked lists threaded through the objects they hold. An empty
 * list is a head that points at itself; a node that is on no list points at
 * itself too (list_del leaves it so), and list_empty(node) says which.
 *
 * list_empty(head) may be asked without the lock that protects the list; the answer
 * is then a guess. For that alone the next pointers are stored and read whole. (A new
 * node's two pointers are stored singly for speed: what is written as one and read in
 * parts soon after has to be waited for.)
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base.h"

#define LIST_INIT(head)          \
	{                        \
		&(head), &(head) \
	}

static inline void list_init(struct list_head *head)
{
	head->prev = head;
	WRITE_ONCE(head->next, head);
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

static inline void list_insert(struct list_head *node, struct list_head *prev,
			       struct list_head *next)
{
	WRITE_ONCE(node->prev, prev);
	WRITE_ONCE(node->next, next);
	WRITE_ONCE(prev->next, node);
	next->prev = node;
}

/* Insert at the head. */
static inline void list_add(struct list_head *node, struct list_head *head)
{
	list_insert(node, head, head->next);
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	list_insert(node, head->prev, head);
}

/* Take a node off its list; its own two pointers are left for the caller to overwrite. */
static inline void list_unlink(const struct list_head *node)
{
	struct list_head *prev = node->prev, *next = node->next;

	next->prev = prev;
	WRITE_ONCE(prev->next, next);
}

static inline void list_del(struct list_head *node)
{
	list_unlink(node);
	list_init(node);
}

/*
 * Take the first node off a list; its own two pointers are left for the caller to overwrite.
 * Return: NULL if there is none.
 */
static inline struct list_head *list_pop(struct list_head *head)
{
	struct list_head *node = READ_ONCE(head->next), *next = node->next;

	if (node == head)
		return NULL;
	next->prev = head;
	WRITE_ONCE(head->next, next);
	return node;
}

static inline void list_move(struct list_head *node, struct list_head *head)
{
	list_del(node);
	list_add(node, head);
}

static inline void list_move_tail(struct list_head *node, struct list_head *head)
{
	list_del(node);
	list_add_tail(node, head);
}

/* Move all of @from to the head of @to; @from ends empty. */
static inline void list_splice_init(struct list_head *from, struct list_head *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to;
	WRITE_ONCE(from->prev->next, to->next);
	to->next->prev = from->prev;
	WRITE_ONCE(to->next, from->next);
	list_init(from);
}

/* True if following either direction from @head comes back after the same number of steps. */
static inline bool list_ok(const struct list_head *head)
{
	const struct list_head *node = head;

	do {
		if (node->next->prev != node || node->prev->next != node)
			return false;
		node = node->next;
	} while (node != head);
	return true;
}

#define list_entry(ptr, type, member)	     container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)  list_entry((head)->prev, type, member)
#define list_first_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))

/*
 * The link inside @pos. At the end of a walk @pos stands for the head, where there
 * is no object and perhaps not its alignment, so nothing of it may be named.
 */
#define list_link(pos, member) \
	((struct list_head *)((char *)(pos) + offsetof(__typeof__(*(pos)), member)))

#define list_for_each_entry(pos, head, member)                         \
	for (pos = list_entry((head)->next, __typeof__(*pos), member); \
	     list_link(pos, member) != (head);                         \
	     pos = list_entry(list_link(pos, member)->next, __typeof__(*pos), member))

#define list_for_each_entry_reverse(pos, head, member)                 \
	for (pos = list_entry((head)->prev, __typeof__(*pos), member); \
	     list_link(pos, member) != (head);                         \
	     pos = list_entry(list_link(pos, member)->prev, __typeof__(*pos), member))

/* As list_for_each_entry, but @pos may be removed in the body. */
#define list_for_each_entry_safe(pos, tmp, head, member)                              \
	for (pos = list_entry((head)->next, __typeof__(*pos), member),                \
	    tmp = list_entry(list_link(pos, member)->next, __typeof__(*pos), member); \
	     list_link(pos, member) != (head);                                        \
	     pos = tmp, tmp = list_entry(list_link(tmp, member)->next, __typeof__(*pos), member))

#endif
