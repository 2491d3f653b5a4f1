/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/page_owner.c: the lines of a block character by character, the names
 * of the flags, and that the file of a machine has each block in use once, in the order
 * of its frames, with the stack that led there.
 */
#include "proc_test.h"

#include <search.h>
#include <stdio.h>

#include <kalloc/context.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "migrate.h"
#include "page_owner.h"

#define PATH "/sys/kernel/debug/page_owner"

static char buf[4096];

static void test_format(void **state)
{
	const struct page_owner_block block = {
		.record = { .ts_ns = 5278151000000001UL,
			    .free_ts_ns = 12345,
			    .gfp = GFP_KERNEL | __GFP_COMP,
			    .pid = 163,
			    .tgid = 162,
			    .order = 9,
			    .comm = "kworker/u8:3" },
		.pfn = 4608,
		.block_order = 9,
		.block_type = MIGRATE_MOVABLE,
		.flags = 1UL << FRAME_NODE_SHIFT | (unsigned long)ZONE_NORMAL << FRAME_ZONE_SHIFT |
			 PG_HEAD,
	};
	struct text text = text_on(buf, sizeof(buf));

	page_owner_format(&text, &block);
	assert_string_equal(buf, "Page allocated via order 9, mask 0x40cc0(GFP_KERNEL|__GFP_COMP), "
				 "pid 163, tgid 162 (kworker/u8:3), ts 5278151000000001 ns, "
				 "free_ts 12345 ns\n"
				 "PFN 4608 type Unmovable Block 9 type Movable "
				 "Flags 0x50000000010000(head|node=1|zone=2|lastcpupid=0x0)\n");
}

/* A block without flags of any kind. */
static void test_format_nothing(void **state)
{
	const struct page_owner_block block = { .block_type = MIGRATE_ISOLATE };
	struct text text = text_on(buf, sizeof(buf));

	page_owner_format(&text, &block);
	assert_string_equal(buf, "Page allocated via order 0, mask 0x0(), pid 0, tgid 0 (), "
				 "ts 0 ns, free_ts 0 ns\n"
				 "PFN 0 type Unmovable Block 0 type Isolate "
				 "Flags 0x0(node=0|zone=0|lastcpupid=0x0)\n");
}

static void test_flags(void **state)
{
	static const struct {
		unsigned long flags;
		const char *shown;
	} rows[] = {
		{ PG_SLAB | FRAME_LAST_CPU,
		  "0x7ffffc0000200(slab|node=0|zone=0|lastcpupid=0x1fffff)" },
		{ 0x17ffffc0000000UL, "0x17ffffc0000000(node=0|zone=2|lastcpupid=0x1fffff)" },
		{ PG_LRU | PG_REFERENCED | PG_DIRTY | PG_ACTIVE | PG_SWAPBACKED,
		  "0x8003a(referenced|dirty|lru|active|swapbacked|node=0|zone=0|lastcpupid=0x0)" },
		{ 1 | 1UL << 7 | 1UL << 12 | 1UL << 21,
		  "0x201081(locked|waiters|reserved|mlocked|node=0|zone=0|lastcpupid=0x0)" },
		{ 1UL << 28 | PG_HEAD, "0x10010000(head|0x10000000|node=0|zone=0|lastcpupid=0x0)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text text = text_on(buf, sizeof(buf));

		page_owner_format_flags(&text, rows[i].flags);
		assert_string_equal(buf, rows[i].shown);
	}
}

static void test_end(void **state)
{
	static const struct {
		int reason;
		const char *shown;
	} rows[] = {
		{ OWNER_NOT_MIGRATED, "\n" },
		{ MR_COMPACTION, "Page has been migrated, last migrate reason: compaction\n\n" },
		{ MR_CONTIG_RANGE,
		  "Page has been migrated, last migrate reason: contig_range\n\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct owner_record record = { .migrate_reason = (s8)rows[i].reason };
		struct text text = text_on(buf, sizeof(buf));

		page_owner_format_end(&text, &record);
		assert_string_equal(buf, rows[i].shown);
	}
}

/* Sums over the blocks of a file, which come in the order of their frames. */
struct sums {
	unsigned long blocks, frames, slab;
};

static struct sums sums_of(const char *text)
{
	struct sums sums = { 0 };
	unsigned long last = 0;

	while (*text) {
		unsigned int order;
		unsigned long pfn;
		const char *line = strchr(text, '\n') + 1, *slab = strstr(line, "(slab|");

		assert_int_equal(sscanf(text, "Page allocated via order %u, mask 0x", &order), 1);
		assert_int_equal(sscanf(line, "PFN %lu type ", &pfn), 1);
		assert_true(pfn > last);
		last = pfn;
		sums.blocks++;
		sums.frames += 1UL << order;
		if (slab && slab < strchr(line, '\n'))
			sums.slab += 1UL << order;
		text = strstr(text, "\n\n") + 2;
	}
	return sums;
}

/* On machines of every shape the file has what was taken since, no more. */
static void test_file(void **state)
{
	static const char *const cmdlines[] = {
		"mem=64M nr_cpus=2 page_owner=on",
		"mem=128M numa=fake=2 nr_cpus=2 page_owner=on",
		"mem=5G highmem=2G movablecore=128M page_owner=1",
		"mem=8M kalloc.max_order=5 page_owner=y",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		TEST_ENTER(m, cmdlines[i]);
		char *before = file_text(PATH), *after;
		struct sums was = sums_of(before), is;
		struct page *pages[5];

		for (unsigned int order = 0; order < 5; order++)
			pages[order] = alloc_pages_node(
				0, order & 1 ? GFP_HIGHUSER_MOVABLE : GFP_KERNEL, order);
		__free_pages(pages[2], 2);
		after = file_text(PATH);
		is = sums_of(after);
		assert_int_equal(is.blocks, was.blocks + 4);
		assert_int_equal(is.frames, was.frames + 1 + 2 + 8 + 16);
		assert_int_equal(is.slab, was.slab);
		test_free(after);

		assert_non_null(kmem_cache_create("twins", 2048, 0, 0, NULL));
		assert_non_null(kmalloc(5000, GFP_KERNEL));
		after = file_text(PATH);
		assert_int_equal(sums_of(after).frames - is.frames, sums_of(after).slab - is.slab);
		test_free(after);
		test_free(before);
		kalloc_halt(m);
	}
}

static struct page *taken;

static int take_page(const void *key, const void *element)
{
	taken = alloc_page(GFP_KERNEL);
	return 0;
}

/* Where it was asked for, by name where the name is known: here the C library's. */
static void test_stack(void **state)
{
	TEST_ENTER(m, "mem=64M nr_cpus=1 page_owner=on");
	static const char element[1];
	size_t nr = 1;
	const char *block, *symbol;
	char pfn[32], *text;
	unsigned long offset, size;

	strcpy(kalloc_task()->comm, "stack");
	assert_non_null(lfind(element, element, &nr, 1, take_page));
	kalloc_task()->comm[0] = '\0';
	text = file_text(PATH);
	snprintf(pfn, sizeof(pfn), "PFN %lu type", page_to_pfn(taken));
	block = strstr(text, pfn);
	assert_non_null(block);
	*strstr(block, "\n\n") = '\0';
	symbol = strstr(block, "\n lfind+0x");
	assert_non_null(symbol);
	assert_int_equal(sscanf(symbol, "\n lfind+0x%lx/0x%lx\n", &offset, &size), 2);
	assert_in_range(offset, 1, size);
	test_free(text);
	kalloc_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format), cmocka_unit_test(test_format_nothing),
		cmocka_unit_test(test_flags),  cmocka_unit_test(test_end),
		cmocka_unit_test(test_file),   cmocka_unit_test(test_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
