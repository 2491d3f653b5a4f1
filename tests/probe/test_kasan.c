/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/asan.c, src/probe/kasan.c, src/slab/shadow.c and the places that call
 * them: which bytes AddressSanitizer is told to be closed, byte by byte, through every door;
 * that what is closed is not freed once more; and that nothing stays closed when the machine
 * is gone. The sanitizer is one of this file's own, which keeps a byte for each; so there is
 * no such test in builds that have one. Programs that are really made with one are in
 * tests/kernel/planted.
 */
#include <sys/mman.h>

#include <kalloc/page.h>
#include <kalloc/vmalloc.h>

#include "plat/map.h"
#include "slab/rig.h"
#include "vmap/space.h"

#define CMDLINE "mem=16M vmalloc=64M nr_cpus=1 kasan=on"

/* The machine is as large as its alignment: what it has of an address are the lower bits. */
#define MACHINE_BYTES (1UL << 32)

static char *closed; /* a byte for each of them */
static size_t nr_closed_now;
static unsigned int nr_reports;

static inline char *shadow_of(const volatile void *at)
{
	return closed + (size_t)at % MACHINE_BYTES;
}

static void fill(const volatile void *at, size_t n, char value)
{
	for (char *from = shadow_of(at); n--; from++) {
		nr_closed_now += (size_t)(value - *from);
		*from = value;
	}
}

/* It works on 8 bytes at a time, which may be open up to a point. */
void __asan_poison_memory_region(const volatile void *at, size_t n);
void __asan_poison_memory_region(const volatile void *at, size_t n)
{
	assert_int_equal(((size_t)at + n) % 8, 0);
	fill(at, n, 1);
}

void __asan_unpoison_memory_region(const volatile void *at, size_t n);
void __asan_unpoison_memory_region(const volatile void *at, size_t n)
{
	assert_int_equal((size_t)at % 8, 0);
	fill(at, n, 0);
}

int __asan_address_is_poisoned(const volatile void *at);
int __asan_address_is_poisoned(const volatile void *at)
{
	return *shadow_of(at);
}

void __asan_report_error(void *pc, void *bp, void *sp, void *at, int is_write, size_t n);
void __asan_report_error(void *pc, void *bp, void *sp, void *at, int is_write, size_t n)
{
	nr_reports++;
}

static const struct kalloc_machine *watched; /* where memset() may not meet what is closed */

/* The sanitizer stands in for the C library's. */
void *memset(void *at, int value, size_t n)
{
	volatile char *to = at;

	for (size_t i = 0; i < n; i++) {
		if (watched && (size_t)((char *)at - watched->base) < watched->bytes)
			nr_reports += (unsigned int)*shadow_of(to + i);
		to[i] = (char)value;
	}
	return at;
}

/* Bytes from @at on that are open, at most @most. */
static size_t nr_open(const void *at, size_t most)
{
	const char *from = shadow_of(at), *first = memchr(from, 1, most);

	return first ? (size_t)(first - from) : most;
}

static size_t nr_closed(const void *at, size_t most)
{
	const char *from = shadow_of(at), *first = memchr(from, 0, most);

	return first ? (size_t)(first - from) : most;
}

static void assert_reports(unsigned int nr)
{
	assert_int_equal(nr_reports, nr);
	nr_reports = 0;
	rig_hush();
}

static void test_kmalloc(void **state)
{
	(void)state;
	for (size_t size = 1; size <= KMALLOC_MAX_CACHE_SIZE; size += size / 9 + 1) {
		char *object = kmalloc(size, GFP_KERNEL), *zeroed = kzalloc(size, GFP_KERNEL);
		size_t room = kmalloc_size_roundup(size);

		assert_int_equal(nr_open(object, room + 1), size);
		assert_int_equal(nr_open(zeroed, room + 1), size);
		assert_in_range(nr_closed(object + size, room + 16 - size), room + 16 - size, ~0UL);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(zeroed[i], 0);
		assert_int_equal(ksize(object), room);
		assert_int_equal(nr_open(object, room + 1), room);
		kfree(object);
		kfree(zeroed);
		assert_int_equal(nr_closed(object, room), room);
	}
	assert_reports(0);
}

static void test_krealloc(void **state)
{
	char *object = kmalloc(200, GFP_KERNEL);

	(void)state;
	memset(object, 7, 200);
	object = krealloc(object, 20, GFP_KERNEL | __GFP_ZERO);
	assert_int_equal(nr_open(object, 256), 20);
	object = krealloc(object, 250, GFP_KERNEL);
	assert_int_equal(nr_open(object, 257), 250);
	assert_int_equal(object[19], 7);
	assert_int_equal(object[20], 0);
	object = krealloc(object, 300, GFP_KERNEL);
	assert_int_equal(nr_open(object, 512), 300);
	object = krealloc(object, 30000, GFP_KERNEL);
	assert_int_equal(nr_open(object, 32768), 30000);
	object = krealloc(object, 20001, GFP_KERNEL);
	assert_int_equal(nr_open(object, 32768), 20001);
	kfree_sensitive(object);
	assert_reports(0);
}

static void test_large(void **state)
{
	char *object = kmalloc(20000, GFP_KERNEL);

	(void)state;
	assert_int_equal(nr_open(object, 32768), 20000);
	assert_int_equal(nr_closed(object + 20000, 12768), 12768);
	kfree(object);
	assert_int_equal(nr_closed(object, 32768), 32768);
	assert_reports(0);
	kfree(object);
	assert_reports(1);
	object = kmalloc(20000, GFP_KERNEL);
	kfree(object + 4096);
	assert_reports(1);
	kfree(object);
	assert_reports(0);
}

static void construct(void *object)
{
	memset(object, 9, 40);
}

static void test_caches(void **state)
{
	struct kmem_cache *plain = kmem_cache_create("plain", 40, 0, 0, NULL);
	struct kmem_cache *like = kmem_cache_create("like", 40, 0, 0, NULL);
	struct kmem_cache *made = kmem_cache_create("made", 40, 0, 0, construct);
	struct kmem_cache *read = kmem_cache_create("read", 40, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct kmem_cache *checked = kmem_cache_create("checked", 40, 0, SLAB_POISON, NULL);
	char *object = kmem_cache_alloc(plain, GFP_KERNEL);

	(void)state;
	assert_ptr_not_equal(plain, like);
	assert_int_equal(nr_open(object, 100), 40);
	assert_true(nr_closed(object + 40, 16) == 16);
	assert_int_equal(nr_closed(object + plain->size, 40), 40);
	kmem_cache_free(plain, object);
	assert_int_equal(nr_closed(object, 40), 40);
	object = kmalloc_trace(plain, GFP_KERNEL, 33);
	assert_int_equal(nr_open(object, 100), 33);
	kfree(object);

	object = kmem_cache_alloc(made, GFP_KERNEL);
	assert_int_equal(object[39], 9);
	assert_int_equal(nr_open(object, 100), 40);
	kmem_cache_free(made, object);
	assert_int_equal(nr_closed(object, 40), 40);

	object = kmem_cache_alloc(read, GFP_KERNEL);
	kmem_cache_free(read, object);
	assert_int_equal(nr_open(object, 40), 40);

	object = kmem_cache_alloc(checked, GFP_KERNEL);
	kmem_cache_free(checked, object);
	assert_int_equal(nr_open(object, 40), 40);
	assert_reports(0);
	kmem_cache_destroy(plain);
	kmem_cache_destroy(like);
	kmem_cache_destroy(made);
	kmem_cache_destroy(read);
	kmem_cache_destroy(checked);
	assert_string_equal(said, "");
}

/* What is freed wrongly is reported and stays as it is. */
static void test_wrong_frees(void **state)
{
	struct kmem_cache *s = kmem_cache_create("wrong", 40, 0, 0, NULL);
	void *object = kmem_cache_alloc(s, GFP_KERNEL), *other;
	void *objects[3];

	(void)state;
	kmem_cache_free(s, (char *)object + 8);
	assert_reports(1);
	assert_int_equal(nr_open(object, 100), 40);
	kmem_cache_free(s, object);
	assert_reports(0);
	kmem_cache_free(s, object);
	assert_reports(1);
	kfree(object);
	assert_reports(1);
	assert_int_equal(ksize(object), 0);
	assert_reports(1);
	assert_int_equal(kmem_cache_alloc_bulk(s, GFP_KERNEL, 3, objects), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(nr_open(objects[i], 100), 40);
	other = objects[1];
	kmem_cache_free_bulk(s, 3, objects);
	assert_reports(0);
	objects[0] = other;
	kfree_bulk(1, objects);
	assert_reports(1);
	kmem_cache_shrink(s);
	assert_string_equal(said, "");
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

/* Its frames have gone back since. */
static void test_free_of_discarded(void **state)
{
	struct kmem_cache *s = kmem_cache_create("gone", 40, 0, 0, NULL);
	void *object = kmem_cache_alloc(s, GFP_KERNEL);

	(void)state;
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	assert_reports(0);
	kfree(object);
	assert_reports(1);
}

static void test_frames(void **state)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	char *at = page_address(page);

	(void)state;
	assert_int_equal(nr_open(at, 4 * PAGE_SIZE), 4 * PAGE_SIZE);
	split_page(page, 2);
	__free_pages(page + 1, 0);
	assert_int_equal(nr_open(at, 4 * PAGE_SIZE), PAGE_SIZE);
	assert_int_equal(nr_closed(at + PAGE_SIZE, 3 * PAGE_SIZE), PAGE_SIZE);
	__free_pages(page, 0);
	__free_pages(page + 2, 0);
	__free_pages(page + 3, 0);
	assert_int_equal(nr_closed(at, 4 * PAGE_SIZE), 4 * PAGE_SIZE);
	at = (char *)get_zeroed_page(GFP_KERNEL);
	assert_int_equal(nr_open(at, PAGE_SIZE), PAGE_SIZE);
	free_page((unsigned long)at);
	at = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	assert_int_equal(nr_open(at, 4 * PAGE_SIZE), 3 * PAGE_SIZE);
	free_pages_exact(at, 3 * PAGE_SIZE);
	assert_reports(0);
}

static void test_areas(void **state)
{
	struct page *pages[2] = { alloc_pages(GFP_KERNEL, 0), alloc_pages(GFP_KERNEL, 0) };
	char *area = vmalloc(5000), *mapped;

	(void)state;
	assert_int_equal(nr_open(area, 8192), 5000);
	assert_int_equal(nr_closed(area + 5000, 3192), 3192);
	vfree(area);
	assert_int_equal(nr_closed(area, 8192), 8192);
	vm_unmap_aliases();
	assert_int_equal(nr_open(area, 8192), 8192);
	mapped = vmap(pages, 2, VM_MAP, PAGE_KERNEL);
	assert_int_equal(nr_open(mapped, 8192), 8192);
	vunmap(mapped);
	assert_int_equal(nr_closed(mapped, 8192), 8192);
	mapped = vm_map_ram(pages, 2, NUMA_NO_NODE);
	assert_int_equal(nr_open(mapped, 8192), 8192);
	vm_unmap_ram(mapped, 2);
	assert_int_equal(nr_closed(mapped, 8192), 8192);
	__free_page(pages[0]);
	__free_page(pages[1]);
	area = kvmalloc(100, GFP_KERNEL);
	assert_int_equal(nr_open(area, 128), 100);
	kvfree(area);
	assert_reports(0);
}

/* Where an area costs no mapping, what is freed faults at once. */
static void test_windows(void **state)
{
	unsigned int was = map_budget_left();
	char *area;

	map_budget_set(300);
	/* The first one sees that mappings are few. */
	vfree(vmalloc(PAGE_SIZE));
	area = vmalloc(5000);
	assert_int_equal(nr_open(area, 8192), 5000);
	vfree(area);
	if (window_has(*state, (unsigned long)area))
		assert_int_equal(nr_open(area, 8192), 8192);
	map_budget_set(was);
}

/* Another machine may lie there next, or something else of the host's. */
static void test_halt(void **state)
{
	kfree(kmalloc(100, GFP_KERNEL));
	vfree(vmalloc(5000));
	free_pages(__get_free_pages(GFP_KERNEL, 3), 3);
	assert_non_null(kmalloc(100, GFP_KERNEL));
	assert_non_null(vmalloc(5000));
	assert_true(nr_closed_now > 0);
	rig_halt(*state);
	*state = NULL;
	assert_int_equal(nr_closed_now, 0);
}

/* An area that is shown again is cleared by the library; one that is shown anew is zero. */
static void test_private(void **state)
{
	watched = *state;
	for (int i = 0; i < 10; i++) {
		char *area = vzalloc(5000);

		assert_int_equal(nr_open(area, 8192), 5000);
		for (int at = 0; at < 5000; at++) {
			assert_int_equal(area[at], 0);
			area[at] = 1;
		}
		vfree(area);
		assert_int_equal(nr_closed(area, 8192), 8192);
	}
	watched = NULL;
	assert_reports(0);
}

static int setup_of(const char *cmdline, void **state)
{
	struct kalloc_machine *m;

	closed = mmap(NULL, MACHINE_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (closed == MAP_FAILED)
		return -1;
	m = rig_boot(cmdline);
	assert_int_equal(m->bytes, MACHINE_BYTES);
	*state = m;
	nr_reports = 0;
	return 0;
}

static int setup(void **state)
{
	return setup_of(CMDLINE, state);
}

static int setup_private(void **state)
{
	return setup_of(CMDLINE " kalloc.ram=private", state);
}

static int teardown(void **state)
{
	if (*state)
		rig_halt(*state);
	return munmap(closed, MACHINE_BYTES);
}

#define kasan_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		kasan_test(test_kmalloc),
		kasan_test(test_krealloc),
		kasan_test(test_large),
		kasan_test(test_caches),
		kasan_test(test_wrong_frees),
		kasan_test(test_free_of_discarded),
		kasan_test(test_frames),
		kasan_test(test_areas),
		kasan_test(test_windows),
		kasan_test(test_halt),
		cmocka_unit_test_setup_teardown(test_private, setup_private, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
