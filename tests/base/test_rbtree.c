/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/rbtree.c: the order asked for is the order kept, every
 * invariant holds after every single step of ascending, descending and random
 * insertion and removal, subtree values follow, and the validity walk notices
 * each kind of damage it exists to notice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rand.h"
#include "base/rbtree.h"

#define NR_ITEMS 200

struct item {
	struct rb_node node;
	unsigned long key;
	unsigned long largest; /* subtree value: the largest key */
	bool in;
};

static unsigned long largest_of(const struct rb_node *node)
{
	return node ? rb_entry(node, struct item, node)->largest : 0;
}

static bool item_update(struct rb_node *node)
{
	struct item *item = rb_entry(node, struct item, node);
	unsigned long below =
		max(largest_of(node->child[RB_LEFT]), largest_of(node->child[RB_RIGHT]));
	unsigned long largest = max(item->key, below);
	bool changed = item->largest != largest;

	item->largest = largest;
	return changed;
}

static void insert_sorted(struct rbtree *tree, struct item *item)
{
	struct rb_node *next = NULL, *node = tree->root;

	while (node) {
		if (rb_entry(node, struct item, node)->key > item->key) {
			next = node;
			node = node->child[RB_LEFT];
		} else {
			node = node->child[RB_RIGHT];
		}
	}
	rbtree_insert_before(tree, &item->node, next);
	item->in = true;
}

static void erase(struct rbtree *tree, struct item *item)
{
	rbtree_erase(tree, &item->node);
	item->in = false;
}

/* Both directions give exactly the items that are in, in order of their keys. */
static void check_order(const struct rbtree *tree, const struct item *items, unsigned int nr)
{
	const struct rb_node *node = rbtree_first(tree), *last = NULL;

	for (unsigned int i = 0; i < nr; i++) {
		if (!items[i].in)
			continue;
		assert_ptr_equal(node, &items[i].node);
		assert_ptr_equal(rbtree_prev(node), last);
		last = node;
		node = rbtree_next(node);
	}
	assert_null(node);
	assert_ptr_equal(rbtree_last(tree), last);
}

static void check(const struct rbtree *tree, const struct item *items, unsigned int nr)
{
	unsigned long most = 0;

	assert_true(rbtree_ok(tree));
	check_order(tree, items, nr);
	for (unsigned int i = 0; i < nr; i++)
		most = items[i].in ? max(most, items[i].key) : most;
	assert_int_equal(largest_of(tree->root), most);
}

static void items_init(struct item *items, unsigned int nr)
{
	memset(items, 0, nr * sizeof(*items));
	for (unsigned int i = 0; i < nr; i++)
		items[i].key = i + 1;
}

static void test_empty(void **state)
{
	struct rbtree tree = { .update = item_update };

	assert_true(rbtree_ok(&tree));
	assert_null(rbtree_first(&tree));
	assert_null(rbtree_last(&tree));
}

static void test_ascending_and_descending(void **state)
{
	struct rbtree tree = { .update = item_update };
	struct item items[NR_ITEMS];

	items_init(items, NR_ITEMS);
	for (unsigned int i = 0; i < NR_ITEMS; i++) {
		insert_sorted(&tree, &items[i]);
		check(&tree, items, NR_ITEMS);
	}
	for (unsigned int i = 0; i < NR_ITEMS; i++) {
		erase(&tree, &items[i]);
		check(&tree, items, NR_ITEMS);
	}
	for (unsigned int i = NR_ITEMS; i-- > 0;) {
		insert_sorted(&tree, &items[i]);
		check(&tree, items, NR_ITEMS);
	}
	for (unsigned int i = NR_ITEMS; i-- > 0;) {
		erase(&tree, &items[i]);
		check(&tree, items, NR_ITEMS);
	}
	assert_null(tree.root);
}

static void test_random(void **state)
{
	struct rbtree tree = { .update = item_update };
	struct rand rand = { .state = 42 };
	struct item items[NR_ITEMS];

	items_init(items, NR_ITEMS);
	for (unsigned int step = 0; step < 5000; step++) {
		struct item *item = &items[rand_below(&rand, NR_ITEMS)];

		if (item->in)
			erase(&tree, item);
		else
			insert_sorted(&tree, item);
		if (step % 7 == 0)
			check(&tree, items, NR_ITEMS);
	}
}

/* Ascending and descending trees of up to eight nodes, any two removed in any order. */
static void test_small_exhaustive(void **state)
{
	struct item items[8];

	for (unsigned int nr = 1; nr <= 8; nr++) {
		for (unsigned int pick = 0; pick < nr * nr * 2; pick++) {
			struct rbtree tree = { .update = item_update };
			unsigned int a = pick % nr, b = pick / nr % nr;
			bool down = pick >= nr * nr;

			items_init(items, nr);
			for (unsigned int i = 0; i < nr; i++)
				insert_sorted(&tree, &items[down ? nr - 1 - i : i]);
			erase(&tree, &items[a]);
			check(&tree, items, nr);
			if (a != b)
				erase(&tree, &items[b]);
			check(&tree, items, nr);
		}
	}
}

/* Every node of trees of every size is replaced, and all is as it was. */
static void test_replace(void **state)
{
	struct item items[NR_ITEMS], other;

	for (unsigned int nr = 1; nr <= NR_ITEMS; nr++) {
		struct rbtree tree = { .update = item_update };

		items_init(items, NR_ITEMS);
		for (unsigned int i = 0; i < nr; i++)
			insert_sorted(&tree, &items[i]);
		for (unsigned int i = 0; i < nr; i++) {
			other = items[i];
			rbtree_replace(&tree, &items[i].node, &other.node);
			memset(&items[i].node, 0xff, sizeof(items[i].node));
			assert_true(rbtree_ok(&tree));
			rbtree_replace(&tree, &other.node, &items[i].node);
		}
		check(&tree, items, NR_ITEMS);
	}
}

static void test_refresh(void **state)
{
	struct rbtree tree = { .update = item_update };
	struct item items[NR_ITEMS];

	items_init(items, NR_ITEMS);
	for (unsigned int i = 0; i < NR_ITEMS; i++)
		insert_sorted(&tree, &items[i]);
	items[3].key = 1000;
	rbtree_refresh(&tree, &items[3].node);
	assert_int_equal(largest_of(tree.root), 1000);
	items[3].key = 4;
	rbtree_refresh(&tree, &items[3].node);
	assert_int_equal(largest_of(tree.root), NR_ITEMS);
	assert_true(rbtree_ok(&tree));
}

static void test_plain_tree(void **state)
{
	struct rbtree tree = { 0 };
	struct rb_node nodes[20];

	for (int i = 0; i < 20; i++)
		rbtree_insert_before(&tree, &nodes[i], NULL);
	assert_true(rbtree_ok(&tree));
	for (int i = 0; i < 19; i++)
		assert_ptr_equal(rbtree_next(&nodes[i]), &nodes[i + 1]);
	rbtree_refresh(&tree, &nodes[7]);
	for (int i = 0; i < 20; i++)
		rbtree_erase(&tree, &nodes[i]);
	assert_null(tree.root);
}

static void test_walk_notices_damage(void **state)
{
	struct rbtree tree = { .update = item_update };
	struct item items[15];
	struct rb_node *leaf, *parent;

	items_init(items, 15);
	for (unsigned int i = 0; i < 15; i++)
		insert_sorted(&tree, &items[i]);
	leaf = rbtree_last(&tree);
	parent = leaf->parent;
	assert_true(leaf->red);
	assert_false(parent->red);

	leaf->red = false; /* one path has a black node too many */
	assert_false(rbtree_ok(&tree));
	leaf->red = true;
	parent->red = true; /* a red node with a red child */
	assert_false(rbtree_ok(&tree));
	parent->red = false;
	leaf->parent = tree.root;
	assert_false(rbtree_ok(&tree));
	leaf->parent = parent;
	tree.root->red = true;
	assert_false(rbtree_ok(&tree));
	tree.root->red = false;
	assert_true(rbtree_ok(&tree));
	rb_entry(parent, struct item, node)->largest++; /* stale subtree value */
	assert_false(rbtree_ok(&tree));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),	   cmocka_unit_test(test_ascending_and_descending),
		cmocka_unit_test(test_random),	   cmocka_unit_test(test_small_exhaustive),
		cmocka_unit_test(test_replace),	   cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_plain_tree), cmocka_unit_test(test_walk_notices_damage),
	};

	return cmocka_run_group_tests_name("rbtree", tests, NULL, NULL);
}
