/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/check.c: every kind of damage is found, by the bytes that make it up and in
 * the kernel's order, is put right where it can be, and is then found no more.
 */
#include <kalloc/page.h>

#include "front_rig.h"
#include "slab/check.h"
#include "slab/pattern.h"

#define ALL_FLAGS (SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)

static struct kmem_cache *cache;
static struct slab *slab;
static unsigned char *used, *freed; /* two neighbours */
static struct finding f;

static void begin(unsigned int size, slab_flags_t flags)
{
	cache = kmem_cache_create("c", size, 0, flags, NULL);
	used = kmem_cache_alloc(cache, GFP_KERNEL);
	freed = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, freed);
	slab = slab_of(machine_of(used), used);
	assert_true(check_slab(cache, slab, &f));
	assert_true(check_object(cache, slab, used, false, &f));
	assert_true(check_object(cache, slab, freed, true, &f));
}

/* Bytes [from, to) of @object were changed to @byte: that is found, mended, and gone. */
static void check_bytes(unsigned char *object, long from, long to, const char *what, bool ends)
{
	bool is_free = object == freed;
	unsigned char was = object[from];

	memset(object + from, 0x11, (size_t)(to - from));
	assert_false(check_object(cache, slab, object, is_free, &f));
	assert_int_equal(f.kind, FINDING_BYTES);
	assert_string_equal(f.what, what);
	assert_int_equal(f.ends, ends);
	assert_ptr_equal(f.object, object);
	assert_ptr_equal(f.from, object + from);
	assert_ptr_equal(f.to, object + to);
	assert_int_equal(f.first, 0x11);
	assert_int_equal(f.value, was);
	check_mend(cache, slab, &f);
	assert_int_equal(object[from], was);
	assert_int_equal(object[to - 1], was);
	assert_true(check_object(cache, slab, object, is_free, &f));
}

static void test_bytes(void **state)
{
	(void)state;
	begin(61, ALL_FLAGS);
	check_bytes(used, -8, -7, "Left Redzone", true);
	check_bytes(used, 61, 63, "Right Redzone", true);
	check_bytes(freed, -1, 0, "Left Redzone", true);
	check_bytes(freed, 61, 64, "Right Redzone", true);
	check_bytes(freed, 0, 1, "Poison", true);
	check_bytes(freed, 50, 59, "Poison", true);
	check_bytes(freed, 60, 61, "End Poison", true);
	/* Behind the free pointer and two records. */
	check_bytes(used, 64 + 8 + 64, 64 + 8 + 64 + 8, "Object padding", false);
	check_bytes(freed, 64 + 8 + 64 + 3, 64 + 8 + 64 + 4, "Object padding", false);
}

/* What the user of an object writes to it is the user's. */
static void test_user(void **state)
{
	(void)state;
	begin(61, ALL_FLAGS);
	memset(used, 0x11, 61);
	assert_true(check_object(cache, slab, used, false, &f));
	assert_true(check_slab(cache, slab, &f));
	begin(64, SLAB_RED_ZONE);
	memset(used, 0x11, 64);
	assert_true(check_object(cache, slab, used, false, &f));
	begin(64, 0);
	memset(used, 0x11, 64);
	assert_true(check_object(cache, slab, used, false, &f));
}

/* Without red zones, what rounding leaves behind an object is looked at, and then the rest. */
static void test_fill(void **state)
{
	(void)state;
	begin(61, SLAB_POISON);
	check_bytes(used, 62, 64, "Alignment padding", false);
	check_bytes(freed, 61, 62, "Alignment padding", false);
	freed[63] = freed[0] = 0x11;
	assert_false(check_object(cache, slab, freed, true, &f));
	assert_string_equal(f.what, "Alignment padding");
	check_mend(cache, slab, &f);
	assert_false(check_object(cache, slab, freed, true, &f));
	assert_string_equal(f.what, "Poison");
	check_mend(cache, slab, &f);
	assert_true(check_object(cache, slab, freed, true, &f));
}

/* What kmalloc_trace() did not give away is red while the object is in use. */
static void test_request(void **state)
{
	unsigned char *p;

	(void)state;
	begin(32, SLAB_KMALLOC | SLAB_STORE_USER | SLAB_RED_ZONE);
	p = kmalloc_trace(cache, GFP_KERNEL | __GFP_ZERO, 18);
	assert_ptr_equal(p, freed);
	assert_int_equal(pattern_request(cache, p), 18);
	assert_int_equal(p[17], 0);
	p[17] = 0x22;
	freed = NULL;
	assert_true(check_object(cache, slab, p, false, &f));
	check_bytes(p, 18, 20, "kmalloc Redzone", true);
	check_bytes(p, 31, 32, "kmalloc Redzone", true);
	/* Who takes a whole object has it whole, and a size that cannot be is not looked at. */
	kmem_cache_free(cache, p);
	assert_ptr_equal(kmem_cache_alloc(cache, GFP_KERNEL), p);
	memset(p, 0x22, 32);
	assert_true(check_object(cache, slab, p, false, &f));
	pattern_set_request(cache, p, 0);
	memset(p + pattern_end(cache) - 4, 0xff, 4);
	assert_true(check_object(cache, slab, p, false, &f));
}

static void test_rest(void **state)
{
	unsigned char *rest;

	(void)state;
	begin(64, ALL_FLAGS);
	rest = (unsigned char *)slab_address(cache, slab) + 4000; /* behind 25 slots of 160 bytes */
	rest[0] = rest[95] = 0x11;
	assert_false(check_slab(cache, slab, &f));
	assert_int_equal(f.kind, FINDING_REST);
	assert_ptr_equal(f.from, rest);
	assert_ptr_equal(f.to, rest + 96);
	assert_false(f.ends);
	check_mend(cache, slab, &f);
	assert_int_equal(rest[0], 0x5a);
	assert_int_equal(rest[95], 0x5a);
	assert_true(check_slab(cache, slab, &f));
	begin(64, SLAB_RED_ZONE);
	memset(slab_address(cache, slab) + 46 * 88, 0x11, 48);
	assert_true(check_slab(cache, slab, &f));
}

/* The list is cut where it leaves the slab; then its length is not the number of free ones. */
static void test_chain(void **state)
{
	(void)state;
	begin(64, SLAB_POISON);
	object_set_next(cache, freed, freed + 8);
	assert_false(check_slab(cache, slab, &f));
	assert_int_equal(f.kind, FINDING_CHAIN);
	assert_ptr_equal(f.object, freed);
	assert_false(f.ends);
	check_mend(cache, slab, &f);
	assert_false(check_slab(cache, slab, &f));
	assert_int_equal(f.kind, FINDING_COUNT);
	assert_int_equal(f.found, 1);
	assert_int_equal(f.expected, 55);
	check_mend(cache, slab, &f);
	assert_int_equal(slab->inuse, 55);
	assert_true(check_slab(cache, slab, &f));
	assert_true(slab_ok(cache, slab));
}

static void test_head(void **state)
{
	(void)state;
	begin(64, 0);
	front_flush_all(cache);
	cpu_slab_flush_all(cache);
	slab->freelist = used + 1;
	assert_false(check_slab(cache, slab, &f));
	assert_int_equal(f.kind, FINDING_HEAD);
	assert_true(f.ends);
	check_mend(cache, slab, &f);
	assert_null(slab->freelist);
	assert_int_equal(slab->inuse, slab->objects);
	assert_true(check_slab(cache, slab, &f));
}

/* An object that was freed twice. */
static void test_cycle(void **state)
{
	(void)state;
	begin(64, SLAB_POISON);
	object_set_next(cache, freed, freed);
	assert_false(check_slab(cache, slab, &f));
	assert_int_equal(f.kind, FINDING_CYCLE);
	assert_true(f.ends);
	check_mend(cache, slab, &f);
	assert_true(check_slab(cache, slab, &f));
	assert_int_equal(slab->inuse, slab->objects);
}

/* Outside of the object the pointer is looked at in one in use, too. */
static void test_pointer(void **state)
{
	(void)state;
	begin(64, SLAB_POISON);
	object_set_next(cache, used, used + 1);
	assert_false(check_object(cache, slab, used, false, &f));
	assert_int_equal(f.kind, FINDING_POINTER);
	assert_true(f.ends);
	check_mend(cache, slab, &f);
	assert_null(object_next(cache, used));
	assert_true(check_object(cache, slab, used, false, &f));
	begin(64, SLAB_RED_ZONE);
	object_set_next(cache, freed, freed - 88 * 3);
	assert_false(check_object(cache, slab, freed, true, &f));
	assert_int_equal(f.kind, FINDING_POINTER);
}

static void check_number(enum finding_kind kind, int found, int expected, bool ends)
{
	assert_false(check_slab(cache, slab, &f));
	assert_int_equal(f.kind, kind);
	assert_int_equal(f.found, found);
	assert_int_equal(f.expected, expected);
	assert_int_equal(f.ends, ends);
	check_mend(cache, slab, &f);
}

static void test_numbers(void **state)
{
	struct page *page;

	(void)state;
	begin(64, SLAB_POISON);
	for (int i = 0; i < 55; i++)
		freed = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, used);
	slab->objects = 55;
	slab->inuse = 3;
	check_number(FINDING_NR, 55, 56, false);
	check_number(FINDING_COUNT, 3, 55, false);
	assert_true(check_slab(cache, slab, &f));
	assert_int_equal(slab->objects, 56);
	assert_int_equal(slab->inuse, 55);
	slab->objects = 57;
	check_number(FINDING_OBJECTS, 57, 56, true);
	assert_int_equal(slab->objects, 57);
	slab->objects = 56;
	slab->inuse = 57;
	check_number(FINDING_INUSE, 57, 56, true);
	assert_int_equal(slab->inuse, 57);
	page = alloc_page(GFP_KERNEL);
	assert_false(check_slab(cache, (struct slab *)page, &f));
	assert_int_equal(f.kind, FINDING_PAGE);
	assert_true(f.ends);
	check_mend(cache, (struct slab *)page, &f);
	__free_page(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_bytes),	rig_test(test_user),  rig_test(test_fill),
		rig_test(test_request), rig_test(test_rest),  rig_test(test_chain),
		rig_test(test_head),	rig_test(test_cycle), rig_test(test_pointer),
		rig_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
