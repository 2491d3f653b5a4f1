/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/show_mem.c: the report of a failed request has the layout of the
 * kernel's own, and with its numbers is that byte for byte; the numbers are those of the
 * machine; more nodes and HIGHMEM.
 */
#include "rig.h"

#include <ctype.h>
#include <kalloc/context.h>
#include <kalloc/reclaim.h>

/* The measured report of one CPU and 512 MiB, without the lines of the real machine. */
static const char kernels[] =
	"insmod: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), "
	"nodemask=(null),cpuset=/,mems_allowed=0\n"
	"Mem-Info:\n"
	"active_anon:455 inactive_anon:70 isolated_anon:0\n"
	" active_file:0 inactive_file:0 isolated_file:0\n"
	" unevictable:0 dirty:0 writeback:0\n"
	" slab_reclaimable:2245 slab_unreclaimable:1509\n"
	" mapped:413 shmem:511 pagetables:10\n"
	" sec_pagetables:0 bounce:0\n"
	" kernel_misc_reclaimable:0\n"
	" free:648 free_pcp:581 free_cma:0\n"
	"Node 0 active_anon:1820kB inactive_anon:280kB active_file:0kB inactive_file:0kB "
	"unevictable:0kB isolated(anon):0kB isolated(file):0kB mapped:1652kB dirty:0kB "
	"writeback:0kB shmem:2044kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB "
	"writeback_tmp:0kB kernel_stack:736kB pagetables:40kB sec_pagetables:0kB "
	"all_unreclaimable? no\n"
	"Node 0 DMA free:1732kB boost:0kB min:88kB low:108kB high:128kB "
	"reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB active_file:0kB "
	"inactive_file:0kB unevictable:0kB writepending:0kB present:15992kB managed:15360kB "
	"mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB\n"
	"lowmem_reserve[]: 0 426 426 426 426\n"
	"Node 0 DMA32 free:860kB boost:5836kB min:8432kB low:9080kB high:9728kB "
	"reserved_highatomic:0KB active_anon:1820kB inactive_anon:280kB active_file:0kB "
	"inactive_file:0kB unevictable:0kB writepending:0kB present:507776kB managed:446492kB "
	"mlocked:0kB bounce:0kB free_pcp:2324kB local_pcp:2324kB free_cma:0kB\n"
	"lowmem_reserve[]: 0 0 0 0 0\n"
	"Node 0 DMA: 1*4kB (U) 0*8kB 0*16kB 0*32kB 1*64kB (U) 1*128kB (U) 0*256kB 1*512kB (U) "
	"1*1024kB (U) 0*2048kB 0*4096kB = 1732kB\n"
	"Node 0 DMA32: 1*4kB (M) 1*8kB (U) 1*16kB (U) 0*32kB 1*64kB (M) 0*128kB 1*256kB (M) "
	"1*512kB (M) 0*1024kB 0*2048kB 0*4096kB = 860kB\n"
	"Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB\n"
	"Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB\n"
	"511 total pagecache pages\n"
	"0 pages in swap cache\n"
	"Free swap  = 0kB\n"
	"Total swap = 0kB\n"
	"130942 pages RAM\n"
	"0 pages HighMem/MovableOnly\n"
	"15479 pages reserved\n";

/* Each number becomes one '#', the migratetypes of blocks go. */
static void shape(char *text)
{
	char *out = text;

	for (const char *p = text; *p;) {
		if (*p == '(' && p[strspn(p, "(UMEHI")] == ')') {
			p += strspn(p, "(UMEHI)") + 1;
		} else if (isdigit((unsigned char)*p)) {
			p += strspn(p, "0123456789");
			*out++ = '#';
		} else {
			*out++ = *p++;
		}
	}
	*out = '\0';
}

static void report(struct rig *rig, gfp_t gfp)
{
	rig->m->page->warn_limit.begin_ms = 0;
	said_clear();
	pages_warn(rig->m, gfp, "page allocation failure: order:%u", 0);
}

static void test_layout(void **state)
{
	struct rig rig = rig_up("mem=512M nr_cpus=1");
	char expected[sizeof(kernels)];

	memcpy(expected, kernels, sizeof(kernels));
	strcpy(kalloc_task()->comm, "insmod");
	report(&rig, GFP_ATOMIC);
	kalloc_task()->comm[0] = '\0';
	assert_ptr_equal(strstr(said, "insmod: page allocation failure: order:0, "
				      "mode:0xa20(GFP_ATOMIC), nodemask=(null),cpuset=/,"
				      "mems_allowed=0\nMem-Info:\n"),
			 said);
	shape(said);
	shape(expected);
	assert_string_equal(said, expected);
	rig_down(&rig);
}

/* --- the same, with the kernel's numbers --------------------------------- */

/* What the report reads of a zone. */
struct zone_numbers {
	long free;
	unsigned long boost, mark[NR_WMARK];
	unsigned long present, managed;
	unsigned int on_cpu;
	long reserve;	    /* from requests that could go higher */
	const char *blocks; /* by order: the letter of the type that one block has, '-' none */
};

static const struct zone_numbers kernels_dma = {
	.free = 433,
	.mark = { 22, 27, 32 },
	.present = 3998,
	.managed = 3840,
	.reserve = 426,
	.blocks = "U---UU-UU--",
};

static const struct zone_numbers kernels_dma32 = {
	.free = 215,
	.boost = 1459,
	.mark = { 649, 811, 973 },
	.present = 126944,
	.managed = 111623,
	.on_cpu = 581,
	.blocks = "MUU-M-MM---",
};

static const char letters[] = "UMEHI";

static void put_block(struct buddy *buddy, unsigned int order, char letter, struct page *page)
{
	struct free_area *area = &buddy->area[order];

	list_add(&page->buddy_list, &area->list[strchr(letters, letter) - letters]);
	area->nr_free++;
}

/* Give a zone these numbers and, beside its own, a buddy system of single blocks. */
static void set_numbers(struct zone *zone, const struct zone_numbers *numbers,
			struct page pages[BUDDY_ORDERS])
{
	zone->free_pages = numbers->free;
	zone->watermark_boost = numbers->boost;
	memcpy(zone->_watermark, numbers->mark, sizeof(numbers->mark));
	zone->present_pages = numbers->present;
	zone->managed_pages = numbers->managed;
	zone->pcp[0].count = numbers->on_cpu;
	for (unsigned int rank = 0; rank < MAX_NR_ZONES; rank++)
		zone->lowmem_reserve[rank] = rank > zone_ranks[zone->type] ? numbers->reserve : 0;
	buddy_init(&zone->buddy, pages, 0, 0);
	zone->buddy.max_order = 10;
	for (unsigned int order = 0; order <= 10; order++) {
		if (numbers->blocks[order] != '-')
			put_block(&zone->buddy, order, numbers->blocks[order], &pages[order]);
	}
}

/* The kernel's text, with 0 for what the library does not count. */
static void without_uncounted(char *text)
{
	static const char *const uncounted[] = {
		" mapped:413",	" shmem:511",	      " pagetables:10",	 "mapped:1652kB",
		"shmem:2044kB", "kernel_stack:736kB", "pagetables:40kB", "\n511 total pagecache",
	};

	for (size_t i = 0; i < ARRAY_SIZE(uncounted); i++) {
		char *at = strstr(text, uncounted[i]), *end;

		assert_non_null(at);
		at += strcspn(at, "0123456789");
		end = at + strspn(at, "0123456789");
		*at = '0';
		memmove(at + 1, end, strlen(end) + 1);
	}
}

static void test_kernels_numbers(void **state)
{
	static struct page pages[2][BUDDY_ORDERS];
	struct rig rig = rig_up("mem=512M nr_cpus=1");
	struct zone *dma = rig_zone(&rig, 0, ZONE_DMA), *dma32 = rig_zone(&rig, 0, ZONE_DMA32);
	struct zone saved[] = { *dma, *dma32 };
	unsigned int on_cpu[] = { dma->pcp[0].count, dma32->pcp[0].count };
	struct lru *lru = &rig.m->page->nodes[0].lru, saved_lru = *lru;
	unsigned long slab = node_stat(rig.m, 0, NR_SLAB_UNRECLAIMABLE);
	char expected[sizeof(kernels)];

	set_numbers(dma, &kernels_dma, pages[0]);
	set_numbers(dma32, &kernels_dma32, pages[1]);
	lru->nr[LRU_ACTIVE_ANON] = lru->zone_nr[ZONE_DMA32][LRU_ACTIVE_ANON] = 455;
	lru->nr[LRU_INACTIVE_ANON] = lru->zone_nr[ZONE_DMA32][LRU_INACTIVE_ANON] = 70;
	node_stat_add(rig.m, 0, NR_SLAB_RECLAIMABLE, 2245);
	node_stat_add(rig.m, 0, NR_SLAB_UNRECLAIMABLE, 1509 - (long)slab);
	strcpy(kalloc_task()->comm, "insmod");
	report(&rig, GFP_ATOMIC);
	kalloc_task()->comm[0] = '\0';
	node_stat_add(rig.m, 0, NR_SLAB_RECLAIMABLE, -2245);
	node_stat_add(rig.m, 0, NR_SLAB_UNRECLAIMABLE, (long)slab - 1509);
	*lru = saved_lru;
	*dma = saved[0];
	*dma32 = saved[1];
	dma->pcp[0].count = on_cpu[0];
	dma32->pcp[0].count = on_cpu[1];

	memcpy(expected, kernels, sizeof(kernels));
	without_uncounted(expected);
	assert_string_equal(said, expected);
	rig_down(&rig);
}

/* Blocks of several types in one order: each type's letter, in this order, once. */
static void test_letters(void **state)
{
	static const struct {
		const char *blocks; /* of order 3 */
		const char *shown;
	} rows[] = {
		{ "", " 0*32kB 0*64kB" },
		{ "U", " 1*32kB (U) 0*64kB" },
		{ "E", " 1*32kB (E) 0*64kB" },
		{ "H", " 1*32kB (H) 0*64kB" },
		{ "I", " 1*32kB (I) 0*64kB" },
		{ "MUM", " 3*32kB (UM) 0*64kB" },
		{ "IHEMU", " 5*32kB (UMEHI) 0*64kB" },
		{ "IEIE", " 4*32kB (EI) 0*64kB" },
	};
	static struct page pages[BUDDY_ORDERS];
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct zone saved = *zone;

		buddy_init(&zone->buddy, pages, 0, 0);
		zone->buddy.max_order = 10;
		for (int n = 0; rows[i].blocks[n]; n++)
			put_block(&zone->buddy, 3, rows[i].blocks[n], &pages[n]);
		report(&rig, GFP_KERNEL);
		*zone = saved;
		if (!strstr(strstr(said, "Node 0 DMA32: "), rows[i].shown))
			fail_msg("'%s': no '%s' in:\n%s", rows[i].blocks, rows[i].shown, said);
	}
	rig_down(&rig);
}

/* A node that kswapd gave up, and a reserve for atomic requests. */
static void test_exceptions(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);

	zone->nr_reserved_highatomic = 512;
	rig.m->page->nodes[0].kswapd.failures = KSWAPD_MAX_FAILURES;
	report(&rig, GFP_KERNEL);
	assert_int_equal(said_count(" reserved_highatomic:2048KB "), 1);
	assert_int_equal(said_count("all_unreclaimable? yes\n"), 1);
	zone->nr_reserved_highatomic = 0;
	rig.m->page->nodes[0].kswapd.failures = 0;
	rig_down(&rig);
}

/* The number behind @name, searched from the first @from on. */
static unsigned long number(const char *from, const char *name)
{
	const char *at = strstr(said, from);

	at = at ? strstr(at, name) : NULL;
	if (!at)
		fail_msg("no %s after %s", name, from);
	return strtoul(at + strlen(name), NULL, 10);
}

static void test_numbers(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=2 kalloc.swap=8M");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long kb = PAGE_SIZE / 1024;

	report(&rig, GFP_KERNEL);
	assert_int_equal(number("Node 0 DMA32 ", " free:"), (unsigned long)zone->free_pages * kb);
	assert_int_equal(number("Node 0 DMA32 ", " min:"), zone_mark(zone, WMARK_MIN) * kb);
	assert_int_equal(number("Node 0 DMA32 ", " high:"), zone_mark(zone, WMARK_HIGH) * kb);
	assert_int_equal(number("Node 0 DMA32 ", " managed:"), zone->managed_pages * kb);
	assert_int_equal(number("Node 0 DMA32 ", " free_pcp:"), zone->pcp[0].count * kb);
	assert_int_equal(number("Node 0 DMA32 ", " local_pcp:"), zone->pcp[0].count * kb);
	assert_int_equal(number("Node 0 DMA32:", " = "), (unsigned long)zone_free_exact(zone) * kb);
	assert_int_equal(
		number("Mem-Info", "\n free:"),
		(unsigned long)(zone->free_pages + rig_zone(&rig, 0, ZONE_DMA)->free_pages));
	assert_int_equal(number("swap cache", "Free swap  = "), 8192);
	assert_int_equal(number("swap cache", "Total swap = "), 8192);
	assert_int_equal(number("Total swap", "kB\n"),
			 zone->present_pages + rig_zone(&rig, 0, ZONE_DMA)->present_pages);

	kalloc_set_cpu(1);
	report(&rig, GFP_KERNEL);
	assert_int_equal(number("Node 0 DMA32 ", " local_pcp:"), 0);
	kalloc_set_cpu(0);
	__free_page(page);
	rig_down(&rig);
}

static void test_lru_numbers(void **state)
{
	static const enum kalloc_page_kind kinds[] = {
		KALLOC_PAGE_CLEAN, KALLOC_PAGE_DIRTY, KALLOC_PAGE_DIRTY,
		KALLOC_PAGE_ANON,  KALLOC_PAGE_ANON,  KALLOC_PAGE_ANON,
	};
	struct rig rig = rig_up("mem=64M nr_cpus=1");
	struct kalloc_mapping mapping = { NULL, NULL };
	struct page *pages[ARRAY_SIZE(kinds)];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		kalloc_lru_add(pages[i], &mapping, kinds[i]);
	}
	kalloc_lru_touch(pages[0]);
	kalloc_lru_touch(pages[0]);
	report(&rig, GFP_KERNEL);
	assert_int_equal(number("Mem-Info", "inactive_anon:"), 3);
	assert_int_equal(number("Mem-Info", "\n active_file:"), 1);
	assert_int_equal(number("Mem-Info", " inactive_file:"), 2);
	assert_int_equal(number("Mem-Info", " dirty:"), 2);
	assert_int_equal(number("Node 0 active_anon", " inactive_anon:"), 12);
	assert_int_equal(number("Node 0 active_anon", " dirty:"), 8);
	assert_int_equal(number("Node 0 DMA32 ", " active_file:"), 4);
	assert_int_equal(number("Node 0 DMA ", " inactive_anon:"), 0);
	assert_int_equal(number("size=2048", "kB\n"), 3);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		kalloc_lru_remove(pages[i]);
		__free_page(pages[i]);
	}
	rig_down(&rig);
}

/* Every node and zone has its lines; so large a report is not cut. */
static void test_many_nodes(void **state)
{
	struct rig rig = rig_up("mem=128M numa=fake=4 nr_cpus=4");

	report(&rig, GFP_KERNEL);
	assert_int_equal(said_count("mems_allowed=0-3\n"), 1);
	assert_int_equal(said_count("all_unreclaimable? no\n"), 4);
	assert_int_equal(said_count("lowmem_reserve[]:"), 5);
	assert_int_equal(said_count("\nNode 3 DMA32: "), 1);
	assert_int_equal(said_count(" pages reserved\n"), 1);
	rig_down(&rig);
}

static void test_highmem(void **state)
{
	struct rig rig = rig_up("mem=64M highmem=16M nr_cpus=1");
	const char *at;

	report(&rig, GFP_KERNEL);
	assert_int_equal(number("pages RAM", "\n"), 4096);
	at = strstr(said, "Node 0 HighMem free:");
	assert_non_null(at);
	assert_true(at > strstr(said, "Node 0 DMA32 free:"));
	assert_non_null(strstr(at, "lowmem_reserve[]: 0 0 0 0 0 0\n"));
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),	   cmocka_unit_test(test_kernels_numbers),
		cmocka_unit_test(test_letters),	   cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_numbers),	   cmocka_unit_test(test_lru_numbers),
		cmocka_unit_test(test_many_nodes), cmocka_unit_test(test_highmem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
