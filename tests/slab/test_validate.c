/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/validate.c: every slab that the kernel looks at is looked at, one fault after
 * another is found and put right, nothing is said of what is sound, whoever allocates meanwhile,
 * and what a destroyed cache has left is told in the same way.
 */
#include <pthread.h>

#include "front_rig.h"

static unsigned int bugs, fixes, left, stays;

static bool count(void *ctx, struct kmem_cache *s, enum kalloc_slab_report what)
{
	(void)ctx;
	(void)s;
	bugs += what == KALLOC_SLAB_BUG;
	fixes += what == KALLOC_SLAB_FIX;
	left += what == KALLOC_SLAB_LEFT;
	stays += what == KALLOC_SLAB_STAYS;
	return true;
}

static void expect(struct kmem_cache *s, long slabs, unsigned int nr_bugs, unsigned int nr_fixes)
{
	bugs = fixes = 0;
	assert_int_equal(validate_slab_cache(s), slabs);
	assert_int_equal(bugs, nr_bugs);
	assert_int_equal(fixes, nr_fixes);
}

static void begin(void)
{
	bugs = fixes = left = stays = 0;
	kalloc_take_slab_reports(count, NULL);
}

/* Three slabs of 56 objects, all of them in use, and one with a free object in front. */
#define PER_SLAB 56
#define NR	 (3 * PER_SLAB)

static void test_all_slabs(void **state)
{
	struct kmem_cache *s = kmem_cache_create("v", 64, 0, SLAB_POISON, NULL);
	unsigned char *p[NR];

	(void)state;
	begin();
	take_objects(s, (void **)p, NR);
	/* Full slabs are on no list. */
	expect(s, 0, 0, 0);
	for (int i = 0; i < NR; i += PER_SLAB) {
		kmem_cache_free(s, p[i + 3]);
		kmem_cache_free(s, p[i + 5]);
	}
	expect(s, 3, 0, 0);
	p[3][0] = p[PER_SLAB + 5][63] = p[2 * PER_SLAB + 3][7] = 0x11;
	expect(s, 3, 3, 3);
	expect(s, 3, 0, 0);
	assert_true(cache_ok(s));
	/* The first one that is found in an object ends the look at its slab. */
	p[3][0] = p[5][0] = 0x11;
	expect(s, 3, 1, 1);
	expect(s, 3, 1, 1);
	expect(s, 3, 0, 0);
	/* But for padding, of which each is found. */
	s = kmem_cache_create("pad", 20, 64, SLAB_POISON, NULL);
	take_objects(s, (void **)p, 10);
	for (int i = 0; i < 10; i++)
		p[i][40] = p[i][22] = 0x11;
	expect(s, 1, 20, 20);
	expect(s, 1, 0, 0);
	assert_string_equal(said, "");
}

/* With SLAB_STORE_USER full slabs are known, too, and it is known when they no longer are. */
static void test_full(void **state)
{
	struct kmem_cache *s = kmem_cache_create("u", 64, 0, SLAB_RED_ZONE | SLAB_STORE_USER, NULL);
	unsigned int per_slab = oo_objects(s->oo);
	unsigned char *p[100];

	(void)state;
	begin();
	take_objects(s, (void **)p, 2 * per_slab);
	assert_true(cache_ok(s));
	expect(s, 2, 0, 0);
	p[0][64] = p[per_slab][-1] = 0x11;
	expect(s, 2, 2, 2);
	kmem_cache_free(s, p[0]);
	assert_true(cache_ok(s));
	expect(s, 2, 0, 0);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), p[0]);
	assert_true(cache_ok(s));
	kmem_cache_free_bulk(s, 2 * per_slab, (void **)p);
	assert_true(cache_ok(s));
	assert_int_equal(slab_count(s, 0).free, slab_count(s, 0).objects);
	kmem_cache_destroy(s);
	assert_int_equal(stays, 0);
}

/* Free objects that nobody can reach any more count as in use, and the cache goes on. */
static void test_lost(void **state)
{
	struct kmem_cache *s = kmem_cache_create("lost", 64, 0, SLAB_POISON, NULL);
	void *p[2 * PER_SLAB];
	struct slab *slab;

	begin();
	take_objects(s, p, PER_SLAB + 1);
	kmem_cache_free(s, p[0]);
	slab = slab_of(*state, p[0]);
	slab->freelist = (char *)p[0] + 1;
	expect(s, 2, 1, 1);
	assert_true(cache_ok(s));
	expect(s, 1, 0, 0);
	/* Not from the slab that has none any more. */
	for (int i = 1; i < PER_SLAB; i++) {
		void *object = kmem_cache_alloc(s, GFP_KERNEL);

		assert_ptr_not_equal(slab_of(*state, object), slab);
		p[PER_SLAB + i] = object;
	}
	/* It takes back what is freed. */
	kmem_cache_free(s, p[1]);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), p[1]);
	free_objects(s, p + 1, 2 * PER_SLAB - 1);
	assert_true(cache_ok(s));
	kmem_cache_destroy(s);
	assert_int_equal(stays, 1);
	assert_int_equal(left, 1);
	kmem_cache_free(s, p[0]);
	kmem_cache_destroy(s);
	assert_int_equal(stays, 1);
}

/* The slab that leaves the list does not hide the next one. */
static void test_cycle(void **state)
{
	struct kmem_cache *s = kmem_cache_create("twice", 64, 0, SLAB_POISON, NULL);
	unsigned char *p[PER_SLAB + 2];

	(void)state;
	begin();
	take_objects(s, (void **)p, PER_SLAB + 2);
	kmem_cache_free(s, p[PER_SLAB]);
	kmem_cache_free(s, p[PER_SLAB]);
	kmem_cache_free(s, p[0]);
	p[0][0] = 0x11;
	expect(s, 2, 2, 2);
	expect(s, 1, 0, 0);
}

/* An ordinary cache has its free pointers looked at, wherever its free objects were. */
static void test_unchecked(void **state)
{
	struct kmem_cache *s = kmem_cache_create("plain", 64, 0, 0, NULL);
	struct slab *slab;
	void *p[64];

	begin();
	take_objects(s, p, 64);
	free_objects(s, p, 63);
	expect(s, 1, 0, 0);
	assert_true(cache_ok(s));
	slab = slab_of(*state, p[0]);
	object_set_next(s, slab->freelist, (char *)slab->freelist + 1);
	expect(s, 1, 2, 1);
	expect(s, 1, 0, 0);
}

/* Who frees writes the pattern and gives the object back as one step for those who look. */
struct busy {
	struct kalloc_machine *m;
	struct kmem_cache *s;
	bool stop;
	unsigned long turns;
};

static void *busy_run(void *arg)
{
	struct busy *busy = arg;
	void *p[20];

	kalloc_enter(busy->m);
	while (!__atomic_load_n(&busy->stop, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 20; i++)
			p[i] = i % 2 ? kmalloc_trace(busy->s, GFP_KERNEL, 18)
				     : kmem_cache_zalloc(busy->s, GFP_KERNEL);
		for (int i = 0; i < 20; i++) {
			memset(p[i], 0x22, 18);
			kmem_cache_free(busy->s, p[i]);
		}
		__atomic_add_fetch(&busy->turns, 1, __ATOMIC_RELAXED);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void test_threads(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=4");
	struct busy busy = { .m = m };
	pthread_t threads[2];

	(void)state;
	busy.s = kmem_cache_create(
		"busy", 32, 0, SLAB_KMALLOC | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);
	begin();
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, busy_run, &busy), 0);
	while (__atomic_load_n(&busy.turns, __ATOMIC_RELAXED) < 2000)
		validate_slab_cache(busy.s);
	__atomic_store_n(&busy.stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(bugs, 0);
	assert_int_equal(fixes, 0);
	assert_true(cache_ok(busy.s));
	kmem_cache_destroy(busy.s);
	rig_halt(m);
}

/* What is left of a destroyed cache is told object by object, and may be taken. */
static void test_destroy(void **state)
{
	struct kmem_cache *s = kmem_cache_create("d", 64, 0, 0, NULL);
	void *p[2];

	(void)state;
	begin();
	take_objects(s, p, 2);
	kmem_cache_destroy(s);
	assert_int_equal(bugs, 1);
	assert_int_equal(left, 2);
	assert_int_equal(stays, 1);
	assert_string_equal(said, "");
	free_objects(s, p, 2);
	kmem_cache_destroy(s);
	assert_int_equal(stays, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_all_slabs), rig_test(test_full),	    rig_test(test_lost),
		rig_test(test_cycle),	  rig_test(test_unchecked), cmocka_unit_test(test_threads),
		rig_test(test_destroy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
