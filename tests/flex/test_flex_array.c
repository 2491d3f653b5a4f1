/* SPDX-License-Identifier: MIT */
/*
 * Proves src/flex/flex_array.c: the capacity of 2.6.31's table, every error at
 * its boundary, elements that keep their values and never cross a part, small
 * arrays without parts, and stores that never allocate where prealloc has been,
 * shown on a machine with no memory left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/flex_array.h>
#include <kalloc/kalloc.h>

#include "exhaust.h"
#include "machine.h"
#include "rand.h"

static int boot(void **state)
{
	struct kalloc_machine *m = kalloc_boot("mem=64M nr_cpus=1");

	*state = m;
	kalloc_enter(m);
	return m ? 0 : -1;
}

static int halt(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(*state);
	return 0;
}

static bool is_filled(const void *bytes, size_t n, int value)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++) {
		if (p[i] != value)
			return false;
	}
	return true;
}

static bool is_inside(const struct flex_array *fa, const void *element)
{
	return (const char *)element >= (const char *)fa &&
	       (const char *)element < (char *)(fa + 1);
}

/* The table that 2.6.31 documents, 64-bit column. */
static const struct {
	int element_size;
	unsigned int capacity;
} capacities[] = {
	{ 1, 2093056 }, { 2, 1046528 }, { 3, 697515 },	{ 4, 523264 }, { 8, 261632 },
	{ 32, 65408 },	{ 33, 63364 },	{ 2048, 1022 }, { 2049, 511 }, { 4096, 511 },
};

static void capacity_is_that_of_2_6_31(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(capacities); i++) {
		unsigned int capacity = capacities[i].capacity;
		int size = capacities[i].element_size;
		unsigned char in[4096];
		struct flex_array *fa;

		assert_int_equal(FLEX_ARRAY_CAPACITY((size_t)size), capacity);
		assert_null(flex_array_alloc(size, capacity + 1, GFP_KERNEL));
		fa = flex_array_alloc(size, capacity, GFP_KERNEL);
		assert_non_null(fa);
		assert_int_equal(fa->element_size, size);
		assert_int_equal(fa->total_nr_elements, capacity);

		memset(in, 0xa5, sizeof(in));
		assert_int_equal(flex_array_put(fa, capacity - 1, in, GFP_KERNEL), 0);
		assert_int_equal(flex_array_put(fa, capacity, in, GFP_KERNEL), -ENOSPC);
		assert_memory_equal(flex_array_get(fa, capacity - 1), in, (size_t)size);
		flex_array_free(fa);
	}
}

static void impossible_arrays_are_refused(void **state)
{
	assert_null(flex_array_alloc(4097, 1, GFP_KERNEL));
	assert_null(flex_array_alloc(0x7fffffff, 1, GFP_KERNEL));
	assert_null(flex_array_alloc(-1, 1, GFP_KERNEL));
	assert_null(flex_array_alloc(0, 1, GFP_KERNEL));
	assert_null(flex_array_alloc(8, 0xffffffff, GFP_KERNEL));
	assert_null(flex_array_alloc(1, 0x80000000, GFP_KERNEL));
}

static void nothing_can_be_stored_in_an_empty_array(void **state)
{
	static const int sizes[] = { 0, 8, 4096, 5000 };
	char in[8] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct flex_array *fa = flex_array_alloc(sizes[i], 0, GFP_KERNEL);

		assert_non_null(fa);
		assert_int_equal(flex_array_put(fa, 0, in, GFP_KERNEL), -ENOSPC);
		assert_int_equal(flex_array_clear(fa, 0), -ENOSPC);
		assert_int_equal(flex_array_prealloc(fa, 0, 0, GFP_KERNEL), 0);
		assert_int_equal(flex_array_prealloc(fa, 0, 1, GFP_KERNEL), -ENOSPC);
		assert_int_equal(flex_array_shrink(fa), 0);
		assert_null(flex_array_get(fa, 0));
		assert_null(flex_array_get_ptr(fa, 0));
		flex_array_free(fa);
	}
}

/* 4,088 bytes are left beside the base's two numbers. */
static void small_arrays_lie_in_the_base(void **state)
{
	static const struct {
		int element_size;
		unsigned int total;
		bool is_small;
	} cases[] = {
		{ 1, 4088, true }, { 1, 4089, false }, { 8, 511, true },  { 8, 512, false },
		{ 4088, 1, true }, { 4089, 1, false }, { 3, 1362, true }, { 3, 1363, false },
		{ 2044, 2, true }, { 2045, 2, false },
	};
	unsigned char in[4096];

	memset(in, 1, sizeof(in));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int total = cases[i].total;
		struct flex_array *fa = flex_array_alloc(cases[i].element_size, total, GFP_KERNEL);
		void *element;

		assert_int_equal(flex_array_get(fa, total - 1) != NULL, cases[i].is_small);
		assert_int_equal(flex_array_put(fa, total - 1, in, GFP_KERNEL), 0);
		element = flex_array_get(fa, total - 1);
		assert_int_equal(is_inside(fa, element), cases[i].is_small);
		assert_int_equal(flex_array_shrink(fa), 0);
		if (cases[i].is_small) {
			/* Nothing to free, nothing lost. */
			flex_array_free_parts(fa);
			assert_ptr_equal(flex_array_get(fa, total - 1), element);
			assert_true(is_filled(element, (size_t)cases[i].element_size, 1));
		}
		flex_array_free(fa);
	}
}

static void elements_keep_their_values(void **state)
{
	static const int sizes[] = { 1, 3, 8, 33, 500, 1365, 2049, 4096 };

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		size_t size = (size_t)sizes[s];
		unsigned int total = (unsigned int)(6 * (PAGE_SIZE / size)) - (size < 1024);
		struct flex_array *fa = flex_array_alloc(sizes[s], total, GFP_KERNEL);
		struct rand rand = { .state = s };
		unsigned char in[4096];

		assert_non_null(fa);
		for (unsigned int n = 0; n < 2 * total; n++) {
			unsigned int nr = n < total ? n : rand_below(&rand, total);

			memset(in, (int)(nr * 7 % 251), size);
			assert_int_equal(flex_array_put(fa, nr, in, GFP_KERNEL), 0);
		}
		for (unsigned int nr = 0; nr < total; nr++) {
			unsigned char *element = flex_array_get(fa, nr);

			assert_true(is_filled(element, size, (int)(nr * 7 % 251)));
			assert_int_equal((unsigned long)element / PAGE_SIZE,
					 (unsigned long)(element + size - 1) / PAGE_SIZE);
		}
		flex_array_free(fa);
	}
}

/* In the base (10 elements) and in parts (1,000), without and with __GFP_ZERO. */
static void what_was_never_stored(void **state)
{
	static const unsigned int totals[] = { 10, 1000 };
	static const struct {
		gfp_t flags;
		int value;
	} cases[] = { { GFP_KERNEL, FLEX_ARRAY_FREE }, { GFP_KERNEL | __GFP_ZERO, 0 } };
	char in[16] = { 1 };

	for (size_t i = 0; i < ARRAY_SIZE(totals) * ARRAY_SIZE(cases); i++) {
		gfp_t flags = cases[i / 2].flags;
		struct flex_array *fa = flex_array_alloc(16, totals[i % 2], flags);

		assert_int_equal(flex_array_put(fa, 5, in, flags), 0);
		assert_true(is_filled(flex_array_get(fa, 4), 16, cases[i / 2].value));
		assert_true(is_filled(flex_array_get(fa, 6), 16, cases[i / 2].value));
		assert_memory_equal(flex_array_get(fa, 5), in, 16);
		flex_array_free(fa);
	}
}

/* 256 elements a part: parts hold 0..255, 256..511, 512..767, 768..999. */
static struct flex_array *array_of_1000(void)
{
	struct flex_array *fa = flex_array_alloc(16, 1000, GFP_KERNEL);

	assert_non_null(fa);
	return fa;
}

static unsigned int count_parts(const struct flex_array *fa)
{
	unsigned int n = 0;

	for (size_t i = 0; i < FLEX_ARRAY_NR_BASE_PTRS; i++)
		n += fa->parts[i] != NULL;
	return n;
}

static void parts_come_with_the_first_store(void **state)
{
	struct flex_array *fa = array_of_1000();
	char in[16] = { 1 };

	assert_int_equal(count_parts(fa), 0);
	assert_null(flex_array_get(fa, 256));
	assert_int_equal(flex_array_clear(fa, 256), -EINVAL);
	assert_int_equal(flex_array_put(fa, 256, in, GFP_KERNEL), 0);
	assert_int_equal(count_parts(fa), 1);
	assert_non_null(flex_array_get(fa, 511));
	assert_null(flex_array_get(fa, 255));
	assert_null(flex_array_get(fa, 512));
	assert_int_equal(flex_array_clear(fa, 511), 0);
	assert_int_equal(flex_array_clear(fa, 512), -EINVAL);
	flex_array_free(fa);
}

static void past_the_end(void **state)
{
	static const unsigned int numbers[] = { 1000, 1001, 1024, 0x7fffffff, 0xffffffff };
	struct flex_array *fa = array_of_1000();
	char in[16] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		assert_int_equal(flex_array_put(fa, numbers[i], in, GFP_KERNEL), -ENOSPC);
		assert_int_equal(flex_array_clear(fa, numbers[i]), -ENOSPC);
		assert_null(flex_array_get(fa, numbers[i]));
		assert_null(flex_array_get_ptr(fa, numbers[i]));
	}
	assert_int_equal(count_parts(fa), 0);
	flex_array_free(fa);
}

static void prealloc_makes_just_the_parts_of_a_range(void **state)
{
	static const struct {
		unsigned int start, nr_elements;
		int err;
		unsigned int parts;
	} cases[] = {
		{ 0, 0, 0, 0 },
		{ 999, 0, 0, 0 },
		{ 1000, 0, -ENOSPC, 0 },
		{ 1000, 1, -ENOSPC, 0 },
		{ 0, 1, 0, 1 },
		{ 0, 256, 0, 1 },
		{ 0, 257, 0, 2 },
		{ 255, 2, 0, 2 },
		{ 256, 256, 0, 1 },
		{ 999, 1, 0, 1 },
		{ 0, 1000, 0, 4 },
		{ 0, 1001, -ENOSPC, 0 },
		{ 999, 2, -ENOSPC, 0 },
		{ 5, 0xffffffff, -ENOSPC, 0 },
		{ 0xffffffff, 1, -ENOSPC, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct flex_array *fa = array_of_1000();

		assert_int_equal(flex_array_prealloc(fa, cases[i].start, cases[i].nr_elements,
						     GFP_KERNEL),
				 cases[i].err);
		assert_int_equal(count_parts(fa), cases[i].parts);
		flex_array_free(fa);
	}
}

static void prealloc_needs_nothing_for_a_small_array(void **state)
{
	struct flex_array *fa = flex_array_alloc(16, 10, GFP_KERNEL);
	void **blocks = exhaust_take();

	assert_int_equal(flex_array_prealloc(fa, 0, 10, GFP_EXHAUST), 0);
	assert_int_equal(flex_array_prealloc(fa, 0, 11, GFP_EXHAUST), -ENOSPC);
	exhaust_give(blocks);
	flex_array_free(fa);
}

static void without_memory(void **state)
{
	struct flex_array *fa = array_of_1000();
	char in[16] = { 7 };
	void **blocks;

	assert_int_equal(flex_array_prealloc(fa, 256, 300, GFP_KERNEL), 0);
	blocks = exhaust_take();

	assert_null(flex_array_alloc(16, 1000, GFP_EXHAUST));
	assert_int_equal(flex_array_put(fa, 0, in, GFP_EXHAUST), -ENOMEM);
	assert_null(flex_array_get(fa, 0));
	assert_int_equal(flex_array_prealloc(fa, 0, 1000, GFP_EXHAUST), -ENOMEM);
	assert_int_equal(flex_array_prealloc(fa, 700, 100, GFP_EXHAUST), -ENOMEM);

	/* Where prealloc has been, stores need no memory. */
	for (unsigned int nr = 256; nr < 556; nr++)
		assert_int_equal(flex_array_put(fa, nr, in, GFP_EXHAUST), 0);
	assert_int_equal(count_parts(fa), 2);

	/* What failed works again when there is memory, and the rest is as it was. */
	exhaust_give(blocks);
	assert_int_equal(flex_array_put(fa, 0, in, GFP_KERNEL), 0);
	assert_memory_equal(flex_array_get(fa, 300), in, 16);
	flex_array_free(fa);
}

static void shrink_frees_parts_with_nothing_stored(void **state)
{
	struct flex_array *fa = array_of_1000();
	char in[16];

	memset(in, 1, sizeof(in));
	assert_int_equal(flex_array_shrink(fa), 0);
	assert_int_equal(flex_array_prealloc(fa, 0, 1000, GFP_KERNEL), 0);
	assert_int_equal(flex_array_put(fa, 0, in, GFP_KERNEL), 0);
	assert_int_equal(flex_array_put(fa, 511, in, GFP_KERNEL), 0);
	assert_int_equal(flex_array_shrink(fa), 2);
	assert_int_equal(flex_array_shrink(fa), 0);
	assert_memory_equal(flex_array_get(fa, 511), in, 16);
	assert_null(flex_array_get(fa, 512));

	assert_int_equal(flex_array_clear(fa, 511), 0);
	assert_true(is_filled(flex_array_get(fa, 511), 16, FLEX_ARRAY_FREE));
	assert_int_equal(flex_array_shrink(fa), 1);
	assert_null(flex_array_get(fa, 511));
	assert_memory_equal(flex_array_get(fa, 0), in, 16);
	assert_int_equal(count_parts(fa), 1);
	flex_array_free(fa);
}

/* Zeroed parts are not empty: shrink cannot tell them from stored zeroes. */
static void shrink_keeps_zeroed_parts(void **state)
{
	struct flex_array *fa = array_of_1000();

	assert_int_equal(flex_array_prealloc(fa, 0, 1000, GFP_KERNEL | __GFP_ZERO), 0);
	assert_int_equal(flex_array_shrink(fa), 0);
	assert_int_equal(count_parts(fa), 4);
	flex_array_free(fa);
}

/* 2 MiB of parts on a machine of 64: those that stayed behind would be noticed. */
static void parts_are_given_back(void **state)
{
	for (int i = 0; i < 120; i++) {
		struct flex_array *fa = flex_array_alloc(4096, 511, GFP_KERNEL);

		assert_non_null(fa);
		assert_int_equal(flex_array_prealloc(fa, 0, 511, GFP_KERNEL), 0);
		if (i % 3 == 1)
			assert_int_equal(flex_array_shrink(fa), 511);
		if (i % 3 == 2)
			flex_array_free_parts(fa);
		flex_array_free(fa);
	}
}

static void pointers_are_stored_themselves(void **state)
{
	struct flex_array *fa = flex_array_alloc(sizeof(void *), 2000, GFP_KERNEL);
	int target;
	int *pointer = &target;
	void *none = NULL;

	assert_null(flex_array_get_ptr(fa, 1999));
	assert_int_equal(flex_array_put_ptr(fa, 1999, pointer, GFP_KERNEL), 0);
	assert_ptr_equal(flex_array_get_ptr(fa, 1999), &target);
	assert_int_equal(flex_array_put_ptr(fa, 1999, none, GFP_KERNEL), 0);
	assert_null(flex_array_get_ptr(fa, 1999));
	assert_int_equal(flex_array_put_ptr(fa, 2000, pointer, GFP_KERNEL), -ENOSPC);
	flex_array_free(fa);
}

static DEFINE_FLEX_ARRAY(defined_large, 16, 1000) DEFINE_FLEX_ARRAY(defined_small, 8, 511);

static void a_defined_array_works_like_another(void **state)
{
	char in[16] = { 3 };

	for (int round = 0; round < 2; round++) {
		assert_null(flex_array_get(&defined_large, 700));
		assert_int_equal(flex_array_put(&defined_large, 700, in, GFP_KERNEL), 0);
		assert_memory_equal(flex_array_get(&defined_large, 700), in, 16);
		assert_ptr_equal(machine_of(flex_array_get(&defined_large, 700)), *state);
		assert_int_equal(flex_array_put(&defined_large, 1000, in, GFP_KERNEL), -ENOSPC);
		flex_array_free_parts(&defined_large);
		assert_int_equal(count_parts(&defined_large), 0);
	}
	assert_true(is_filled(flex_array_get(&defined_small, 510), 8, 0));
	assert_int_equal(flex_array_put(&defined_small, 510, in, GFP_KERNEL), 0);
	assert_memory_equal(flex_array_get(&defined_small, 510), in, 8);
	assert_null(flex_array_get(&defined_small, 511));
	flex_array_free_parts(&defined_small);
}

static void parts_stay_on_the_machine_of_the_base(void **state)
{
	struct kalloc_machine *other = kalloc_boot("mem=64M nr_cpus=1");
	struct flex_array *fa = array_of_1000();
	char in[16] = { 1 };

	assert_non_null(other);
	kalloc_enter(other);
	assert_int_equal(flex_array_put(fa, 0, in, GFP_KERNEL), 0);
	assert_ptr_equal(machine_of(flex_array_get(fa, 0)), *state);
	flex_array_free(fa);
	kalloc_enter(*state);
	kalloc_halt(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capacity_is_that_of_2_6_31),
		cmocka_unit_test(impossible_arrays_are_refused),
		cmocka_unit_test(nothing_can_be_stored_in_an_empty_array),
		cmocka_unit_test(small_arrays_lie_in_the_base),
		cmocka_unit_test(elements_keep_their_values),
		cmocka_unit_test(what_was_never_stored),
		cmocka_unit_test(parts_come_with_the_first_store),
		cmocka_unit_test(past_the_end),
		cmocka_unit_test(prealloc_makes_just_the_parts_of_a_range),
		cmocka_unit_test(prealloc_needs_nothing_for_a_small_array),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(shrink_frees_parts_with_nothing_stored),
		cmocka_unit_test(shrink_keeps_zeroed_parts),
		cmocka_unit_test(parts_are_given_back),
		cmocka_unit_test(pointers_are_stored_themselves),
		cmocka_unit_test(a_defined_array_works_like_another),
		cmocka_unit_test(parts_stay_on_the_machine_of_the_base),
	};

	return cmocka_run_group_tests(tests, boot, halt);
}
