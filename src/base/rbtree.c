/* SPDX-License-Identifier: MIT */
#include "rbtree.h"

static bool is_red(const struct rb_node *node)
{
	return node && node->red;
}

static enum rb_side side_of(const struct rb_node *node)
{
	return node->parent->child[RB_RIGHT] == node ? RB_RIGHT : RB_LEFT;
}

static enum rb_side opposite(enum rb_side side)
{
	return side == RB_LEFT ? RB_RIGHT : RB_LEFT;
}

static void set_child(struct rb_node *parent, enum rb_side side, struct rb_node *child)
{
	parent->child[side] = child;
	if (child)
		child->parent = parent;
}

/* Hang @new where @old hangs; @old keeps its own pointers. */
static void take_place(struct rbtree *tree, const struct rb_node *old, struct rb_node *new)
{
	if (old->parent) {
		set_child(old->parent, side_of(old), new);
		return;
	}
	tree->root = new;
	if (new)
		new->parent = NULL;
}

/* @top goes down on @side, its other child comes up in its place. */
static void rotate(struct rbtree *tree, struct rb_node *top, enum rb_side side)
{
	enum rb_side other = opposite(side);
	struct rb_node *riser = top->child[other];

	take_place(tree, top, riser);
	set_child(top, other, riser->child[side]);
	set_child(riser, side, top);
	if (tree->update) {
		tree->update(top);
		tree->update(riser);
	}
}

void rbtree_refresh(struct rbtree *tree, struct rb_node *node)
{
	while (node && tree->update && tree->update(node))
		node = node->parent;
}

/* The same where values on the way are out of date, so that none may end it. */
static void refresh_all(struct rbtree *tree, struct rb_node *node)
{
	for (; tree->update && node; node = node->parent)
		tree->update(node);
}

/* @node is red and its parent may be: push the conflict up until it can be rotated away. */
static void settle_insert(struct rbtree *tree, struct rb_node *node)
{
	struct rb_node *parent;

	while ((parent = node->parent) && parent->red) {
		struct rb_node *grand = parent->parent; /* there is one: the root is black */
		enum rb_side side = side_of(parent);
		struct rb_node *uncle = grand->child[opposite(side)];

		grand->red = true;
		if (is_red(uncle)) {
			parent->red = false;
			uncle->red = false;
			node = grand;
			continue;
		}
		if (side_of(node) != side) {
			rotate(tree, parent, side);
			parent = node;
		}
		parent->red = false;
		rotate(tree, grand, opposite(side));
		break;
	}
	tree->root->red = false;
}

void rbtree_insert_before(struct rbtree *tree, struct rb_node *node, struct rb_node *next)
{
	struct rb_node *prev = next ? rbtree_prev(next) : rbtree_last(tree);

	*node = (struct rb_node){ .red = true };
	if (next && !next->child[RB_LEFT])
		set_child(next, RB_LEFT, node);
	else if (prev)
		set_child(prev, RB_RIGHT, node);
	else
		tree->root = node;
	if (tree->update)
		tree->update(node);
	rbtree_refresh(tree, node->parent);
	settle_insert(tree, node);
}

/* The subtree on @side of @parent is one black node short on every path. */
static void settle_erase(struct rbtree *tree, struct rb_node *parent, enum rb_side side)
{
	for (;;) {
		enum rb_side other = opposite(side);
		struct rb_node *sibling = parent->child[other];

		if (sibling->red) {
			sibling->red = false;
			parent->red = true;
			rotate(tree, parent, side);
			sibling = parent->child[other];
		}
		if (is_red(sibling->child[side]) && !is_red(sibling->child[other])) {
			sibling->red = true;
			sibling->child[side]->red = false;
			rotate(tree, sibling, other);
			sibling = parent->child[other];
		}
		if (is_red(sibling->child[other])) {
			sibling->red = parent->red;
			sibling->child[other]->red = false;
			parent->red = false;
			rotate(tree, parent, side);
			return;
		}
		sibling->red = true;
		if (parent->red || !parent->parent) {
			parent->red = false;
			return;
		}
		side = side_of(parent);
		parent = parent->parent;
	}
}

static struct rb_node *outermost(struct rb_node *node, enum rb_side side)
{
	while (node && node->child[side])
		node = node->child[side];
	return node;
}

/* Exchange @node, which has two children, with its successor, which has no left one. */
static void sink(struct rbtree *tree, struct rb_node *node)
{
	struct rb_node *next = outermost(node->child[RB_RIGHT], RB_LEFT);
	struct rb_node *parent = next->parent, *right = next->child[RB_RIGHT];
	bool red = next->red;

	take_place(tree, node, next);
	next->red = node->red;
	set_child(next, RB_LEFT, node->child[RB_LEFT]);
	if (parent == node) {
		set_child(next, RB_RIGHT, node);
	} else {
		set_child(next, RB_RIGHT, node->child[RB_RIGHT]);
		set_child(parent, RB_LEFT, node);
	}
	node->red = red;
	set_child(node, RB_RIGHT, right);
	node->child[RB_LEFT] = NULL;
}

void rbtree_erase(struct rbtree *tree, struct rb_node *node)
{
	struct rb_node *child, *parent;
	enum rb_side side;

	if (node->child[RB_LEFT] && node->child[RB_RIGHT])
		sink(tree, node);
	child = node->child[RB_LEFT] ? node->child[RB_LEFT] : node->child[RB_RIGHT];
	parent = node->parent;
	side = parent ? side_of(node) : RB_LEFT;

	take_place(tree, node, child);
	refresh_all(tree, parent);
	/* An only child is red and its parent black, or the paths would differ. */
	if (child)
		child->red = false;
	else if (parent && !node->red)
		settle_erase(tree, parent, side);
}

void rbtree_replace(struct rbtree *tree, const struct rb_node *old, struct rb_node *new)
{
	*new = *old;
	for (int side = RB_LEFT; side <= RB_RIGHT; side++)
		set_child(new, (enum rb_side)side, old->child[side]);
	take_place(tree, old, new);
}

struct rb_node *rbtree_first(const struct rbtree *tree)
{
	return outermost(tree->root, RB_LEFT);
}

struct rb_node *rbtree_last(const struct rbtree *tree)
{
	return outermost(tree->root, RB_RIGHT);
}

static struct rb_node *neighbour(const struct rb_node *node, enum rb_side side)
{
	if (node->child[side])
		return outermost(node->child[side], opposite(side));
	while (node->parent && side_of(node) == side)
		node = node->parent;
	return node->parent;
}

struct rb_node *rbtree_next(const struct rb_node *node)
{
	return neighbour(node, RB_RIGHT);
}

struct rb_node *rbtree_prev(const struct rb_node *node)
{
	return neighbour(node, RB_LEFT);
}

/* Black nodes on each path down from @node, or -1 if something below is wrong. */
static int black_height(const struct rbtree *tree, struct rb_node *node)
{
	int below[2];

	if (!node)
		return 0;
	for (int side = RB_LEFT; side <= RB_RIGHT; side++) {
		struct rb_node *child = node->child[side];

		if (child && (child->parent != node || (node->red && child->red)))
			return -1;
		below[side] = black_height(tree, child);
	}
	if (below[RB_LEFT] < 0 || below[RB_LEFT] != below[RB_RIGHT])
		return -1;
	if (tree->update && tree->update(node))
		return -1;
	return below[RB_LEFT] + !node->red;
}

bool rbtree_ok(const struct rbtree *tree)
{
	if (!tree->root)
		return true;
	return !tree->root->parent && !tree->root->red && black_height(tree, tree->root) >= 0;
}
