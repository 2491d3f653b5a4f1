/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/observe.c and the places that call it: every object of a machine, with
 * sheaves and without, is told once when it is handed out and once when it comes back,
 * whichever door it goes by, and while the machine is recorded, too; of other machines nothing
 * is, and of this one nothing once nobody observes any more; a function decides which requests fail, for its
 * own thread alone; and the stack that it sees begins with who made the request.
 */
#include <pthread.h>

#include <kalloc/mempool.h>
#include <kalloc/vmalloc.h>
#include <kalloc/observe.h>
#include <kalloc/trace.h>

#define RIG_SHEAVES "off"
#include "slab/rig.h"
#include "slab/front_rig.h"

#define NR   40
#define MOST 4096

/* Those that were told and have not come back. */
static void *live[MOST];
static size_t nr_live, nr_taken, nr_given;
static struct kmem_cache *cache;

static void note_taken(struct kmem_cache *s, void *object)
{
	assert_non_null(s);
	for (size_t i = 0; i < nr_live; i++)
		assert_ptr_not_equal(live[i], object);
	assert_true(nr_live < MOST);
	live[nr_live++] = object;
	nr_taken++;
}

static void note_given(struct kmem_cache *s, void *object)
{
	size_t i = 0;

	assert_non_null(s);
	while (i < nr_live && live[i] != object)
		i++;
	assert_true(i < nr_live);
	live[i] = live[--nr_live];
	nr_given++;
}

static const struct kalloc_observer noting = { note_taken, note_given };

static bool is_live(const void *object)
{
	for (size_t i = 0; i < nr_live; i++)
		if (live[i] == object)
			return true;
	return false;
}

static void assert_told(size_t nr)
{
	assert_int_equal(nr_taken, nr);
	assert_int_equal(nr_given, nr);
	assert_int_equal(nr_live, 0);
	nr_taken = nr_given = 0;
}

static void test_single(void **state)
{
	volatile size_t size = 300;
	void *objects[6];

	(void)state;
	kalloc_observe(&noting);
	objects[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	objects[1] = kmem_cache_zalloc(cache, GFP_KERNEL);
	objects[2] = kmem_cache_alloc_node(cache, GFP_KERNEL, 0);
	objects[3] = kmalloc(100, GFP_KERNEL);
	objects[4] = kmalloc(size, GFP_KERNEL);
	objects[5] = kzalloc(size, GFP_ATOMIC);
	for (int i = 0; i < 6; i++)
		assert_true(is_live(objects[i]));
	for (int i = 0; i < 2; i++)
		kmem_cache_free(cache, objects[i]);
	for (int i = 2; i < 6; i++)
		kfree(objects[i]);
	assert_told(6);
	kalloc_observe(NULL);
}

static void test_bulk(void **state)
{
	void *objects[2 * NR];

	(void)state;
	kalloc_observe(&noting);
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, NR, objects), NR);
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_ZERO, NR, objects + NR),
			 NR);
	for (int i = 0; i < 2 * NR; i++)
		assert_true(is_live(objects[i]));
	kmem_cache_free_bulk(cache, NR, objects);
	kfree_bulk(NR, objects + NR);
	assert_told(2 * NR);
	kalloc_observe(NULL);
}

/* What was taken for a bulk request that fails in its midst comes back. */
static void test_bulk_fails(void **state)
{
	static void *objects[65536 / 1024];
	struct kmem_cache *large = kmem_cache_create("large", 1 << 20, 0, 0, NULL);

	(void)state;
	kalloc_observe(&noting);
	assert_int_equal(kmem_cache_alloc_bulk(large, GFP_KERNEL | __GFP_NOWARN,
					       ARRAY_SIZE(objects), objects),
			 0);
	assert_true(nr_taken > 10);
	assert_told(nr_taken);
	kalloc_observe(NULL);
	kmem_cache_destroy(large);
	rig_hush();
}

static void test_layers(void **state)
{
	mempool_t *pool;
	void *memory;

	(void)state;
	vm_unmap_aliases();
	kalloc_observe(&noting);
	memory = krealloc(kmalloc(20, GFP_KERNEL), 200, GFP_KERNEL);
	assert_int_equal(nr_live, 1);
	kfree_sensitive(memory);
	assert_told(2);
	memory = kmalloc(3 * KMALLOC_MAX_CACHE_SIZE, GFP_KERNEL);
	kfree(memory);
	assert_told(0);
	pool = mempool_create_slab_pool(3, cache);
	assert_int_equal(nr_live, 3 + 2); /* and the pool itself with its array */
	mempool_destroy(pool);
	assert_told(5);
	vfree(vmalloc(PAGE_SIZE));
	vm_unmap_aliases();
	assert_told(1);
	kalloc_observe(NULL);
}

static void *free_it(void *object)
{
	kfree(object);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t thread;

	(void)state;
	kalloc_observe(&noting);
	assert_int_equal(pthread_create(&thread, NULL, free_it, kmalloc(64, GFP_KERNEL)), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_told(1);
	kalloc_observe(NULL);
}

static void test_told_no_more(void **state)
{
	static const struct kalloc_observer nothing;
	struct kalloc_machine *other;

	kalloc_observe(&noting);
	other = kalloc_boot(DEFAULT_RIG);
	kalloc_enter(other);
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_enter(*state);
	kalloc_halt(other);
	kalloc_observe(&nothing);
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_observe(NULL);
	kfree(kmalloc(64, GFP_KERNEL));
	assert_told(0);
	/* What is at hand is at hand for programs' own code again. */
	assert_false(cache->told);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	assert_true(!cache->sheaf_most || front_count(cache) > 0);
}

/* Events that were recorded: of kmalloc(), and what is told of caches as recording begins. */
static unsigned int nr_recorded, nr_marks;

static void count(void *ctx, const struct kalloc_trace_event *event)
{
	(void)ctx;
	nr_recorded += !strcmp(event->name, "kmalloc");
	nr_marks += !strcmp(event->group, "ftrace");
}

static void assert_recorded(unsigned int nr, bool is_new)
{
	nr_recorded = nr_marks = 0;
	assert_true(kalloc_trace_drain(count, NULL) >= 0);
	assert_int_equal(nr_recorded, nr);
	assert_int_equal(nr_marks > 0, is_new);
}

/* Who observes and who records do not know of each other. */
static void test_recorded(void **state)
{
	(void)state;
	kalloc_observe(&noting);
	assert_int_equal(kalloc_trace_start("kmem:kmalloc"), 0);
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_trace_stop();
	kfree(kmalloc(64, GFP_KERNEL));
	assert_told(2);
	assert_recorded(1, true);

	assert_int_equal(kalloc_trace_start("kmem:kmalloc"), 0);
	kalloc_observe(NULL);
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_observe(&noting);
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_observe(NULL);
	assert_true(cache->told);
	kalloc_trace_stop();
	assert_false(cache->told);
	assert_told(1);
	assert_recorded(2, true);
	assert_true(front_ok(cache));
}

static unsigned int nr_asked;
static gfp_t flags_seen;
static unsigned int fails_at;

static bool fail_once(gfp_t flags)
{
	flags_seen = flags;
	return ++nr_asked == fails_at;
}

static void *ask(void *m)
{
	kalloc_enter(m);
	kfree(kmalloc(64, GFP_KERNEL));
	return NULL;
}

static void test_fails(void **state)
{
	unsigned int scope;
	pthread_t thread;

	nr_asked = 0;
	fails_at = 3;
	kalloc_fail_by(fail_once);
	for (int i = 1; i < 6; i++) {
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);

		assert_int_equal(nr_asked, i);
		assert_int_equal(!object, i == 3);
		if (object)
			kmem_cache_free(cache, object);
	}
	assert_int_equal(flags_seen, GFP_KERNEL);
	scope = memalloc_nofs_save();
	kfree(kmalloc(64, GFP_KERNEL));
	memalloc_nofs_restore(scope);
	assert_int_equal(flags_seen, GFP_NOFS);
	assert_int_equal(nr_asked, 6);
	kfree(kmalloc(64, GFP_KERNEL | __GFP_NOFAIL));
	assert_int_equal(nr_asked, 6);
	assert_int_equal(pthread_create(&thread, NULL, ask, *state), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(nr_asked, 6);
	/* One does not end the other. */
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "2"), 1);
	assert_non_null(live[0] = kmalloc(64, GFP_KERNEL));
	assert_null(kmalloc(64, GFP_KERNEL));
	kfree(live[0]);
	assert_int_equal(nr_asked, 7);
	assert_non_null(live[0] = kmalloc(64, GFP_KERNEL));
	kfree(live[0]);
	assert_int_equal(nr_asked, 8);
	kalloc_fail_by(NULL);
	assert_non_null(live[0] = kmalloc(64, GFP_KERNEL));
	kfree(live[0]);
	assert_int_equal(nr_asked, 8);
}

static unsigned long stack[16];
static unsigned int nr_stack;

static void save_stack(struct kmem_cache *s, void *object)
{
	nr_stack = kalloc_stack(stack, ARRAY_SIZE(stack));
}

/* Here the library is part of the program: its frames cannot be told from the program's. */
static void test_stack(void **state)
{
	static const struct kalloc_observer saving = { save_stack, NULL };
	unsigned long start = (unsigned long)test_stack;
	unsigned int nr_here = 0;

	(void)state;
	kalloc_observe(&saving);
	kfree(kmalloc(64, GFP_KERNEL));
	kalloc_observe(NULL);
	assert_true(nr_stack > 2 && nr_stack <= 16);
	for (unsigned int i = 0; i < nr_stack; i++)
		nr_here += stack[i] - start < 4096;
	assert_true(nr_here >= 1);
	assert_int_equal(kalloc_stack(stack, 1), 1);
	assert_int_equal(kalloc_stack(stack, 0), 0);
}

static int setup_on(void **state, const char *cmdline)
{
	*state = rig_boot(cmdline);
	nr_live = nr_taken = nr_given = 0;
	cache = kmem_cache_create("c", 64, 0, 0, NULL);
	/* A first request asks for a slab, too. */
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kfree(kmalloc(64, GFP_KERNEL));
	return 0;
}

static int setup(void **state)
{
	return setup_on(state, DEFAULT_RIG);
}

static int setup_sheaves(void **state)
{
	return setup_on(state, "mem=64M nr_cpus=1 slab_nomerge kalloc.sheaves=on");
}

#define bare_test(f)	cmocka_unit_test_setup_teardown(f, setup, rig_teardown)
#define sheaves_test(f) cmocka_unit_test_setup_teardown(f, setup_sheaves, rig_teardown)
#define observe_test(f) bare_test(f), sheaves_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		observe_test(test_single),
		observe_test(test_bulk),
		observe_test(test_bulk_fails),
		observe_test(test_layers),
		observe_test(test_told_no_more),
		observe_test(test_recorded),
		observe_test(test_stack),
		/* Last: from then on the thread is not alone. */
		observe_test(test_threads),
		observe_test(test_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
