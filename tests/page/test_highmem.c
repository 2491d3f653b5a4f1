/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/highmem.c: frames without a linear address get one that all users
 * share, keep their contents while they have none, wait for a slot when all are
 * lent, and are zeroed when asked; frames with a linear address just have that.
 */
#include <pthread.h>

#include "rig.h"

static struct rig rig;
static struct kmap_slots *kmaps;

static int up(void **state)
{
	rig = rig_up("mem=64M highmem=16M nr_cpus=2");
	kmaps = &rig.m->page->kmap;
	return 0;
}

static int down(void **state)
{
	assert_int_equal(kmaps->lent, 0);
	rig_down(&rig);
	return 0;
}

static struct page *high_page(gfp_t gfp)
{
	struct page *page = alloc_page(GFP_HIGHUSER | gfp);

	assert_int_equal(page_zonenum(page), ZONE_HIGHMEM);
	return page;
}

static void test_linear(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	assert_ptr_equal(kmap(page), page_address(page));
	assert_ptr_equal(kmap_local_page(page), page_address(page));
	kunmap_local(page_address(page));
	kunmap(page);
	assert_int_equal(kmaps->lent, 0);
	assert_string_equal(said, "");
	__free_page(page);
}

/* One slot for all users of a frame, of either kind, until the last has gone. */
static void test_shared(void **state)
{
	struct page *page = high_page(0), *other = high_page(0);
	char *addr, *other_addr;

	assert_null(page_address(page));
	addr = kmap(page);
	assert_ptr_equal(page_address(page), addr);
	assert_ptr_equal(kmap(page), addr);
	assert_ptr_equal(kmap_local_page(page), addr);
	assert_int_equal(kmaps->lent, 1);
	other_addr = kmap(other);
	assert_ptr_not_equal(other_addr, addr);
	assert_int_equal(kmaps->lent, 2);
	*addr = 1;
	*other_addr = 2;
	assert_int_equal(*addr, 1);

	kunmap_local(addr);
	kunmap(page);
	assert_ptr_equal(page_address(page), addr);
	kunmap(page);
	assert_null(page_address(page));
	assert_int_equal(kmaps->lent, 1);
	kunmap(other);
	__free_page(page);
	__free_page(other);
}

/* What was written is there again, though the slot served other frames in between. */
static void test_contents_survive(void **state)
{
	struct page *pages[3 * KMAP_SLOTS / 2];
	const unsigned int nr = ARRAY_SIZE(pages);

	for (unsigned int i = 0; i < nr; i++) {
		pages[i] = high_page(0);
		memcpy(kmap(pages[i]), &i, sizeof(i));
		kunmap(pages[i]);
	}
	for (unsigned int i = 0; i < nr; i++) {
		unsigned int *addr = kmap_local_page(pages[i]);

		assert_int_equal(*addr, i);
		kunmap_local(addr);
		assert_null(page_address(pages[i]));
		__free_page(pages[i]);
	}
}

/* Mapping the same frame again, with nothing in between, costs nothing: same slot. */
static void test_kept(void **state)
{
	struct page *page = high_page(0);
	void *addr = kmap(page);

	kunmap(page);
	assert_ptr_equal(kmap(page), addr);
	kunmap(page);
	__free_page(page);
}

static void test_zero(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct page *page = high_page(__GFP_ZERO);
		unsigned char *bytes = kmap(page);

		assert_int_equal(bytes[0], 0);
		assert_memory_equal(bytes, bytes + 1, PAGE_SIZE - 1);
		memset(bytes, 0xa5, PAGE_SIZE);
		kunmap(page);
		__free_page(page);
	}
}

static void test_init_on_free(void **state)
{
	struct rig other = rig_up("mem=32M highmem=8M nr_cpus=1 init_on_free=1");
	struct page *page = high_page(0);
	unsigned char *bytes = kmap(page);

	memset(bytes, 0xa5, PAGE_SIZE);
	kunmap(page);
	__free_page(page);
	assert_ptr_equal(alloc_page(GFP_HIGHUSER), page);
	bytes = kmap(page);
	assert_int_equal(bytes[0], 0);
	assert_int_equal(bytes[PAGE_SIZE - 1], 0);
	kunmap(page);
	__free_page(page);
	rig_down(&other);
	kalloc_set_console(said_append, NULL);
	kalloc_enter(rig.m);
}

struct slots {
	struct page *pages[KMAP_SLOTS];
	struct page *wanted; /* by the thread */
	char *addr;
};

static void *map_one(void *arg)
{
	struct slots *slots = arg;

	slots->addr = kmap(slots->wanted);
	return NULL;
}

/* All shared slots lent: kmap_local still serves, kmap waits until one is returned. */
static void test_slots_run_out(void **state)
{
	struct slots *slots = calloc(1, sizeof(*slots));
	struct page *local[2 * KMAP_LOCAL];
	void *addr[2 * KMAP_LOCAL];
	pthread_t thread;
	u32 ticket;

	for (int i = 0; i < KMAP_SLOTS; i++) {
		slots->pages[i] = high_page(0);
		*(char *)kmap(slots->pages[i]) = 1;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(local); i++) {
		local[i] = high_page(0);
		addr[i] = kmap_local_page(local[i]);
		assert_non_null(addr[i]);
	}
	assert_int_equal(kmaps->lent, KMAP_SLOTS + 2 * KMAP_LOCAL);

	/* Not one more of either kind; a frame that is mapped can be mapped again. */
	slots->wanted = high_page(0);
	assert_null(kmap_local_page(slots->wanted));
	assert_int_equal(said_count("every slot is lent"), 1);
	assert_non_null(kmap(slots->pages[0]));
	kunmap(slots->pages[0]);

	for (unsigned int i = ARRAY_SIZE(local); i-- > 0;)
		kunmap_local(addr[i]);
	assert_int_equal(pthread_create(&thread, NULL, map_one, slots), 0);
	while (!__atomic_load_n(&kmaps->wait.waiters, __ATOMIC_SEQ_CST))
		sched_yield();
	assert_null(page_address(slots->wanted));
	ticket = waitq_ticket(&kmaps->wait);
	kunmap(slots->pages[7]);
	assert_int_not_equal(waitq_ticket(&kmaps->wait), ticket);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_ptr_equal(page_address(slots->wanted), slots->addr);
	kunmap(slots->wanted);

	for (int i = 0; i < KMAP_SLOTS; i++) {
		if (i != 7)
			kunmap(slots->pages[i]);
		__free_page(slots->pages[i]);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(local); i++)
		__free_page(local[i]);
	__free_page(slots->wanted);
	free(slots);
}

/* Undoing what was not done is said once a kind, and changes nothing. */
static void test_not_mapped(void **state)
{
	struct page *page = high_page(0);

	kunmap(page);
	assert_int_equal(said_count("which is not mapped"), 1);
	kunmap(page);
	assert_int_equal(said_count("which is not mapped"), 1);
	kunmap_local(kmaps->start + ((size_t)kmaps->nr << PAGE_SHIFT));
	assert_int_equal(said_count("which is no slot"), 1);
	__free_page(page);
}

/* HIGHMEM on both sides of the hole below 4 GiB: the hole is no memory. */
static void test_hole(void **state)
{
	struct rig other = rig_up("mem=4G highmem=2G nr_cpus=1");
	struct zone *zone = rig_zone(&other, 0, ZONE_HIGHMEM);
	struct page *below, *above;

	assert_int_equal(zone->zone_start_pfn, 0x80000);
	assert_int_equal(zone->spanned_pages, 0xc0000);
	assert_int_equal(zone->present_pages, 0x80000);
	assert_int_equal(zone->managed_pages, 0x80000);
	below = alloc_pages(GFP_HIGHUSER, 10);
	assert_int_equal(page_to_pfn(below), 0x80000);
	for (unsigned long pfn = 0x80400; pfn < 0xc0000; pfn += 1024)
		assert_int_equal(page_to_pfn(alloc_pages(GFP_HIGHUSER, 10)), pfn);
	above = alloc_pages(GFP_HIGHUSER, 10);
	assert_int_equal(page_to_pfn(above), 0x100000);
	for (unsigned long pfn = 0x80000; pfn < 0xc0000; pfn += 1024)
		__free_pages(pfn_to_page(pfn), 10);
	__free_pages(above, 10);
	rig_down(&other);
	kalloc_set_console(said_append, NULL);
	kalloc_enter(rig.m);
}

#define test_on_rig(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_rig(test_linear),
		test_on_rig(test_shared),
		test_on_rig(test_contents_survive),
		test_on_rig(test_kept),
		test_on_rig(test_zero),
		test_on_rig(test_init_on_free),
		test_on_rig(test_slots_run_out),
		test_on_rig(test_not_mapped),
		test_on_rig(test_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
