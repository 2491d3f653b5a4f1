/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/fault.c: just the N-th request fails, through every door, for every N,
 * and nothing is lost by it; what does not count; that counting changes nothing else; and
 * the file that it is asked for with.
 */
#include <pthread.h>

#include <kalloc/context.h>
#include <kalloc/flex_array.h>
#include <kalloc/inspect.h>
#include <kalloc/mempool.h>
#include <kalloc/vmalloc.h>

#include "fault.h"
#include "slab/rig.h"

#define NR 20

static struct kmem_cache *cache;

static bool object_try(void)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	if (object)
		kmem_cache_free(cache, object);
	return object;
}

static bool kmalloc_try(void)
{
	volatile size_t size = 100;
	void *constant = kmalloc(100, GFP_KERNEL), *variable = kmalloc(size, GFP_KERNEL);
	void *zeroed = kzalloc(100, GFP_KERNEL), *large = kmalloc(20000, GFP_KERNEL);
	bool all = constant && variable && zeroed && large;

	kfree(constant);
	kfree(variable);
	kfree(zeroed);
	kfree(large);
	return all;
}

static bool bulk_try(void)
{
	void *objects[NR];
	int nr = kmem_cache_alloc_bulk(cache, GFP_KERNEL, NR, objects);

	assert_true(nr == 0 || nr == NR);
	kmem_cache_free_bulk(cache, (size_t)nr, objects);
	return nr;
}

static bool pages_try(void)
{
	struct page *single = alloc_pages(GFP_KERNEL, 0), *block = alloc_pages(GFP_KERNEL, 4);

	if (single)
		__free_pages(single, 0);
	if (block)
		__free_pages(block, 4);
	return single && block;
}

static bool vmalloc_try(void)
{
	void *area = vmalloc(NR * PAGE_SIZE);

	vfree(area);
	return area;
}

static bool kvmalloc_try(void)
{
	void *memory = kvmalloc(NR * PAGE_SIZE, GFP_KERNEL);

	kvfree(memory);
	return memory;
}

static bool cache_try(void)
{
	struct kmem_cache *s = kmem_cache_create("of a sweep", 48, 0, 0, NULL);
	bool made = s;

	kmem_cache_destroy(s);
	return made;
}

static bool mempool_try(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(4, 64);
	bool made = pool;

	mempool_destroy(pool);
	return made;
}

static bool flex_array_try(void)
{
	struct flex_array *array = flex_array_alloc(16, 1000, GFP_KERNEL);
	bool made = array && !flex_array_prealloc(array, 0, 1000, GFP_KERNEL);

	if (array)
		flex_array_free(array);
	return made;
}

static const struct way {
	const char *name;
	bool (*attempt)(void); /* false: a request failed, and it gave up */
	bool may_survive;      /* it has another way when one fails */
	unsigned int requests; /* so many at least */
} ways[] = {
	{ "kmem_cache_alloc", object_try, false, 1 },
	{ "kmalloc", kmalloc_try, false, 4 },
	{ "kmem_cache_alloc_bulk", bulk_try, false, 1 },
	{ "alloc_pages", pages_try, false, 2 },
	{ "vmalloc", vmalloc_try, true, 2 },
	{ "kvmalloc", kvmalloc_try, true, 1 },
	{ "kmem_cache_create", cache_try, false, 2 },
	{ "mempool_create", mempool_try, false, 5 },
	{ "flex_array", flex_array_try, false, 5 },
};

static void count_used(void *ctx, const struct kalloc_block *block)
{
	if (block->state == KALLOC_FRAMES_USED)
		*(unsigned long *)ctx += 1UL << block->order;
}

static unsigned long frames_used(void)
{
	unsigned long nr = 0;

	vm_unmap_aliases();
	kalloc_inspect_frames(count_used, &nr);
	return nr;
}

/* Value: how many requests it makes. */
static unsigned int sweep(const struct way *way)
{
	unsigned long used = frames_used();

	for (unsigned int nth = 1;; nth++) {
		bool done;

		fault_set_nth(nth);
		done = way->attempt();
		if (fault_nth()) {
			assert_true(done);
			fault_set_nth(0);
			return nth - 1;
		}
		if (done && !way->may_survive)
			fail_msg("%s: request %u failed, and nobody saw it", way->name, nth);
		assert_true(way->attempt());
		assert_int_equal(frames_used(), used);
		rig_hush();
	}
}

static void test_each_request(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		unsigned int nr;

		assert_true(ways[i].attempt());
		nr = sweep(&ways[i]);
		if (nr < ways[i].requests)
			fail_msg("%s: %u requests", ways[i].name, nr);
		rig_all_ok(*state);
	}
}

static void test_not_counted(void **state)
{
	void *object;

	(void)state;
	fault_set_nth(1);
	object = kmalloc(100, GFP_KERNEL | __GFP_NOFAIL);
	assert_non_null(object);
	kfree(object);
	kalloc_irq_enter();
	object = kmalloc(100, GFP_ATOMIC);
	kalloc_irq_leave();
	assert_non_null(object);
	kfree(object);
	assert_int_equal(fault_nth(), 1);
	assert_null(kmalloc(100, GFP_ATOMIC));
	assert_int_equal(fault_nth(), 0);
	assert_string_equal(said, "");
}

static void *allocate(void *m)
{
	void *object;

	kalloc_enter(m);
	object = kmalloc(64, GFP_KERNEL);
	kfree(object);
	return object;
}

static void test_other_thread(void **state)
{
	pthread_t thread;
	void *object;

	fault_set_nth(1);
	assert_int_equal(pthread_create(&thread, NULL, allocate, *state), 0);
	assert_int_equal(pthread_join(thread, &object), 0);
	assert_non_null(object);
	assert_int_equal(fault_nth(), 1);
	fault_set_nth(0);
}

/* Who is watched gets what it would get, and is in no atomic section by that. */
static void test_same_objects(void **state)
{
	void *objects[NR];

	(void)state;
	for (int i = 0; i < NR; i++)
		objects[i] = kmalloc(64, GFP_KERNEL);
	for (int i = 0; i < NR; i++)
		kfree(objects[i]);
	fault_set_nth(1000000);
	for (int i = NR; i-- > 0;)
		assert_ptr_equal(kmalloc(64, GFP_KERNEL), objects[i]);
	assert_int_equal(fault_nth(), 1000000 - NR);
	for (int i = 0; i < NR; i++)
		kfree(objects[i]);
	assert_true(object_try());
	fault_set_nth(0);
	assert_string_equal(said, "");
}

static void assert_file(const char *text)
{
	char found[16] = "";

	assert_int_equal(kalloc_read("/proc/thread-self/fail-nth", found, sizeof(found)),
			 strlen(text));
	assert_string_equal(found, text);
}

static void test_file(void **state)
{
	static const char *const wrong[] = { "", "x", "1x", "-1", "4294967296" };

	(void)state;
	assert_file("0\n");
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "3\n"), 2);
	assert_file("3\n");
	assert_true(object_try());
	assert_file("2\n");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", wrong[i]), -EINVAL);
	assert_file("2\n");
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "0"), 1);
	assert_file("0\n");
	assert_true(object_try());
}

static int setup(void **state)
{
	*state = rig_boot("mem=64M nr_cpus=1 slab_nomerge");
	cache = kmem_cache_create("c", 64, 0, 0, NULL);
	/* A first request asks for a slab, too, and for that without __GFP_NOFAIL. */
	return !object_try() || !kmalloc_try();
}

#define fault_test(f) cmocka_unit_test_setup_teardown(f, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		fault_test(test_each_request),
		fault_test(test_not_counted),
		fault_test(test_same_objects),
		fault_test(test_file),
		/* Last: from then on the thread is not alone. */
		fault_test(test_other_thread),
		fault_test(test_each_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
