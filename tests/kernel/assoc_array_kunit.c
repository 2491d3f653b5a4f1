/* SPDX-License-Identifier: MIT */
/*
 * The tree's lib/assoc_array.c over libkalloc: objects are found by keys of two words, also
 * where many begin alike, are replaced, removed and collected, and each is freed once, when no
 * reader can have it any more; an edit for which there is no memory changes nothing.
 */
#include <linux/assoc_array.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <kunit/test.h>

#include "below.h"
#include "threads.h"

#define NR    600u
#define ALIVE 0x5eed5eedu

struct key {
	unsigned long words[2];
};

struct object {
	struct key key;
	unsigned int nr, alive;
	atomic_t refs;
};

static struct assoc_array array;
static atomic_t nr_objects;

/* Many keys have their first word in common, so that there are shortcuts past it. */
static bool are_alike;

static struct key key_of(unsigned int nr)
{
	unsigned long word = (unsigned long)(nr + 1) * 0x9e3779b97f4a7c15ul;

	return (struct key){ { are_alike ? nr % 5 : word, word } };
}

static struct object *object_make(unsigned int nr)
{
	struct object *object = kmalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return NULL;
	object->key = key_of(nr);
	object->nr = nr;
	object->alive = ALIVE;
	atomic_set(&object->refs, 1);
	atomic_inc(&nr_objects);
	return object;
}

static void object_put(void *p)
{
	struct object *object = p;

	if (!atomic_dec_and_test(&object->refs))
		return;
	object->alive = 0;
	kfree(object);
	atomic_dec(&nr_objects);
}

static unsigned long key_chunk(const void *key, int level)
{
	unsigned int word = (unsigned int)level / BITS_PER_LONG;

	return word < 2 ? ((const struct key *)key)->words[word] : 0;
}

static unsigned long object_chunk(const void *object, int level)
{
	return key_chunk(&((const struct object *)object)->key, level);
}

static int first_difference(const void *p, const void *q)
{
	const struct key *a = &((const struct object *)p)->key, *b = q;
	unsigned int word;

	for (word = 0; word < 2; word++)
		if (a->words[word] != b->words[word])
			return (int)(word * BITS_PER_LONG + __ffs(a->words[word] ^ b->words[word]));
	return -1;
}

static bool is_object_of(const void *object, const void *key)
{
	return first_difference(object, key) < 0;
}

static const struct assoc_array_ops ops = {
	.get_key_chunk = key_chunk,
	.get_object_key_chunk = object_chunk,
	.compare_object = is_object_of,
	.diff_objects = first_difference,
	.free_object = object_put,
};

static struct object *find(unsigned int nr)
{
	struct key key = key_of(nr);

	return assoc_array_find(&array, &ops, &key);
}

/* Return: 0, or -ENOMEM with the object still the caller's. */
static int insert(struct object *object)
{
	struct assoc_array_edit *edit = assoc_array_insert(&array, &ops, &object->key, object);

	if (IS_ERR(edit))
		return (int)PTR_ERR(edit);
	assoc_array_apply_edit(edit);
	return 0;
}

/* Return: 0, -ENOENT or -ENOMEM. */
static int remove(unsigned int nr)
{
	struct key key = key_of(nr);
	struct assoc_array_edit *edit = assoc_array_delete(&array, &ops, &key);

	if (IS_ERR_OR_NULL(edit))
		return edit ? (int)PTR_ERR(edit) : -ENOENT;
	assoc_array_apply_edit(edit);
	return 0;
}

static void array_fill(struct kunit *test, bool alike)
{
	unsigned int nr;

	are_alike = alike;
	for (nr = 0; nr < NR; nr++)
		KUNIT_ASSERT_EQ(test, insert(object_make(nr)), 0);
}

static int array_setup(struct kunit *test)
{
	assoc_array_init(&array);
	array_fill(test, true);
	return 0;
}

static void array_teardown(struct kunit *test)
{
	assoc_array_destroy(&array, &ops);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), 0);
}

/* Just the numbers that @is_there says are in the array. */
static void expect_numbers(struct kunit *test, bool (*is_there)(unsigned int nr))
{
	unsigned int nr, nr_there = 0;

	for (nr = 0; nr < NR; nr++) {
		struct object *object = find(nr);

		KUNIT_EXPECT_EQ(test, object != NULL, is_there(nr));
		if (object)
			KUNIT_EXPECT_EQ(test, object->nr, nr);
		nr_there += object != NULL;
	}
	KUNIT_EXPECT_EQ(test, array.nr_leaves_on_tree, (unsigned long)nr_there);
}

static bool all(unsigned int nr)
{
	return true;
}

static bool odd(unsigned int nr)
{
	return nr % 2;
}

static bool none(unsigned int nr)
{
	return false;
}

static int see(const void *object, void *seen)
{
	((u8 *)seen)[((const struct object *)object)->nr]++;
	return 0;
}

static void every_object_is_found(struct kunit *test)
{
	u8 seen[NR] = {};
	unsigned int nr;

	expect_numbers(test, all);
	KUNIT_EXPECT_NULL(test, find(NR));
	KUNIT_EXPECT_EQ(test, assoc_array_iterate(&array, see, seen), 0);
	for (nr = 0; nr < NR; nr++)
		KUNIT_EXPECT_EQ(test, seen[nr], (u8)1);
}

static void what_is_replaced_is_freed(struct kunit *test)
{
	struct object *old = find(7), *object = object_make(7);

	atomic_inc(&old->refs);
	KUNIT_EXPECT_EQ(test, insert(object), 0);
	KUNIT_EXPECT_PTR_EQ(test, find(7), object);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&old->refs), 1);
	object_put(old);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), (int)NR);
	expect_numbers(test, all);
}

static void what_is_removed_is_gone(struct kunit *test)
{
	struct assoc_array_edit *edit;
	unsigned int nr;

	for (nr = 0; nr < NR; nr += 2)
		KUNIT_EXPECT_EQ(test, remove(nr), 0);
	KUNIT_EXPECT_EQ(test, remove(0), -ENOENT);
	expect_numbers(test, odd);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), (int)NR / 2);
	edit = assoc_array_clear(&array, &ops);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(edit));
	assoc_array_apply_edit(edit);
	expect_numbers(test, none);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), 0);
}

/* Who is kept has a reference more, as it will be in the old tree and in the new one. */
static bool keep(void *p, void *is_kept)
{
	struct object *object = p;

	if (!((bool (*)(unsigned int))is_kept)(object->nr))
		return false;
	atomic_inc(&object->refs);
	return true;
}

static void a_collection_keeps_what_is_to_be_kept(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, assoc_array_gc(&array, &ops, keep, odd), 0);
	expect_numbers(test, odd);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), (int)NR / 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&find(1)->refs), 1);
}

/*
 * Each request fails once. Not where there are shortcuts: there the kernel's own code goes
 * from the new tree, which it takes down, over to the old one, and stops at a BUG_ON().
 */
static void a_collection_that_fails_changes_nothing(struct kunit *test)
{
	unsigned int nth, nr_failed = 0;
	int error;

	assoc_array_destroy(&array, &ops);
	assoc_array_init(&array);
	array_fill(test, false);
	for (nth = 1;; nth++) {
		fail_begin(nth);
		error = assoc_array_gc(&array, &ops, keep, all);
		if (!fail_end())
			break;
		nr_failed += error == -ENOMEM;
		KUNIT_ASSERT_TRUE(test, !error || error == -ENOMEM);
		expect_numbers(test, all);
	}
	KUNIT_EXPECT_EQ(test, error, 0);
	/* A node holds at most 16, and each is one request. */
	KUNIT_EXPECT_GT(test, nr_failed, NR / 16);
	expect_numbers(test, all);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), (int)NR);
	KUNIT_EXPECT_EQ(test, atomic_read(&find(1)->refs), 1);
}

/* Each request of each edit fails once. */
static void an_edit_that_fails_changes_nothing(struct kunit *test)
{
	unsigned int nr, nth, nr_failed = 0;
	int error;

	for (nr = 0; nr < 2 * NR; nr++) {
		struct object *object = nr < NR ? NULL : object_make(nr - NR);

		for (nth = 1;; nth++) {
			unsigned long before = array.nr_leaves_on_tree;

			fail_begin(nth);
			error = object ? insert(object) : remove(nr);
			if (!fail_end() || !error)
				break;
			nr_failed++;
			KUNIT_ASSERT_EQ(test, error, -ENOMEM);
			KUNIT_EXPECT_EQ(test, array.nr_leaves_on_tree, before);
			KUNIT_EXPECT_EQ(test, find(nr % NR) == NULL, object != NULL);
		}
		KUNIT_ASSERT_EQ(test, error, 0);
	}
	KUNIT_EXPECT_GE(test, nr_failed, 2 * NR);
	expect_numbers(test, all);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_objects), (int)NR);
}

#define NR_TURNS 20000

static atomic_t nr_wrong, nr_found;

static void look_or_edit(unsigned int thread)
{
	unsigned int turn, nr;

	for (turn = 0; turn < NR_TURNS; turn++) {
		struct object *object;

		nr = turn * 31 % NR;
		if (!thread) {
			if (turn % 2 ? remove(nr) == -ENOMEM : insert(object_make(nr)))
				atomic_inc(&nr_wrong);
			continue;
		}
		rcu_read_lock();
		object = find(nr);
		if (object && (object->nr != nr || object->alive != ALIVE))
			atomic_inc(&nr_wrong);
		atomic_add(object != NULL, &nr_found);
		rcu_read_unlock();
	}
}

static void readers_see_whole_objects(struct kunit *test)
{
	threads_run(test, look_or_edit);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_wrong), 0);
	KUNIT_EXPECT_GT(test, atomic_read(&nr_found), 0);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, (unsigned long)atomic_read(&nr_objects), array.nr_leaves_on_tree);
}

static struct kunit_case assoc_array_cases[] = {
	KUNIT_CASE(every_object_is_found),
	KUNIT_CASE(what_is_replaced_is_freed),
	KUNIT_CASE(what_is_removed_is_gone),
	KUNIT_CASE(a_collection_keeps_what_is_to_be_kept),
	KUNIT_CASE(a_collection_that_fails_changes_nothing),
	KUNIT_CASE(an_edit_that_fails_changes_nothing),
	KUNIT_CASE(readers_see_whole_objects),
	{},
};

static struct kunit_suite assoc_array_suite = {
	.name = "assoc_array",
	.init = array_setup,
	.exit = array_teardown,
	.test_cases = assoc_array_cases,
};
kunit_test_suite(assoc_array_suite);

MODULE_LICENSE("Dual MIT/GPL");
