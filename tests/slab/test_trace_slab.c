/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/trace_slab.c and the hidden fronts: every door tells of what it did, with
 * what was asked for and by whom; nobody gets another object for being recorded, in threads
 * neither, and the fronts are whole again afterwards; caches are told of.
 */
#include <pthread.h>

#include "front_rig.h"
#include "probe/fault.h"
#include "probe/seen.h"
#include "slab/trace_slab.h"

#define OBJECTS TRACE_OBJECTS

static struct kmem_cache *cache;

/* --- the doors ------------------------------------------------------------- */

/* What a call is expected to say. */
struct request {
	size_t bytes_req, bytes_alloc;
	gfp_t gfp;
	int node;
	bool accounted;
};

static void assert_kmalloc(size_t i, const void *object, struct request asked)
{
	struct trace_kmalloc event = SEEN(i, kmalloc);

	assert_ptr_equal((void *)(uintptr_t)event.ptr, object);
	assert_int_equal(event.bytes_req, asked.bytes_req);
	assert_int_equal(event.bytes_alloc, asked.bytes_alloc);
	assert_int_equal(event.gfp_flags, asked.gfp);
	assert_int_equal((int)event.node, asked.node);
	assert_int_equal(event.accounted, asked.accounted);
	assert_true(event.call_site != 0);
}

#define K GFP_KERNEL

/* Constant and variable sizes, of all kinds, each freed at once. */
#define KMALLOC_ROWS(ROW)                                                                         \
	ROW(kmalloc(100, K), 100, 128, K, -1, false)                                              \
	ROW(kmalloc(1, K), 1, 8, K, -1, false)                                                    \
	ROW(kmalloc(8192, K), 8192, 8192, K, -1, false)                                           \
	ROW(kmalloc(8193, K), 8193, 16384, K, -1, false)                                          \
	ROW(kmalloc(100, K | __GFP_ZERO), 100, 128, K | __GFP_ZERO, -1, false)                    \
	ROW(kmalloc(100, GFP_KERNEL_ACCOUNT), 100, 128, GFP_KERNEL_ACCOUNT, -1, true)             \
	ROW(kmalloc(variable, K), 100, 128, K, -1, false)                                         \
	ROW(kmalloc(variable * 10, K), 1000, 1024, K, -1, false)                                  \
	ROW(kmalloc(variable * 300, K), 30000, 32768, K, -1, false)                               \
	ROW(kmalloc(variable, K | __GFP_RECLAIMABLE), 100, 128, K | __GFP_RECLAIMABLE, -1, false) \
	ROW(kmalloc_node(60, K, 0), 60, 64, K, 0, false)                                          \
	ROW(kmalloc_node(variable, K, 0), 100, 128, K, 0, false)                                  \
	ROW(kzalloc(20, K), 20, 32, K | __GFP_ZERO, -1, false)                                    \
	ROW(kcalloc(10, 20, K), 200, 256, K | __GFP_ZERO, -1, false)                              \
	ROW(kmalloc_array(variable, 3, K), 300, 512, K, -1, false)                                \
	ROW(kmemdup("12345", 6, K), 6, 8, K, -1, false)                                           \
	ROW(kstrdup("a text", K), 7, 8, K, -1, false)                                             \
	ROW(kstrndup("a text", 3, K), 4, 8, K, -1, false)                                         \
	ROW(kalloc_kmalloc_class(5, K, -1), 32, 32, K, -1, false)                                 \
	ROW(kalloc_kmalloc_plain(5, K), 32, 32, K, -1, false)

static void test_kmalloc_doors(void **state)
{
	struct kalloc_machine *m = *state;
	volatile size_t variable = 100;
	void *objects[64];
	size_t nr = 0, i = 0;

	seen_begin(m, OBJECTS);
#define CALL(call, ...)     \
	objects[nr] = call; \
	kfree(objects[nr++]);
	KMALLOC_ROWS(CALL)
	seen_read(m, true);
	assert_int_equal(seen.nr, 2 * nr);
#define CHECK(call, ...)                                                             \
	assert_kmalloc(2 * i, objects[i], (struct request){ __VA_ARGS__ });          \
	assert_ptr_equal((void *)(uintptr_t)SEEN(2 * i + 1, kfree).ptr, objects[i]); \
	i++;
	KMALLOC_ROWS(CHECK)
}

/* As in Linux: what was there before is freed, if it was nothing, too. */
static void test_krealloc(void **state)
{
	struct kalloc_machine *m = *state;
	void *first, *grown, *same;

	seen_begin(m, OBJECTS);
	first = krealloc(NULL, 100, K);
	grown = krealloc(first, 200, K);
	same = krealloc(grown, 150, K);
	assert_ptr_equal(krealloc(same, 0, K), ZERO_SIZE_PTR);
	seen_read(m, true);
	assert_int_equal(seen.nr, 5);
	assert_kmalloc(0, first, (struct request){ 100, 128, K, -1, false });
	assert_int_equal(SEEN(1, kfree).ptr, 0);
	assert_kmalloc(2, grown, (struct request){ 200, 256, K, -1, false });
	assert_ptr_equal((void *)(uintptr_t)SEEN(3, kfree).ptr, first);
	assert_ptr_equal((void *)(uintptr_t)SEEN(4, kfree).ptr, grown);
}

static void test_cache_doors(void **state)
{
	struct kalloc_machine *m = *state;
	struct trace_kmem_cache_alloc event;
	void *objects[3];

	seen_begin(m, OBJECTS);
	objects[0] = kmem_cache_alloc(cache, K);
	objects[1] = kmem_cache_zalloc(cache, K);
	objects[2] = kmem_cache_alloc_node(cache, GFP_ATOMIC, 0);
	kmem_cache_free(cache, objects[1]);
	kfree(objects[0]);
	kmem_cache_free(cache, objects[2]);
	seen_read(m, true);
	assert_int_equal(seen.nr, 6);
	for (size_t i = 0; i < 3; i++) {
		static const gfp_t gfps[] = { K, K | __GFP_ZERO, GFP_ATOMIC };
		static const int nodes[] = { -1, -1, 0 };

		event = SEEN(i, kmem_cache_alloc);
		assert_ptr_equal((void *)(uintptr_t)event.ptr, objects[i]);
		assert_int_equal(event.bytes_req, 100);
		assert_int_equal(event.bytes_alloc, 104);
		assert_int_equal(event.gfp_flags, gfps[i]);
		assert_int_equal((int)event.node, nodes[i]);
		assert_false(event.accounted);
		assert_string_equal(trace_cache_of(m, (u32)event.name)->name, "traced");
	}
	assert_ptr_equal((void *)(uintptr_t)SEEN(3, kmem_cache_free).ptr, objects[1]);
	assert_string_equal(trace_cache_of(m, (u32)SEEN(3, kmem_cache_free).name)->name, "traced");
	assert_ptr_equal((void *)(uintptr_t)SEEN(4, kfree).ptr, objects[0]);
	assert_ptr_equal((void *)(uintptr_t)SEEN(5, kmem_cache_free).ptr, objects[2]);
}

/* Each of them alone, and kfree(NULL), which is a call as well. */
static void test_chosen(void **state)
{
	struct kalloc_machine *m = *state;
	void *volatile nothing = NULL;

	seen_begin(m, TRACE_BIT(kfree));
	kfree(kmalloc(8, K));
	kmem_cache_free(cache, kmem_cache_alloc(cache, K));
	kfree(nothing);
	seen_read(m, true);
	assert_int_equal(seen.nr, 2);
	assert_int_equal(SEEN(1, kfree).ptr, 0);
	seen_begin(m, TRACE_BIT(kmem_cache_free));
	kfree(kmalloc(8, K));
	kmem_cache_free(cache, kmem_cache_alloc(cache, K));
	seen_read(m, true);
	assert_int_equal(seen.nr, 1);
}

/* A request that fails is told of, with no object. */
static void test_failed(void **state)
{
	struct kalloc_machine *m = *state;

	seen_begin(m, OBJECTS);
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "1"), 1);
	assert_null(kmalloc(100, GFP_KERNEL));
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "1"), 1);
	assert_null(kmem_cache_alloc(cache, GFP_KERNEL));
	assert_null(kmalloc(32 << 20, GFP_KERNEL | __GFP_NOWARN));
	seen_read(m, true);
	assert_int_equal(seen.nr, 3);
	assert_int_equal(SEEN(0, kmalloc).ptr, 0);
	assert_int_equal(SEEN(1, kmem_cache_alloc).ptr, 0);
	assert_int_equal(SEEN(2, kmalloc).ptr, 0);
	assert_int_equal(SEEN(2, kmalloc).bytes_req, 32 << 20);
}

/* A pointer that is no object is complained about, not told of. */
static void test_wrong_free(void **state)
{
	struct kalloc_machine *m = *state;
	void *large = kmalloc(20000, K);

	seen_begin(m, OBJECTS);
	kmem_cache_free(cache, large);
	seen_read(m, true);
	assert_int_equal(seen.nr, 0);
	assert_true(said_len > 0);
}

#define MANY 100

static void test_bulk(void **state)
{
	struct kalloc_machine *m = *state;
	void *objects[MANY];
	bool told[MANY] = { false };

	seen_begin(m, OBJECTS);
	assert_int_equal(kmem_cache_alloc_bulk(cache, K, MANY, objects), MANY);
	seen_read(m, true);
	assert_int_equal(seen.nr, MANY);
	for (size_t i = 0; i < MANY; i++) {
		void *object = (void *)(uintptr_t)SEEN(i, kmem_cache_alloc).ptr;

		for (size_t j = 0; j < MANY; j++) {
			if (objects[j] == object) {
				assert_false(told[j]);
				told[j] = true;
			}
		}
	}
	for (size_t i = 0; i < MANY; i++)
		assert_true(told[i]);
	kmem_cache_free_bulk(cache, MANY / 2, objects);
	kfree_bulk(MANY / 2, objects + MANY / 2);
	seen_read(m, true);
	assert_int_equal(seen.nr, MANY);
	for (size_t i = 0; i < MANY; i++) {
		u64 ptr = i < MANY / 2 ? SEEN(i, kmem_cache_free).ptr : SEEN(i, kfree).ptr;

		assert_ptr_equal((void *)(uintptr_t)ptr, objects[i]);
	}
}

static void *site_of_this(void)
{
	return kmalloc(40, K);
}

/* The call leads back into the function that made it. */
static void test_call_site(void **state)
{
	struct kalloc_machine *m = *state;
	void *(*volatile door)(void) = site_of_this;
	void *object;
	u64 site;

	seen_begin(m, OBJECTS);
	object = door();
	kfree(object);
	seen_read(m, true);
	site = SEEN(0, kmalloc).call_site;
	/* It may be that the compiler made it a jump. */
	assert_true(site - (u64)(uintptr_t)site_of_this < 4096 ||
		    site - (u64)(uintptr_t)test_call_site < 4096);
}

/* --- caches ---------------------------------------------------------------- */

static const struct trace_cache *cache_named(struct kalloc_machine *m, u64 number)
{
	return trace_cache_of(m, (u32)number);
}

static void test_existing_caches(void **state)
{
	struct kalloc_machine *m = *state;
	struct trace_cache_exists event;
	struct kmem_cache *twin = kmem_cache_create("twin", 99, 8, 0, NULL);

	assert_int_equal(trace_want(m, TRACE_ALL, OBJECTS), 0);
	seen_read(m, true);
	assert_int_equal(seen.nr, seen_count(TRACE_ID_cache_exists));
	event = SEEN(0, cache_exists);
	assert_string_equal(cache_named(m, event.name)->name, "traced");
	assert_int_equal(event.size, 100);
	assert_int_equal(event.slab_size, 104);
	assert_int_equal(event.users, 1);
	assert_true(cache_named(m, event.name)->is_twin);
	event = SEEN(1, cache_exists);
	assert_string_equal(cache_named(m, event.name)->name, "twin");
	assert_int_equal(event.align, 8);
	/* Not those that every machine makes. */
	assert_int_equal(seen.nr, 2);

	/* Once, for as long as it goes on. */
	assert_int_equal(trace_want(m, TRACE_ALL, TRACE_BIT(kfree)), 0);
	seen_read(m, true);
	assert_int_equal(seen.nr, 0);
	kmem_cache_destroy(twin);
}

static void test_cache_calls(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *s;
	size_t i = 0;

	seen_begin(m, OBJECTS);
	s = kmem_cache_create_usercopy("calls", 200, 16, SLAB_HWCACHE_ALIGN, 8, 32, NULL);
	kmem_cache_shrink(s);
	kmem_cache_destroy(s);
	seen_read(m, true);
	assert_int_equal(SEEN(0, cache_create).size, 200);
	assert_int_equal(SEEN(0, cache_create).align, 16);
	assert_int_equal(SEEN(0, cache_create).flags, SLAB_HWCACHE_ALIGN);
	assert_int_equal(SEEN(0, cache_create).useroffset, 8);
	assert_int_equal(SEEN(0, cache_create).usersize, 32);
	assert_int_equal(SEEN(0, cache_create).ctor, 0);
	assert_string_equal(cache_named(m, SEEN(0, cache_create).name)->name, "calls");
	while (seen.records[i].id != TRACE_ID_cache_created)
		i++;
	/* Between them are the allocations of the call itself. */
	assert_true(i > 1);
	assert_int_equal(SEEN(i, cache_created).slab_size, 256);
	assert_int_equal(SEEN(i, cache_created).id, SEEN(0, cache_create).id);
	assert_int_equal(SEEN(i + 1, cache_shrink).id, SEEN(0, cache_create).id);
	assert_int_equal(SEEN(i + 2, cache_shrunk).id, SEEN(0, cache_create).id);
	assert_int_equal(SEEN(i + 3, cache_destroy).id, SEEN(0, cache_create).id);
	assert_int_equal(SEEN(seen.nr - 1, cache_destroyed).id, SEEN(0, cache_create).id);
	assert_true(seen.nr > i + 5);

	/* One that fails has an end as well, and nobody is told of it later. */
	rig_hush();
	assert_null(kmem_cache_create("wrong", 16, 8, ~SLAB_PANIC, NULL));
	seen_read(m, true);
	assert_string_equal(cache_named(m, SEEN(0, cache_create).name)->name, "wrong");
	assert_int_equal(SEEN(seen.nr - 1, cache_created).slab_size, 0);
}

/* --- the same objects ------------------------------------------------------ */

#define OPS   20000
#define SLOTS 600

static unsigned int random_state;

static unsigned int draw(unsigned int below)
{
	random_state = random_state * 1103515245u + 12345u;
	return (random_state >> 16) % below;
}

/* Where the objects of a program lie that is the same each time. Recording goes on and off. */
static void run_program(const char *cmdline, bool records, unsigned long *offsets)
{
	struct kalloc_machine *m = rig_boot(cmdline);
	struct kmem_cache *s = kmem_cache_create("program", 72, 0, 0, NULL);
	static void *slots[SLOTS];

	memset(slots, 0, sizeof(slots));
	random_state = 1;
	for (int i = 0; i < OPS; i++) {
		void **slot = &slots[draw(SLOTS)];
		unsigned int what = draw(4), size = draw(3000);

		if (records && i % 1000 == 0)
			assert_int_equal(trace_want(m, TRACE_ALL, i / 1000 % 3 ? OBJECTS : 0), 0);
		offsets[i] = 0;
		if (*slot) {
			kfree(*slot);
			*slot = NULL;
			continue;
		}
		if (what == 0)
			*slot = kmem_cache_alloc(s, K);
		else if (what == 1)
			*slot = kmalloc(64, K);
		else
			*slot = kmalloc(size + 1, K);
		offsets[i] = (unsigned long)((char *)*slot - (char *)m->linear);
		if (i % 5000 == 4999)
			kmem_cache_shrink(s);
	}
	assert_true(front_ok(s));
	for (int i = 0; i < SLOTS; i++)
		kfree(slots[i]);
	assert_int_equal(objects_out(s), 0);
	rig_halt(m);
}

static void test_same_objects(void **state)
{
	static const char *const cmdlines[] = { "mem=64M nr_cpus=1",
						"mem=64M nr_cpus=1 kalloc.sheaves=off",
						"mem=64M nr_cpus=1 slub_debug=FZP",
						"mem=64M nr_cpus=1 init_on_alloc=1" };
	static unsigned long plain[OPS], recorded[OPS];

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		run_program(cmdlines[i], false, plain);
		run_program(cmdlines[i], true, recorded);
		assert_memory_equal(plain, recorded, sizeof(plain));
	}
}

/* --- threads --------------------------------------------------------------- */

#define WORKERS 3
#define ROUNDS	4000

struct shared {
	struct kalloc_machine *m;
	struct kmem_cache *s;
	unsigned int nr_done;
};

static void *work(void *arg)
{
	struct shared *shared = arg;
	void *objects[20];

	kalloc_enter(shared->m);
	for (int i = 0; i < ROUNDS; i++) {
		for (size_t j = 0; j < ARRAY_SIZE(objects); j++) {
			objects[j] = j % 2 ? kmem_cache_alloc(shared->s, K) : kmalloc(48, K);
			assert_non_null(objects[j]);
			/* Nobody else's. */
			*(void **)objects[j] = &objects[j];
		}
		for (size_t j = 0; j < ARRAY_SIZE(objects); j++) {
			assert_ptr_equal(*(void **)objects[j], &objects[j]);
			kfree(objects[j]);
		}
	}
	__atomic_fetch_add(&shared->nr_done, 1, __ATOMIC_RELEASE);
	kalloc_enter(NULL);
	return NULL;
}

/* Fronts are hidden and shown under the hands of those who use them. */
static void test_threads(void **state)
{
	struct kalloc_machine *m = *state;
	struct shared shared = { .m = m, .s = cache };
	pthread_t threads[WORKERS];
	unsigned int rounds = 0;

	for (size_t i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &shared), 0);
	/* front_ok() looks at slabs, too, which others are changing now. */
	while (__atomic_load_n(&shared.nr_done, __ATOMIC_ACQUIRE) < WORKERS)
		assert_int_equal(trace_want(m, TRACE_ALL, ++rounds % 2 ? OBJECTS : 0), 0);
	for (size_t i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(trace_want(m, TRACE_ALL, OBJECTS), 0);
	assert_true(front_ok(cache));
	assert_int_equal(trace_want(m, TRACE_ALL, 0), 0);
	assert_int_equal(objects_out(cache), 0);
	/* As quick as ever: a free object lies where programs take it. */
	kfree(kmem_cache_alloc(cache, K));
	assert_true(!cache->sheaf_most || front_count(cache) > 0);
}

static int setup(void **state)
{
	*state = rig_boot("mem=64M nr_cpus=2 slab_nomerge");
	cache = kmem_cache_create("traced", 100, 8, 0, NULL);
	return cache ? 0 : -1;
}

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIGGED(test_kmalloc_doors),
		RIGGED(test_krealloc),
		RIGGED(test_cache_doors),
		RIGGED(test_chosen),
		RIGGED(test_failed),
		RIGGED(test_wrong_free),
		RIGGED(test_bulk),
		RIGGED(test_call_site),
		RIGGED(test_existing_caches),
		RIGGED(test_cache_calls),
		cmocka_unit_test(test_same_objects),
		RIGGED(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
