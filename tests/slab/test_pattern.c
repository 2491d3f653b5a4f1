/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/pattern.c: every byte of a slot of a checked cache, allocated
 * and free, as Linux 6.1 showed it.
 */
#include "rig.h"

/* @text is a run of "byte*count " in hexadecimal and decimal; "..*n" is not looked at. */
static void check_bytes(const unsigned char *slot, const char *text, size_t slot_bytes)
{
	size_t at = 0;

	while (*text) {
		bool any = *text == '.';
		char *end;
		long byte = any ? 0 : strtol(text, &end, 16);
		long count;

		if (any)
			end = (char *)text + 2;
		count = strtol(end + 1, &end, 10);
		for (; count; count--, at++) {
			if (!any && slot[at] != byte)
				fail_msg("byte %zu is %02x, not %02lx", at, slot[at], byte);
		}
		text = *end ? end + 1 : end;
	}
	assert_int_equal(at, slot_bytes);
}

static void test_all_flags(void **state)
{
	struct kmem_cache *s = kmem_cache_create(
		"zpu", 64, 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	check_bytes(p - 8, "cc*8 6b*63 a5*1 cc*8 ..*8 00*64 5a*8", 160);
	check_bytes(p - 8 + 160, "bb*8 6b*63 a5*1 bb*8 ..*8 00*64 5a*8", 160);
	memset(p, 0x11, 64);
	kmem_cache_free(s, p);
	check_bytes(p - 8, "bb*8 6b*63 a5*1 bb*8 ..*8 00*64 5a*8", 160);
	/* Behind the last of 25 slots: 96 bytes that no object has. */
	check_bytes(p - 8 + 4000, "5a*96", 96);
}

static void test_red_zone(void **state)
{
	struct kmem_cache *s = kmem_cache_create("z", 60, 0, SLAB_RED_ZONE, NULL);
	unsigned char *p = kmem_cache_zalloc(s, GFP_KERNEL);

	(void)state;
	check_bytes(p - 8, "cc*8 00*60 cc*4 ..*8", 80);
	kmem_cache_free(s, p);
	check_bytes(p - 8, "bb*8 ..*60 bb*4 ..*8", 80);
}

static void test_poison(void **state)
{
	struct kmem_cache *s = kmem_cache_create("p", 64, 0, SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	check_bytes(p, "6b*63 a5*1 ..*8", 72);
	memset(p, 0, 64);
	kmem_cache_free(s, p);
	check_bytes(p, "6b*63 a5*1 ..*8", 72);
	assert_ptr_equal(kmem_cache_zalloc(s, GFP_KERNEL), p);
	check_bytes(p, "00*64 ..*8", 72);
}

/* Where somebody may look at a free object it is not poisoned. */
static void keep_out(void *object)
{
	memset(object, 0x33, 64);
}

static void test_not_poisoned(void **state)
{
	struct kmem_cache *s = kmem_cache_create("c", 64, 0, SLAB_POISON, keep_out);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	check_bytes(p, "33*64 ..*8", 72);
	kmem_cache_free(s, p);
	check_bytes(p, "33*64 ..*8", 72);
	s = kmem_cache_create("r", 64, 0, SLAB_POISON | SLAB_TYPESAFE_BY_RCU, NULL);
	p = kmem_cache_alloc(s, GFP_KERNEL);
	memset(p, 0x44, 64);
	kmem_cache_free(s, p);
	check_bytes(p, "44*64 ..*8", 72);
}

/* Clearing on allocation leaves a poisoned object its pattern. */
static void test_init_on_alloc(void **state)
{
	struct kalloc_machine *m =
		rig_boot("mem=64M nr_cpus=1 init_on_alloc=1 init_on_free=1 slab_nomerge");
	struct kmem_cache *s = kmem_cache_create("p", 64, 0, SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	check_bytes(p, "6b*63 a5*1 ..*8", 72);
	s = kmem_cache_create("z", 64, 0, SLAB_RED_ZONE, NULL);
	p = kmem_cache_alloc(s, GFP_KERNEL);
	check_bytes(p - 8, "cc*8 00*64 cc*8 ..*8", 88);
	/* Clearing an object on its way back stops before the next one's red zone. */
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), p + 88);
	kmem_cache_free(s, p);
	check_bytes(p - 8 + 88, "cc*8 00*64 cc*8 ..*8", 88);
	rig_halt(m);
}

/* A whole machine of checked caches works like any other. */
static void test_whole_machine(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=2 slub_debug=FZPU");
	void *p[300];

	(void)state;
	for (int i = 0; i < 300; i++) {
		size_t size = (size_t)i * 31 + 1;

		p[i] = kmalloc(size, GFP_KERNEL);
		assert_int_equal(ksize(p[i]), kmalloc_size_roundup(size));
		if (is_power_of_2(ksize(p[i])))
			assert_int_equal((unsigned long)p[i] % ksize(p[i]), 0);
		memset(p[i], i & 0xff, ksize(p[i]));
	}
	rig_all_ok(m);
	for (int i = 0; i < 300; i++)
		kfree(p[i]);
	rig_all_ok(m);
	assert_string_equal(said, "");
	rig_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_all_flags),
		rig_test(test_red_zone),
		rig_test(test_poison),
		rig_test(test_not_poisoned),
		cmocka_unit_test(test_init_on_alloc),
		cmocka_unit_test(test_whole_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
