/* SPDX-License-Identifier: MIT */
/*
 * The tree's lib/btree.c over libkalloc: what was put in is found, in order, and nothing else,
 * for each kind of key; every node comes from its cache and goes back, and an insertion for
 * which there is no memory changes nothing.
 */
#include <linux/btree.h>
#include <linux/mempool.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <kunit/test.h>

#include "below.h"

#define NR 3000ul

/* Nodes as they are taken from the tree's own cache and given back. */
static long nr_nodes;

static void *node_alloc(gfp_t gfp, void *data)
{
	void *node = btree_alloc(gfp, data);

	nr_nodes += node != NULL;
	return node;
}

static void node_free(void *node, void *data)
{
	nr_nodes--;
	btree_free(node, data);
}

static mempool_t *nodes;

static int tree_setup(struct kunit *test)
{
	nr_nodes = 0;
	nodes = mempool_create(0, node_alloc, node_free, NULL);
	KUNIT_ASSERT_NOT_NULL(test, nodes);
	return 0;
}

static void tree_teardown(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, nr_nodes, 0l);
	mempool_destroy(nodes);
}

/* The i-th of different keys in no order, none of them 0; its value. */
static u32 key_of(unsigned long i)
{
	return (u32)(i + 1) * 2654435761u;
}

static void *value_of(unsigned long i)
{
	return (void *)(i * 8 + 8);
}

/* What an empty tree has left is its root. */
static void tree_end(struct btree_head *tree)
{
	mempool_free(tree->node, nodes);
}

static void keys_of_a_word(struct kunit *test)
{
	struct btree_headl tree;
	unsigned long i, key, last = ULONG_MAX, nr = 0;
	void *value;

	btree_init_mempooll(&tree, nodes);
	KUNIT_EXPECT_NULL(test, btree_lookupl(&tree, 1));
	for (i = 0; i < NR; i++)
		KUNIT_ASSERT_EQ(test, btree_insertl(&tree, key_of(i), value_of(i), GFP_KERNEL), 0);
	for (i = 0; i < NR; i++)
		KUNIT_EXPECT_PTR_EQ(test, btree_lookupl(&tree, key_of(i)), value_of(i));
	KUNIT_EXPECT_NULL(test, btree_lookupl(&tree, key_of(NR)));
	/* From the largest key down. */
	for (value = btree_lastl(&tree, &key); value; value = btree_get_prevl(&tree, &key)) {
		KUNIT_EXPECT_LT(test, key, last);
		KUNIT_EXPECT_PTR_EQ(test, value, btree_lookupl(&tree, key));
		last = key;
		nr++;
	}
	KUNIT_EXPECT_EQ(test, nr, NR);
	/* Nodes of 128 bytes hold 8 pairs, and no two neighbours have room for each other. */
	KUNIT_EXPECT_GE(test, nr_nodes, (long)(NR / 8));
	KUNIT_EXPECT_LE(test, nr_nodes, (long)NR);
	for (i = 0; i < NR; i += 2)
		KUNIT_EXPECT_PTR_EQ(test, btree_removel(&tree, key_of(i)), value_of(i));
	KUNIT_EXPECT_NULL(test, btree_removel(&tree, key_of(0)));
	for (i = 0; i < NR; i++)
		KUNIT_EXPECT_PTR_EQ(test, btree_lookupl(&tree, key_of(i)),
				    i % 2 ? value_of(i) : NULL);
	for (i = 1; i < NR; i += 2)
		btree_removel(&tree, key_of(i));
	KUNIT_EXPECT_NULL(test, btree_lastl(&tree, &key));
	KUNIT_EXPECT_LE(test, nr_nodes, 1l);
	tree_end(&tree.h);
}

static void keys_of_32_bits_and_of_64(struct kunit *test)
{
	struct btree_head32 narrow;
	struct btree_head64 wide;
	unsigned long i;
	u32 first;

	btree_init_mempool32(&narrow, nodes);
	btree_init_mempool64(&wide, nodes);
	for (i = 0; i < NR; i++) {
		KUNIT_ASSERT_EQ(test, btree_insert32(&narrow, key_of(i), value_of(i), GFP_KERNEL),
				0);
		KUNIT_ASSERT_EQ(
			test, btree_insert64(&wide, (u64)key_of(i) << 32, value_of(i), GFP_KERNEL),
			0);
	}
	KUNIT_EXPECT_EQ(test, btree_update32(&narrow, key_of(7), value_of(NR)), 0);
	KUNIT_EXPECT_EQ(test, btree_update32(&narrow, key_of(NR), value_of(NR)), -ENOENT);
	KUNIT_EXPECT_PTR_EQ(test, btree_lookup32(&narrow, key_of(7)), value_of(NR));
	KUNIT_EXPECT_NOT_NULL(test, btree_last32(&narrow, &first));
	for (i = 0; i < NR; i++) {
		KUNIT_EXPECT_LE(test, key_of(i), first);
		KUNIT_EXPECT_NOT_NULL(test, btree_remove32(&narrow, key_of(i)));
		KUNIT_EXPECT_NULL(test, btree_lookup64(&wide, key_of(i)));
		KUNIT_EXPECT_PTR_EQ(test, btree_remove64(&wide, (u64)key_of(i) << 32), value_of(i));
	}
	tree_end(&narrow.h);
	tree_end(&wide.h);
}

static size_t nr_visited;

static void visit(void *value, unsigned long opaque, u64 key1, u64 key2, size_t index)
{
	/* value_of(key2), which is what was put there, with key_of() in front. */
	if (value == value_of(key2) && key1 == key_of(key2) % 16 && opaque == 5 &&
	    index == nr_visited)
		nr_visited++;
}

static void keys_of_128_bits_are_visited(struct kunit *test)
{
	struct btree_head128 tree;
	unsigned long i;

	nr_visited = 0;
	btree_init_mempool128(&tree, nodes);
	for (i = 0; i < NR; i++)
		KUNIT_ASSERT_EQ(test,
				btree_insert128(&tree, key_of(i) % 16, i, value_of(i), GFP_KERNEL),
				0);
	KUNIT_EXPECT_PTR_EQ(test, btree_lookup128(&tree, key_of(9) % 16, 9), value_of(9));
	KUNIT_EXPECT_NULL(test, btree_lookup128(&tree, key_of(9) % 16 + 1, 9));
	KUNIT_EXPECT_EQ(test, btree_visitor128(&tree, 5, visit), (size_t)NR);
	KUNIT_EXPECT_EQ(test, nr_visited, (size_t)NR);
	nr_visited = 0;
	/* This one takes the tree down. */
	KUNIT_EXPECT_EQ(test, btree_grim_visitor128(&tree, 5, visit), (size_t)NR);
	KUNIT_EXPECT_EQ(test, nr_visited, (size_t)NR);
	KUNIT_EXPECT_NULL(test, tree.h.node);
}

static void one_tree_takes_in_another(struct kunit *test)
{
	struct btree_headl tree, other;
	unsigned long i, key;

	btree_init_mempooll(&tree, nodes);
	btree_init_mempooll(&other, nodes);
	for (i = 0; i < NR; i++)
		KUNIT_ASSERT_EQ(test,
				btree_insertl(i % 3 ? &other : &tree, key_of(i), value_of(i),
					      GFP_KERNEL),
				0);
	KUNIT_EXPECT_EQ(test, btree_mergel(&tree, &other, GFP_KERNEL), 0);
	KUNIT_EXPECT_NULL(test, btree_lastl(&other, &key));
	for (i = 0; i < NR; i++)
		KUNIT_EXPECT_PTR_EQ(test, btree_removel(&tree, key_of(i)), value_of(i));
	tree_end(&tree.h);
	tree_end(&other.h);
}

/* Each request of each insertion fails once. */
static void an_insertion_that_fails_changes_nothing(struct kunit *test)
{
	struct btree_headl tree;
	unsigned long i, j, nr_failed = 0;
	unsigned int nth;
	long before;
	int error;

	btree_init_mempooll(&tree, nodes);
	for (i = 0; i < NR; i++) {
		for (nth = 1;; nth++) {
			before = nr_nodes;
			fail_begin(nth);
			error = btree_insertl(&tree, key_of(i), value_of(i), GFP_NOWAIT);
			if (!fail_end() || !error)
				break;
			nr_failed++;
			KUNIT_EXPECT_EQ(test, error, -ENOMEM);
			KUNIT_EXPECT_EQ(test, nr_nodes, before);
			KUNIT_EXPECT_NULL(test, btree_lookupl(&tree, key_of(i)));
			for (j = i % 7; j < i; j += 7)
				KUNIT_ASSERT_PTR_EQ(test, btree_lookupl(&tree, key_of(j)),
						    value_of(j));
		}
		KUNIT_ASSERT_EQ(test, error, 0);
	}
	/* A node is one request, and one more whenever the library's cache needs a slab. */
	KUNIT_EXPECT_GE(test, nr_failed, (unsigned long)nr_nodes);
	for (i = 0; i < NR; i++)
		KUNIT_EXPECT_PTR_EQ(test, btree_removel(&tree, key_of(i)), value_of(i));
	tree_end(&tree.h);
}

/* btree_init() has a pool of its own. */
static void a_tree_that_cannot_be_made_is_none(struct kunit *test)
{
	struct btree_headl tree;

	fail_begin(1);
	KUNIT_EXPECT_EQ(test, btree_initl(&tree), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, fail_end());
	KUNIT_ASSERT_EQ(test, btree_initl(&tree), 0);
	KUNIT_EXPECT_EQ(test, btree_insertl(&tree, 1, &tree, GFP_KERNEL), 0);
	btree_destroyl(&tree);
}

static struct kunit_case btree_cases[] = {
	KUNIT_CASE(keys_of_a_word),
	KUNIT_CASE(keys_of_32_bits_and_of_64),
	KUNIT_CASE(keys_of_128_bits_are_visited),
	KUNIT_CASE(one_tree_takes_in_another),
	KUNIT_CASE(an_insertion_that_fails_changes_nothing),
	KUNIT_CASE(a_tree_that_cannot_be_made_is_none),
	{},
};

static struct kunit_suite btree_suite = {
	.name = "btree",
	.init = tree_setup,
	.exit = tree_teardown,
	.test_cases = btree_cases,
};
kunit_test_suite(btree_suite);

MODULE_LICENSE("Dual MIT/GPL");
