/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/boot.c: the caches a machine starts with, in the kernel's order;
 * how they are counted; freezing and thawing; booting without enough memory.
 */
#include <pthread.h>

#include <kalloc/page.h>

#include "rig.h"
#include "slab/front.h"

/* Newest first, as Linux 6.1's /proc/slabinfo ends. */
static const char *const first_caches[] = {
	"dma-kmalloc-8k",  "dma-kmalloc-4k",  "dma-kmalloc-2k",	 "dma-kmalloc-1k",
	"dma-kmalloc-512", "dma-kmalloc-256", "dma-kmalloc-192", "dma-kmalloc-128",
	"dma-kmalloc-96",  "dma-kmalloc-64",  "dma-kmalloc-32",	 "dma-kmalloc-16",
	"dma-kmalloc-8",   "kmalloc-rcl-8k",  "kmalloc-rcl-4k",	 "kmalloc-rcl-2k",
	"kmalloc-rcl-1k",  "kmalloc-rcl-512", "kmalloc-rcl-256", "kmalloc-rcl-192",
	"kmalloc-rcl-128", "kmalloc-rcl-96",  "kmalloc-rcl-64",	 "kmalloc-rcl-32",
	"kmalloc-rcl-16",  "kmalloc-rcl-8",   "kmalloc-cg-8k",	 "kmalloc-cg-4k",
	"kmalloc-cg-2k",   "kmalloc-cg-1k",   "kmalloc-cg-512",	 "kmalloc-cg-256",
	"kmalloc-cg-192",  "kmalloc-cg-128",  "kmalloc-cg-96",	 "kmalloc-cg-64",
	"kmalloc-cg-32",   "kmalloc-cg-16",   "kmalloc-cg-8",	 "kmalloc-8k",
	"kmalloc-4k",	   "kmalloc-2k",      "kmalloc-1k",	 "kmalloc-512",
	"kmalloc-256",	   "kmalloc-192",     "kmalloc-128",	 "kmalloc-96",
	"kmalloc-64",	   "kmalloc-32",      "kmalloc-16",	 "kmalloc-8",
	"kmem_cache_node", "kmem_cache",
};

struct listing {
	const char *names[80];
	unsigned int nr;
};

static void list_name(void *ctx, const struct slab_info *info)
{
	struct listing *listing = ctx;

	if (listing->nr < ARRAY_SIZE(listing->names))
		listing->names[listing->nr] = info->name;
	listing->nr++;
}

static void test_list(void **state)
{
	struct listing listing = { .nr = 0 };
	size_t nr_user;

	kmem_cache_create("newest", 64, 0, 0, NULL);
	slab_walk(*state, list_name, &listing);
	assert_string_equal(listing.names[0], "newest");
	/* Other rooms may have made caches of their own between. */
	assert_in_range(listing.nr, ARRAY_SIZE(first_caches) + 1, ARRAY_SIZE(listing.names));
	nr_user = listing.nr - ARRAY_SIZE(first_caches);
	for (size_t i = 0; i < ARRAY_SIZE(first_caches); i++)
		assert_string_equal(listing.names[nr_user + i], first_caches[i]);
}

static void test_flags_of_rows(void **state)
{
	struct kalloc_machine *m = *state;

	assert_true(m->slab->kmalloc_caches[KMALLOC_CGROUP][7]->flags & SLAB_ACCOUNT);
	assert_true(m->slab->kmalloc_caches[KMALLOC_RECLAIM][7]->flags & SLAB_RECLAIM_ACCOUNT);
	assert_true(m->slab->kmalloc_caches[KMALLOC_DMA][7]->flags & SLAB_CACHE_DMA);
	assert_true(rig_info(m, "kmalloc-rcl-64").reclaimable);
	assert_false(rig_info(m, "kmalloc-64").reclaimable);
}

/* The two caches that describe caches go without fronts, and booting touches none. */
static void test_fronts_untouched(void **state)
{
	struct kalloc_machine *m = *state;
	const struct kmem_cache *s = m->slab->kmem_cache;
	unsigned long pfn =
		(unsigned long)(virt_to_page(m->slab->kmalloc_caches[0][6]) - m->vmemmap);

	assert_int_equal(s->sheaf_most, 0);
	assert_int_equal(s->supply.nr, 0);
	assert_int_equal(m->slab->kmem_cache_node->supply.nr, 0);
	assert_int_equal(m->objects.space.classes[((size_t)m->linear >> PAGE_SHIFT) + pfn], 0);
	for (unsigned int class = 0; class <= FRONT_FIRST_CLASS; class ++)
		assert_null(kalloc_front_of(&m->objects.space, class)->slots);
	rig_all_ok(m);
}

/* Without checks a CPU's slab counts as all in use: 64 of 64 after 3. */
static void test_counts(void **state)
{
	struct kmem_cache *s = kmem_cache_create("n", 64, 0, 0, NULL);
	struct slab_info info;

	for (int i = 0; i < 3; i++)
		kmem_cache_alloc(s, GFP_KERNEL);
	info = rig_info(*state, "n");
	assert_int_equal(info.active_objs, 64);
	assert_int_equal(info.num_objs, 64);
	assert_int_equal(info.num_slabs, 1);
	assert_int_equal(info.size, 64);
	assert_int_equal(info.objects_per_slab, 64);
	assert_int_equal(info.pages_per_slab, 1);
	kmem_cache_shrink(s);
	assert_int_equal(rig_info(*state, "n").active_objs, 3);
	info = rig_info(*state, "dma-kmalloc-8k");
	assert_int_equal(info.num_objs, 0);
	assert_int_equal(info.pages_per_slab, 8);
}

static void test_parameters(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=1 slub_max_order=0");

	(void)state;
	assert_int_equal(rig_info(m, "kmalloc-1k").pages_per_slab, 1);
	rig_halt(m);
	m = rig_boot("mem=64M nr_cpus=1 slub_min_order=2");
	assert_int_equal(rig_info(m, "kmalloc-8").pages_per_slab, 4);
	rig_halt(m);
	m = rig_boot("mem=64M nr_cpus=1 slub_min_objects=32");
	assert_int_equal(rig_info(m, "kmalloc-512").pages_per_slab, 4);
	rig_halt(m);
}

struct allocator {
	struct kalloc_machine *m;
	bool done;
};

static void *allocate_once(void *arg)
{
	struct allocator *allocator = arg;

	kalloc_enter(allocator->m);
	kfree(kmalloc(64, GFP_KERNEL));
	__atomic_store_n(&allocator->done, true, __ATOMIC_RELEASE);
	kalloc_enter(NULL);
	return NULL;
}

/* While frozen every lock is held; a thread that came meanwhile goes on after. */
static void test_freeze(void **state)
{
	struct allocator allocator = { .m = *state };
	struct kmem_cache *s = allocator.m->slab->kmalloc_caches[0][6];
	pthread_t thread;

	slab_freeze(allocator.m);
	assert_true(lock_is_held(&allocator.m->slab->caches_lock));
	assert_true(lock_is_held(&s->cpu_slab[0].lock));
	assert_true(lock_is_held(&s->node[0]->list_lock));
	pthread_create(&thread, NULL, allocate_once, &allocator);
	assert_false(__atomic_load_n(&allocator.done, __ATOMIC_ACQUIRE));
	slab_thaw(allocator.m);
	pthread_join(thread, NULL);
	assert_true(allocator.done);
	assert_false(lock_is_held(&s->cpu_slab[0].lock));
	rig_all_ok(allocator.m);
}

/* Every frame of the machine but those kept back, chained through their first word. */
static unsigned long take_frames(void)
{
	unsigned long chain = 0, frame;

	while ((frame = __get_free_pages(GFP_ATOMIC | __GFP_NOWARN | __GFP_MEMALLOC, 0))) {
		*(unsigned long *)frame = chain;
		chain = frame;
	}
	return chain;
}

/* slab_boot() with tables that nothing was cut from. */
static int boot_anew(struct kalloc_machine *m, const struct tables *measured, char *at)
{
	assert_int_equal(map_uncommit(at, tables_bytes(measured)), 0);
	assert_int_equal(map_commit(at, tables_bytes(measured)), 0);
	m->tables = tables_at(measured, (unsigned long)at);
	return slab_boot(m);
}

/* Booting fails cleanly however many frames there are, until there are enough. */
static void test_no_memory(void **state)
{
	struct kalloc_machine *m = *state;
	struct tables measured = tables_to_measure();
	char *tables;
	struct slab_room *room = m->slab;
	unsigned long chain = take_frames();
	unsigned int refused = 0;
	int err;

	slab_measure(m, &measured);
	tables = map_alloc(tables_bytes(&measured));
	while ((err = boot_anew(m, &measured, tables))) {
		assert_int_equal(err, -ENOMEM);
		assert_null(m->slab);
		refused++;
		for (unsigned int i = 0; i < refused; i++) {
			unsigned long frame = chain;

			chain = *(unsigned long *)frame;
			free_pages(frame, 0);
		}
	}
	assert_in_range(refused, 1, 100);
	rig_all_ok(m);
	slab_halt(m);
	m->slab = room;
	map_free(tables, tables_bytes(&measured));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_list),
		rig_test(test_flags_of_rows),
		rig_test(test_fronts_untouched),
		rig_test(test_counts),
		cmocka_unit_test(test_parameters),
		rig_test(test_freeze),
		rig_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
