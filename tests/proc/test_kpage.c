/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/kpage.c: the word of each kind of frame, that the words agree with
 * what kalloc_inspect_frames() sees on machines of every shape, and reading in
 * pieces and while others allocate.
 */
#include "proc_test.h"

#include <pthread.h>

#include <kalloc/inspect.h>
#include <kalloc/page.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>

#include "kpage.h"

#define FLAGS	  "/proc/kpageflags"
#define COUNT	  "/proc/kpagecount"

#define BIT(name) (1ULL << KPF_##name)

static u64 word_of(const char *path, unsigned long pfn)
{
	u64 word = ~0ULL;

	assert_int_equal(kalloc_read_at(path, &word, sizeof(word), pfn * sizeof(word)),
			 sizeof(word));
	return word;
}

static u64 flags_of(const struct page *page)
{
	return word_of(FLAGS, page_to_pfn(page));
}

static void test_kinds(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1 kalloc.swap=1M");
	struct kalloc_mapping mapping = { .ops = NULL };
	struct page *page = alloc_page(GFP_KERNEL), *file = alloc_page(GFP_HIGHUSER_MOVABLE);
	struct page *plain = alloc_pages(GFP_KERNEL, 4);
	struct page *compound = alloc_pages(GFP_KERNEL | __GFP_COMP, 4);
	struct page *anon = alloc_page(GFP_HIGHUSER_MOVABLE);
	void *small = kmalloc(64, GFP_KERNEL), *large = kmalloc(4096, GFP_KERNEL);

	kalloc_lru_add(file, &mapping, KALLOC_PAGE_CLEAN);
	kalloc_lru_add(anon, &mapping, KALLOC_PAGE_ANON);
	assert_int_equal(flags_of(page), 0);
	assert_int_equal(flags_of(plain), 0);
	assert_int_equal(flags_of(plain + 15), 0);
	assert_int_equal(flags_of(compound), BIT(COMPOUND_HEAD));
	assert_int_equal(flags_of(compound + 1), BIT(COMPOUND_TAIL));
	assert_int_equal(flags_of(compound + 15), BIT(COMPOUND_TAIL));
	assert_int_equal(flags_of(virt_to_page(small)), BIT(SLAB));
	assert_int_equal(flags_of(virt_to_page(large)) & BIT(SLAB), BIT(SLAB));
	assert_int_equal(flags_of(file), BIT(LRU));
	assert_int_equal(flags_of(anon) & ~BIT(DIRTY), BIT(LRU) | BIT(ANON) | BIT(SWAPBACKED));
	assert_int_equal(word_of(FLAGS, 0), BIT(RESERVED));
	assert_int_equal(word_of(FLAGS, 0xff), BIT(RESERVED));
	assert_int_equal(word_of(COUNT, 0), 0);
	assert_int_equal(word_of(COUNT, page_to_pfn(page)), 0);

	/* A freed block of more than the per-CPU lists take is free in all its frames. */
	__free_pages(plain, 4);
	for (int i = 0; i < 16; i++)
		assert_int_equal(flags_of(plain + i), BIT(BUDDY));
	kalloc_halt(m);
}

struct walk {
	const u64 *words;
	unsigned long seen;
	unsigned long wrong;
};

static void compare(void *ctx, const struct kalloc_block *block)
{
	struct walk *walk = ctx;

	for (unsigned long pfn = block->pfn; pfn < block->pfn + (1UL << block->order); pfn++) {
		u64 word = walk->words[pfn];
		bool nothing = (word & (BIT(NOPAGE) | BIT(RESERVED))) != 0;

		walk->wrong += ((word & BIT(BUDDY)) != 0) != (block->state == KALLOC_FRAMES_FREE);
		walk->wrong += ((word & BIT(SLAB)) != 0) != (block->state == KALLOC_FRAMES_SLAB);
		walk->wrong += nothing != (block->state == KALLOC_FRAMES_HOLE);
		walk->seen++;
	}
}

static void test_agrees_with_inspect(void **state)
{
	static const struct {
		const char *cmdline;
		unsigned long holes; /* frames that the zones do not have */
	} rows[] = {
		{ "mem=64M nr_cpus=2", 1 },
		{ "mem=64M numa=fake=3 nr_cpus=3", 1 },
		{ "mem=256M movablecore=64M highmem=32M", 1 },
		{ "mem=4G", 1 + 0x40000 },
		{ "mem=4G highmem=2G", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		TEST_ENTER(m, rows[i].cmdline);
		struct walk walk = { .words = NULL };
		size_t size = (size_t)kalloc_read(FLAGS, NULL, 0);
		u64 *words = test_malloc(size);

		for (int n = 0; n < 200; n++)
			kfree((n & 1) ? kmalloc(3000, GFP_KERNEL) : NULL);
		alloc_pages(GFP_KERNEL, 3);
		assert_int_equal(kalloc_read_at(FLAGS, words, size, 0), size);
		walk.words = words;
		kalloc_inspect_frames(compare, &walk);
		assert_int_equal(walk.wrong, 0);
		assert_int_equal(walk.seen + rows[i].holes, size / sizeof(u64));
		test_free(words);
		kalloc_halt(m);
	}
}

static void test_pieces(void **state)
{
	TEST_ENTER(m, "mem=8M nr_cpus=1");
	const long size = (8 << 20) / 4096 * 8;
	char *whole = test_malloc((size_t)size + 1), *piece = test_malloc((size_t)size + 1);

	assert_int_equal(kalloc_read(FLAGS, NULL, 0), size);
	memset(whole, '~', (size_t)size + 1);
	assert_int_equal(kalloc_read(FLAGS, whole, (size_t)size + 1), size);
	assert_int_equal(whole[size], '\0');
	/* A buffer of odd size takes the whole words that fit, and is terminated. */
	memset(piece, '~', 64);
	assert_int_equal(kalloc_read(FLAGS, piece, 31), size);
	assert_memory_equal(piece, whole, 24);
	assert_int_equal(piece[24], '\0');
	assert_int_equal(piece[25], '~');

	/* At an odd address, more than is handled at once. */
	assert_int_equal(kalloc_read_at(FLAGS, piece + 1, 4096, 8 * 100), 4096);
	assert_memory_equal(piece + 1, whole + 8 * 100, 4096);
	assert_int_equal(kalloc_read_at(FLAGS, piece, 80, (unsigned long)size - 8), 8);
	assert_memory_equal(piece, whole + size - 8, 8);
	assert_int_equal(kalloc_read_at(FLAGS, piece, 80, (unsigned long)size), 0);
	assert_int_equal(kalloc_read_at(FLAGS, piece, 80, ~7UL), 0);
	assert_int_equal(kalloc_read_at(FLAGS, NULL, 0, 0), 0);
	assert_int_equal(kalloc_read_at(FLAGS, piece, 80, 4), -EINVAL);
	assert_int_equal(kalloc_read_at(COUNT, piece, 81, 0), -EINVAL);
	assert_int_equal(kalloc_write(FLAGS, "1"), -EACCES);
	test_free(piece);
	test_free(whole);
	kalloc_halt(m);
}

static void *work(void *machine)
{
	kalloc_enter(machine);
	for (unsigned int i = 0; i < 2000; i++) {
		unsigned int order = i % 7;
		struct page *page = alloc_pages(GFP_KERNEL | (i & 8 ? __GFP_COMP : 0), order);
		void *object = kmalloc(64 << i % 9, GFP_KERNEL);

		__free_pages(page, order);
		kfree(object);
	}
	return NULL;
}

/* No lock is needed; ThreadSanitizer sees to it that what is read may change. */
static void test_while_others_allocate(void **state)
{
	TEST_ENTER(m, "mem=16M nr_cpus=2");
	size_t size = (size_t)kalloc_read(FLAGS, NULL, 0);
	char *words = test_malloc(size);
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, work, m), 0);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(kalloc_read_at(FLAGS, words, size, 0), size);
		assert_true(kalloc_read("/sys/kernel/slab/kmalloc-64/cpu_slabs", words, size) > 0);
		assert_int_equal(kalloc_write("/sys/kernel/slab/kmalloc-64/shrink", "1"), 1);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	test_free(words);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_agrees_with_inspect),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_while_others_allocate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
