/* SPDX-License-Identifier: MIT */
/*
 * Proves what the layers above the page allocator note of an explained request: where an
 * object was found, of which order a new slab is, whether a cache is shared, what an area's
 * pages came in and what it lacked, kvmalloc's second way and a pool's reserve.
 */
#include <kalloc/explain.h>
#include <kalloc/fragment.h>
#include <kalloc/mempool.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "explaining.h"

#define NR	   200
#define NR_SHEAVES 2000 /* more than two sheaves hold */

/* Caches keep slabs, so that frames are missing. */
static void down(void)
{
	kalloc_explain_stop();
	rig_release(&taken, 0);
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(rig.m);
}

/* --- objects ---------------------------------------------------------------- */

static const struct kalloc_note *object_from(struct kmem_cache *s, void **object)
{
	const struct kalloc_note *note = NULL;

	*object = kmem_cache_alloc(s, GFP_KERNEL);
	assert_non_null(*object);
	record_check();
	assert_int_equal(record.notes[0].kind, KALLOC_NOTE_OBJECT);
	for (unsigned int i = 0; i < record.nr_notes; i++) {
		if (record.notes[i].kind == KALLOC_NOTE_FROM ||
		    record.notes[i].kind == KALLOC_NOTE_SLAB)
			note = &record.notes[i];
	}
	assert_non_null(note);
	return note;
}

/* SLUB's own places, one after the other. */
static void test_slabs(void **state)
{
	const struct kalloc_note *note;
	struct kmem_cache *s;
	void *objects[NR];

	up("mem=64M nr_cpus=2 slab_nomerge kalloc.sheaves=off");
	s = kmem_cache_create("of-tests", 500, 0, 0, NULL);
	note = object_from(s, &objects[0]);
	assert_int_equal(note->kind, KALLOC_NOTE_SLAB);
	assert_string_equal(record.notes[0].object.name, "of-tests");
	assert_int_equal(record.notes[0].object.size, 500);
	assert_int_equal(note->slab.order, note->slab.wanted);
	assert_int_equal(note->slab.pfn, page_to_pfn(virt_to_page(objects[0])));
	for (int i = 1; i < NR; i++)
		object_from(s, &objects[i]);

	/* Back to the CPU's slab, to those before it, and to all. */
	kmem_cache_free(s, objects[NR - 1]);
	note = object_from(s, &objects[NR - 1]);
	assert_int_equal(note->from.where, KALLOC_FROM_CPU);
	assert_int_equal(note->from.cpu, 0);
	kalloc_set_cpu(1);
	kmem_cache_free(s, objects[NR - 1]);
	kalloc_set_cpu(0);
	for (int i = 0; i < NR - 1; i++)
		kmem_cache_free(s, objects[i]);
	for (int i = 0; i < NR; i++)
		object_from(s, &objects[i]);
	for (int i = 0; i < NR; i++)
		kmem_cache_free(s, objects[i]);
	assert_int_equal(kmem_cache_shrink(s), 0);
	kmem_cache_destroy(s);
	down();
}

static void test_sheaves(void **state)
{
	struct kmem_cache *s;
	static void *objects[NR_SHEAVES];

	up("mem=64M nr_cpus=1 slab_nomerge kalloc.sheaves=on");
	s = kmem_cache_create("of-tests", 100, 0, 0, NULL);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < NR_SHEAVES; i++)
			object_from(s, &objects[i]);
		for (int i = 0; i < NR_SHEAVES; i++)
			kmem_cache_free(s, objects[i]);
	}
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 50, objects), 50);
	record_check();
	assert_int_equal(record.notes[0].object.nr, 50);
	assert_int_equal(note_find(KALLOC_NOTE_OBJECT_END, true)->end.nr, 50);
	kmem_cache_free_bulk(s, 50, objects);
	kmem_cache_destroy(s);
	down();
}

/* Checked caches have their own way. */
static void test_checked(void **state)
{
	struct kmem_cache *s;
	void *objects[2];

	up("mem=64M nr_cpus=1 slub_debug");
	s = kmem_cache_create("of-tests", 100, 0, 0, NULL);
	assert_int_equal(object_from(s, &objects[0])->kind, KALLOC_NOTE_SLAB);
	assert_int_equal(object_from(s, &objects[1])->from.where, KALLOC_FROM_NODE_PARTIAL);
	kmem_cache_free(s, objects[0]);
	kmem_cache_free(s, objects[1]);
	kmem_cache_destroy(s);
	down();
}

/* A slab of the smallest order, where the best is not to be had. */
static void test_order(void **state)
{
	const struct kalloc_note *note;
	struct kmem_cache *s;
	void *object;

	up("mem=16M nr_cpus=1 slab_nomerge");
	s = kmem_cache_create("of-tests", 2000, 0, 0, NULL);
	assert_true(kalloc_fragment(1, 1.0, 1) > 0.99);
	note = object_from(s, &object);
	assert_int_equal(note->kind, KALLOC_NOTE_SLAB);
	assert_int_equal(note->slab.order, 0);
	assert_int_equal(note->slab.wanted, 2);
	assert_non_null(strstr(record_text(), "since one of order 2 was not to be had\n"));
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	kalloc_defragment();
	exhaust();
	assert_null(kmalloc(5000, GFP_NOWAIT | __GFP_NOWARN));
	record_check();
	assert_note("no slab", KALLOC_NOTE_OBJECT_END, false);
	down();
}

/* --- caches ----------------------------------------------------------------- */

static void construct(void *object)
{
}

static void assert_shared(const char *name, unsigned int size, slab_flags_t flags,
			  void (*ctor)(void *), enum kalloc_shared how)
{
	struct kmem_cache *s = kmem_cache_create(name, size, 0, flags, ctor);

	record_check();
	assert_note(name, KALLOC_NOTE_SHARED, how);
	assert_string_equal(record.notes[0].cache.name, name);
	assert_int_equal(record.notes[0].cache.size, size);
	kmem_cache_destroy(s);
}

static void test_caches(void **state)
{
	struct kmem_cache *first;

	up("mem=64M nr_cpus=1");
	first = kmem_cache_create("first", 200, 0, 0, NULL);
	record_check();
	assert_note("first", KALLOC_NOTE_SHARED, KALLOC_SHARED_NONE);
	assert_shared("second", 200, 0, NULL, KALLOC_SHARED_WITH);
	assert_string_equal(note_find(KALLOC_NOTE_SHARED, KALLOC_SHARED_WITH)->shared.name,
			    "first");
	assert_shared("ctor", 200, 0, construct, KALLOC_SHARED_CTOR);
	assert_shared("rcu", 200, SLAB_TYPESAFE_BY_RCU, NULL, KALLOC_SHARED_FLAGS);
	/* What it asked for besides is not told; nor is a cache that cannot be. */
	assert_null(strstr(record_text(), "kmem_cache_node"));
	assert_null(kmem_cache_create("empty", 0, 0, 0, NULL));
	record_check();
	assert_note("empty", KALLOC_NOTE_CACHE_END, false);
	kmem_cache_destroy(first);
	down();
	up("mem=64M nr_cpus=1 slab_nomerge");
	assert_shared("nomerge", 200, 0, NULL, KALLOC_SHARED_NOMERGE);
	down();
}

/* --- areas ------------------------------------------------------------------ */

static void test_area(void **state)
{
	const struct kalloc_note *note;
	unsigned long pages = 0;
	void *area;

	up("mem=64M nr_cpus=1");
	area = vmalloc(1000 * PAGE_SIZE);
	record_check();
	note = note_find(KALLOC_NOTE_BLOCKS, 0);
	/* The array of the pages is an area, too, and noted first. */
	while (note + 1 < record.notes + record.nr_notes &&
	       !(note->kind == KALLOC_NOTE_BLOCKS && note->level == 1))
		note++;
	for (unsigned int order = 0; order < ARRAY_SIZE(note->blocks.nr); order++)
		pages += (unsigned long)note->blocks.nr[order] << order;
	assert_int_equal(pages, 1000);
	assert_int_equal(record.notes[0].area.bytes, 1000 * PAGE_SIZE);
	assert_non_null(strstr(record_text(), "  1000 pages in "));
	vfree(area);

	area = vmalloc_huge(4UL << 20, GFP_KERNEL);
	record_check();
	assert_non_null(strstr(record_text(), "1024 pages in 2 blocks: 2 of order 9\n"));
	vfree(area);
	down();

	/* However many blocks, the record does not fill. */
	up("mem=16M nr_cpus=1");
	assert_true(kalloc_fragment(1, 1.0, 1) > 0.99);
	area = vmalloc(1500 * PAGE_SIZE);
	record_check();
	assert_non_null(strstr(record_text(), "  1500 pages in 1500 blocks: 1500 of order 0\n"));
	vfree(area);
	kalloc_defragment();
	down();
}

static void assert_lack(const char *cmdline, unsigned long bytes, unsigned long left, gfp_t gfp,
			enum kalloc_lack lack)
{
	up(cmdline);
	if (left) {
		exhaust();
		while (left--) {
			struct page *page = list_first_entry(&taken, struct page, lru);

			list_del(&page->lru);
			__free_page(page);
		}
	}
	assert_null(__vmalloc(bytes, gfp | __GFP_NOWARN));
	record_check();
	assert_note(cmdline, KALLOC_NOTE_LACK, lack);
	assert_note(cmdline, KALLOC_NOTE_AREA_END, false);
	down();
}

static void test_lacks(void **state)
{
	assert_lack("mem=16M nr_cpus=1", 1UL << 30, 0, GFP_KERNEL, KALLOC_LACK_TOTAL);
	assert_lack("mem=16M nr_cpus=1 vmalloc=1M", 2UL << 20, 0, GFP_KERNEL,
		    KALLOC_LACK_ADDRESSES);
	assert_lack("mem=16M nr_cpus=1", PAGE_SIZE, 1, GFP_KERNEL | __GFP_NORETRY,
		    KALLOC_LACK_RECORD);
	assert_lack("mem=16M nr_cpus=1", 1000 * PAGE_SIZE, 300, GFP_KERNEL, KALLOC_LACK_PAGES);
	assert_lack("mem=16M nr_cpus=1", 1000 * PAGE_SIZE, 130,
		    GFP_KERNEL | __GFP_MEMALLOC | __GFP_NORETRY, KALLOC_LACK_PAGES);
}

/* A record is at hand, in a slab that there is, and no page for the array. */
static void test_array(void **state)
{
	static const unsigned long sizes[] = { 96, 128, 192, 256 };
	void *objects[4];

	up("mem=16M nr_cpus=1 kalloc.sheaves=off");
	for (unsigned int i = 0; i < 4; i++)
		objects[i] = kmalloc(sizes[i], GFP_KERNEL);
	exhaust();
	assert_null(__vmalloc(2000 * PAGE_SIZE, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY));
	record_check();
	assert_note("array", KALLOC_NOTE_LACK, KALLOC_LACK_ARRAY);
	for (unsigned int i = 0; i < 4; i++)
		kfree(objects[i]);
	down();
}

/* --- second ways ------------------------------------------------------------ */

static void test_kvmalloc(void **state)
{
	void *p;

	up("mem=16M nr_cpus=1");
	assert_true(kalloc_fragment(2, 1.0, 1) > 0.99);
	p = kvmalloc(10000, GFP_KERNEL);
	record_check();
	assert_true(is_vmalloc_addr(p));
	assert_int_equal(note_find(KALLOC_NOTE_SECOND, true)->second.bytes, 10000);
	assert_note("kvmalloc", KALLOC_NOTE_PAGES_END, false);
	assert_note("kvmalloc", KALLOC_NOTE_AREA_END, true);
	kvfree(p);
	assert_null(kvmalloc(10000, GFP_NOWAIT | __GFP_NOWARN));
	record_check();
	assert_note("kvmalloc", KALLOC_NOTE_SECOND, false);
	p = kvmalloc(100, GFP_KERNEL);
	record_check();
	assert_null(note_find(KALLOC_NOTE_SECOND, true));
	kvfree(p);
	kalloc_defragment();
	down();

	/* Asked first, it is the whole of the record. */
	up("mem=16M nr_cpus=1 kalloc.kvmalloc=vmap");
	kfree(kmalloc(100, GFP_KERNEL));
	p = kvmalloc(10000, GFP_KERNEL);
	record_check();
	assert_int_equal(record.notes[0].kind, KALLOC_NOTE_SECOND);
	kvfree(p);
	down();
}

static void test_mempool(void **state)
{
	const struct kalloc_note *note;
	mempool_t *pool;
	void *elements[3];

	up("mem=16M nr_cpus=1");
	pool = mempool_create_page_pool(2, 3);
	assert_true(kalloc_fragment(3, 1.0, 1) > 0.99);
	for (int i = 0; i < 3; i++) {
		elements[i] = mempool_alloc(pool, GFP_NOWAIT);
		record_check();
		assert_int_equal(elements[i] != NULL, i < 2);
		note = note_find(KALLOC_NOTE_RESERVE, i < 2);
		assert_int_equal(note->reserve.min_nr, 2);
		assert_int_equal(note->reserve.left, i < 2 ? 1 - i : 0);
		assert_false(note->reserve.waits);
		assert_note("mempool", KALLOC_NOTE_PAGES_END, false);
	}
	assert_non_null(strstr(record_text(), "nothing is left of the reserve of 2\n"));
	mempool_free(elements[0], pool);
	mempool_free(elements[1], pool);
	kalloc_defragment();
	mempool_destroy(pool);
	down();
}

static void test_all_seen(void **state)
{
	static const struct {
		enum kalloc_note_kind kind;
		unsigned int values; /* one past the last */
		unsigned int unseen; /* a bit for each that is not to be seen here */
	} rows[] = {
		{ KALLOC_NOTE_FROM, KALLOC_FROM_NODE_PARTIAL + 1, 0 },
		{ KALLOC_NOTE_SLAB, 2, 0 },
		{ KALLOC_NOTE_SHARED, KALLOC_SHARED_NONE + 1, 0 },
		/* How many mappings a process may have is the host's affair. */
		{ KALLOC_NOTE_LACK, KALLOC_LACK_MAPPINGS, 0 },
		{ KALLOC_NOTE_BLOCKS, 1, 0 },
		{ KALLOC_NOTE_SECOND, 2, 0 },
		{ KALLOC_NOTE_RESERVE, 2, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (unsigned int value = 0; value < rows[i].values; value++) {
			if (!(rows[i].unseen >> value & 1) && !seen[rows[i].kind][value])
				fail_msg("no note %d of %u was seen", rows[i].kind, value);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slabs),	 cmocka_unit_test(test_sheaves),
		cmocka_unit_test(test_checked),	 cmocka_unit_test(test_order),
		cmocka_unit_test(test_caches),	 cmocka_unit_test(test_area),
		cmocka_unit_test(test_lacks),	 cmocka_unit_test(test_array),
		cmocka_unit_test(test_kvmalloc), cmocka_unit_test(test_mempool),
		cmocka_unit_test(test_all_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
