/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees threaded through the objects they hold, with a value per
 * subtree (an *augmented* tree): whatever can be computed from a node and its
 * two children, such as the largest of something below.
 *
 * The tree does no comparing. A new node goes before one that the caller names,
 * and searches walk root and child[] themselves, so the order is the caller's:
 * child[RB_LEFT] before node before child[RB_RIGHT].
 *
 * Invariants, which rbtree_ok() walks: the root is black; a red node has no red
 * child; every path from a node down to a missing child passes the same number of
 * black nodes, so the height is at most 2 log2(n + 1); each node's subtree value is what
 * update() makes of its children's.
 *
 * No locking: the caller's lock protects the whole tree.
 */
#ifndef BASE_RBTREE_H
#define BASE_RBTREE_H

#include "base.h"

enum rb_side {
	RB_LEFT,
	RB_RIGHT
};

struct rb_node {
	struct rb_node *parent; /* NULL at the root */
	struct rb_node *child[2];
	bool red;
};

struct rbtree {
	struct rb_node *root;
	/*
	 * Recompute @node's subtree value from its own and its children's; true if
	 * that changed it. NULL for a tree without subtree values.
	 */
	bool (*update)(struct rb_node *node);
};

/* Put @node right before @next in the order; @next NULL: at the end. O(log n). */
void rbtree_insert_before(struct rbtree *tree, struct rb_node *node, struct rb_node *next);

/* Take @node out. Its fields are left as they were. O(log n). */
void rbtree_erase(struct rbtree *tree, struct rb_node *node);

/* Put @new, which has the same value of its own, in @old's place. O(1). */
void rbtree_replace(struct rbtree *tree, const struct rb_node *old, struct rb_node *new);

/* @node's own value changed: bring the subtree values up to the root up to date. */
void rbtree_refresh(struct rbtree *tree, struct rb_node *node);

/* Ends of the order; NULL if the tree is empty. */
struct rb_node *rbtree_first(const struct rbtree *tree);
struct rb_node *rbtree_last(const struct rbtree *tree);

/* Neighbours in the order; NULL past the end. */
struct rb_node *rbtree_next(const struct rb_node *node);
struct rb_node *rbtree_prev(const struct rb_node *node);

/* Walk the whole tree; true if every invariant above holds. O(n). */
bool rbtree_ok(const struct rbtree *tree);

#define rb_entry(ptr, type, member) container_of(ptr, type, member)

#endif
