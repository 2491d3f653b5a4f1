/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/list.h: a long seeded run of every operation agrees with plain
 * arrays that do the same, the lists are whole after each step, and the validity
 * walk notices each single broken link.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "list.h"
#include "rand.h"

#define NR_ITEMS 12
#define NR_STEPS 20000

struct item {
	int id;
	struct list_head link;
};

/* What a list must hold, in order. */
struct model {
	int ids[NR_ITEMS];
	int n;
};

static void model_insert(struct model *model, int at, int id)
{
	memmove(&model->ids[at + 1], &model->ids[at],
		(size_t)(model->n - at) * sizeof(model->ids[0]));
	model->ids[at] = id;
	model->n++;
}

static bool model_remove(struct model *model, int id)
{
	for (int i = 0; i < model->n; i++) {
		if (model->ids[i] != id)
			continue;
		model->n--;
		memmove(&model->ids[i], &model->ids[i + 1],
			(size_t)(model->n - i) * sizeof(model->ids[0]));
		return true;
	}
	return false;
}

static void assert_same(const struct list_head *head, const struct model *model)
{
	struct item *item;
	int n = 0;

	assert_true(list_ok(head));
	assert_int_equal(list_empty(head), model->n == 0);
	list_for_each_entry(item, head, link)
		assert_int_equal(item->id, model->ids[n++]);
	assert_int_equal(n, model->n);
	list_for_each_entry_reverse(item, head, link)
		assert_int_equal(item->id, model->ids[--n]);
	assert_int_equal(n, 0);
	if (model->n) {
		assert_int_equal(list_first_entry(head, struct item, link)->id, model->ids[0]);
		assert_int_equal(list_last_entry(head, struct item, link)->id,
				 model->ids[model->n - 1]);
	} else {
		assert_null(list_first_or_null(head, struct item, link));
	}
}

static void random_run_agrees_with_arrays(void **state)
{
	struct list_head heads[2] = { LIST_INIT(heads[0]), LIST_INIT(heads[1]) };
	struct model models[2] = { { .n = 0 }, { .n = 0 } };
	struct item items[NR_ITEMS];
	struct rand rand = { .state = 1 };

	for (int i = 0; i < NR_ITEMS; i++) {
		items[i].id = i;
		list_init(&items[i].link);
	}
	for (int step = 0; step < NR_STEPS; step++) {
		int which = (int)rand_below(&rand, 2);
		int id = (int)rand_below(&rand, NR_ITEMS);
		bool to_tail = rand_below(&rand, 2) == 1;
		struct list_head *head = &heads[which], *link = &items[id].link;
		struct model *model = &models[which];

		if (rand_below(&rand, 64) == 0) {
			list_splice_init(&heads[!which], head);
			while (models[!which].n) {
				int last = models[!which].ids[models[!which].n - 1];

				model_remove(&models[!which], last);
				model_insert(model, 0, last);
			}
		} else if (list_empty(link)) {
			(to_tail ? list_add_tail : list_add)(link, head);
			model_insert(model, to_tail ? model->n : 0, id);
		} else if (rand_below(&rand, 2)) {
			(to_tail ? list_move_tail : list_move)(link, head);
			assert_true(model_remove(&models[0], id) || model_remove(&models[1], id));
			model_insert(model, to_tail ? model->n : 0, id);
		} else {
			list_del(link);
			assert_true(list_empty(link));
			assert_true(model_remove(&models[0], id) || model_remove(&models[1], id));
		}
		assert_same(&heads[0], &models[0]);
		assert_same(&heads[1], &models[1]);
	}
}

static void pop_takes_the_first(void **state)
{
	struct list_head head = LIST_INIT(head);
	struct item items[2];

	for (int i = 0; i < 2; i++)
		list_add_tail(&items[i].link, &head);
	for (int i = 0; i < 2; i++) {
		assert_ptr_equal(list_pop(&head), &items[i].link);
		assert_true(list_ok(&head));
	}
	assert_null(list_pop(&head));
	assert_true(list_empty(&head));
}

static void safe_walk_survives_removal(void **state)
{
	struct list_head head = LIST_INIT(head);
	struct item items[NR_ITEMS], *item, *next;
	int expected = 1;

	for (int i = 0; i < NR_ITEMS; i++) {
		items[i].id = i;
		list_add_tail(&items[i].link, &head);
	}
	list_for_each_entry_safe(item, next, &head, link) {
		if (item->id % 2 == 0)
			list_del(&item->link);
	}
	list_for_each_entry(item, &head, link) {
		assert_int_equal(item->id, expected);
		expected += 2;
	}
	assert_int_equal(expected, NR_ITEMS + 1);
	list_for_each_entry_safe(item, next, &head, link)
		list_del(&item->link);
	assert_true(list_empty(&head));
}

static void walk_notices_a_broken_link(void **state)
{
	for (int broken = 0; broken < 2 * 3; broken++) {
		struct list_head head = LIST_INIT(head);
		struct item items[3];
		struct list_head *link;

		for (int i = 0; i < 3; i++)
			list_add_tail(&items[i].link, &head);
		assert_true(list_ok(&head));

		link = &items[broken / 2].link;
		if (broken % 2)
			link->next = link;
		else
			link->prev = link;
		assert_false(list_ok(&head));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_run_agrees_with_arrays),
		cmocka_unit_test(pop_takes_the_first),
		cmocka_unit_test(safe_walk_survives_removal),
		cmocka_unit_test(walk_notices_a_broken_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
