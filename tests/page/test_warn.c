/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/warn.c and show_mem.c: the report of a failed request has the layout
 * of the kernel's own, byte for byte but for its numbers; the numbers are those of the
 * machine; more nodes and HIGHMEM; at most one in 10 s, and none with __GFP_NOWARN.
 */
#include "rig.h"

#include <ctype.h>
#include <kalloc/context.h>
#include <kalloc/reclaim.h>

#include "clock.h"

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

static void test_rate(void **state)
{
	struct rig rig = rig_up("mem=32M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);

	rig_exhaust(&taken, GFP_NOWAIT, 0);
	assert_string_equal(said, "");
	assert_null(alloc_page(GFP_NOWAIT));
	assert_int_equal(said_count("kalloc: page allocation failure: order:0, "
				    "mode:0x800(GFP_NOWAIT), "),
			 1);
	assert_null(alloc_page(GFP_NOWAIT));
	assert_null(alloc_page(GFP_NOWAIT));
	assert_int_equal(said_count("page allocation failure"), 1);

	said_clear();
	rig.m->page->warn_limit.begin_ms = clock_ms() - 10001;
	assert_null(alloc_page(GFP_NOWAIT | __GFP_NOWARN));
	assert_string_equal(said, "");
	assert_null(alloc_page(GFP_NOWAIT));
	assert_ptr_equal(strstr(said, "warn_alloc: 2 callbacks suppressed\n"
				      "kalloc: page allocation failure"),
			 said);
	rig_release(&taken, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),	    cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_lru_numbers), cmocka_unit_test(test_many_nodes),
		cmocka_unit_test(test_highmem),	    cmocka_unit_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
