/* SPDX-License-Identifier: MIT */
/* Proves krealloc() of src/slab/kmalloc.c: each row of Linux 6.1's behaviour. */
#include "rig.h"

static void test_nothing(void **state)
{
	void *p;

	(void)state;
	p = krealloc(NULL, 100, GFP_KERNEL);
	assert_int_equal(ksize(p), 128);
	assert_ptr_equal(krealloc(p, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	/* It was freed: it is the next to come. */
	assert_ptr_equal(kmalloc(100, GFP_KERNEL), p);
	kfree(p);
	assert_ptr_equal(krealloc(ZERO_SIZE_PTR, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_ptr_equal(krealloc(NULL, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	p = krealloc(ZERO_SIZE_PTR, 64, GFP_KERNEL);
	assert_int_equal(ksize(p), 64);
	kfree(p);
}

static void test_stays(void **state)
{
	static const size_t rows[][3] = {
		{ 100, 128, 128 }, /* grow inside ksize */
		{ 128, 1, 128 },   /* shrink */
		{ 16384, 100, 16384 },
		{ 8192, 8192, 8192 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *p = kmalloc(rows[i][0], GFP_KERNEL);

		assert_ptr_equal(krealloc(p, rows[i][1], GFP_KERNEL), p);
		assert_int_equal(ksize(p), rows[i][2]);
		kfree(p);
	}
}

/* All that was usable is copied, whatever the size had shrunk to. */
static void test_moves(void **state)
{
	static const size_t rows[][3] = { { 128, 129, 192 }, { 8192, 8193, 16384 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *p = kmalloc(rows[i][0], GFP_KERNEL), *moved;

		memset(p, 0x11, rows[i][0]);
		p[rows[i][0] - 1] = 0x77;
		assert_ptr_equal(krealloc(p, 1, GFP_KERNEL), p);
		moved = krealloc(p, rows[i][1], GFP_KERNEL);
		assert_ptr_not_equal(moved, p);
		assert_int_equal(ksize(moved), rows[i][2]);
		assert_int_equal(moved[0], 0x11);
		assert_int_equal(moved[rows[i][0] - 1], 0x77);
		kfree(moved);
	}
}

static void test_zeroing(void **state)
{
	char *p = kmalloc(10, GFP_KERNEL), *moved;

	(void)state;
	memset(p, 0x55, 16);
	assert_ptr_equal(krealloc(p, 16, GFP_KERNEL | __GFP_ZERO), p);
	for (int i = 10; i < 16; i++)
		assert_int_equal(p[i], 0x55);
	moved = krealloc(p, 32, GFP_KERNEL | __GFP_ZERO);
	assert_int_equal(moved[15], 0x55);
	for (int i = 16; i < 32; i++)
		assert_int_equal(moved[i], 0);
	kfree(moved);
}

static void test_failure(void **state)
{
	char *p = kmalloc(100, GFP_KERNEL);

	(void)state;
	memset(p, 0x33, 128);
	assert_null(krealloc(p, 5 << 20, GFP_KERNEL | __GFP_NOWARN));
	assert_int_equal(p[127], 0x33);
	assert_null(krealloc_array(p, SIZE_MAX, 2, GFP_KERNEL));
	assert_int_equal(ksize(p), 128);
	p = krealloc_array(p, 10, 20, GFP_KERNEL);
	assert_int_equal(ksize(p), 256);
	kfree(p);
	assert_string_equal(said, "");
}

/* Memory stays in its machine, whichever is current. */
static void test_machine(void **state)
{
	struct kalloc_machine *first = *state, *second;
	void *p = kmalloc(100, GFP_KERNEL);

	second = rig_boot(DEFAULT_RIG);
	p = krealloc(p, 1000, GFP_KERNEL);
	assert_ptr_equal(machine_of(p), first);
	kfree(p);
	kalloc_enter(first);
	kalloc_halt(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_nothing), rig_test(test_stays),	rig_test(test_moves),
		rig_test(test_zeroing), rig_test(test_failure), rig_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
