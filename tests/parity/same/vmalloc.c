/* SPDX-License-Identifier: MIT */
/*
 * vmalloc: what an area is in /proc/vmallocinfo, what its pages are, and that the
 * area and the pages' own addresses are one memory.
 */
#include "same.h"

#define MAX_AREAS 8

/*
 * Size and all that follows the caller, of this program's areas, in alphabetical
 * order: which of two lies lower depends on the holes between other areas.
 */
static void show_areas(void)
{
	static char text[65536], kept[MAX_AREAS][100], *areas[MAX_AREAS];
	unsigned int n = 0, i;
	char *line, *end;

	same_read("/proc/vmallocinfo", text, sizeof(text));
	for (line = text; line && *line && n < MAX_AREAS; line = end ? end + 1 : NULL) {
		const char *rest, *size = strchr(line, ' ');

		end = strchr(line, '\n');
		if (end)
			*end = 0;
		rest = same_own_area(line);
		if (!rest)
			continue;
		snprintf(kept[n], sizeof(kept[n]), "%.8s%s", size, rest);
		for (i = n; i && strcmp(areas[i - 1], kept[n]) > 0; i--)
			areas[i] = areas[i - 1];
		areas[i] = kept[n++];
	}
	for (i = 0; i < n; i++)
		SAME("  area of%s", areas[i]);
}

static void show_pages(void *p, size_t size)
{
	size_t i, n = PAGE_ALIGN(size) >> PAGE_SHIFT, single = 0, shared = 0, exact = 0;

	for (i = 0; i < n; i++) {
		char *here = (char *)p + i * PAGE_SIZE;
		struct page *page = vmalloc_to_page(here);
		char *linear = page_address(page);

		single += page_count(page) == 1 && !PageSlab(page) && !PageCompound(page);
		*here = (char)(i + 1);
		shared += *linear == (char)(i + 1);
		exact += vmalloc_to_page(here + 123) == page &&
			 vmalloc_to_pfn(here) == page_to_pfn(page) && is_vmalloc_addr(here);
	}
	SAME("  %zu pages: single %zu, same memory %zu, looked up %zu; behind: null %d", n, single,
	     shared, exact, vmalloc_to_page((char *)p + n * PAGE_SIZE) == NULL);
}

static void show_area(const char *what, void *p, size_t size, bool zero)
{
	if (!p) {
		SAME("%s(%zu): null", what, size);
		return;
	}
	SAME("%s(%zu): aligned %d, vmalloc %d", what, size, !((unsigned long)p & ~PAGE_MASK),
	     is_vmalloc_addr(p));
	if (zero)
		SAME("  zero: %d", same_run(p, PAGE_ALIGN(size), 0) == PAGE_ALIGN(size));
	show_areas();
	show_pages(p, size);
	vfree(p);
}

static void show_kinds(void)
{
	show_area("vzalloc", vzalloc(10000), 10000, true);
	show_area("vmalloc_node", vmalloc_node(10000, 0), 10000, false);
	show_area("vzalloc_node", vzalloc_node(10000, NUMA_NO_NODE), 10000, true);
	show_area("vmalloc_user", vmalloc_user(10000), 10000, true);
	show_area("vmalloc_32", vmalloc_32(10000), 10000, false);
	show_area("vmalloc_32_user", vmalloc_32_user(10000), 10000, true);
	show_area("__vmalloc zeroed", __vmalloc(10000, GFP_KERNEL | __GFP_ZERO), 10000, true);
	show_area("__vmalloc NOWAIT", __vmalloc(10000, GFP_NOWAIT), 10000, false);
	show_area("__vmalloc NOFS", __vmalloc(10000, GFP_NOFS), 10000, false);
	show_area("__vmalloc NOIO", __vmalloc(10000, GFP_NOIO), 10000, false);
	show_area("__vmalloc HIGHMEM", __vmalloc(10000, GFP_KERNEL | __GFP_HIGHMEM), 10000, false);
	show_area("vmalloc_array", vmalloc_array(100, 77), 7700, false);
	show_area("vcalloc", vcalloc(100, 77), 7700, true);
}

static void show_huge(size_t size)
{
	char *p = vmalloc_huge(size, GFP_KERNEL);
	unsigned long mask = (2UL << 20) - 1;

	SAME("vmalloc_huge(%zu): aligned to 2 MiB %d, frame aligned %d, in a row %d", size,
	     !((unsigned long)p & mask), !(vmalloc_to_pfn(p) & (mask >> PAGE_SHIFT)),
	     vmalloc_to_pfn(p + PAGE_SIZE) == vmalloc_to_pfn(p) + 1);
	show_areas();
	SAME("  page: count %d, compound %d", page_count(vmalloc_to_page(p)),
	     PageCompound(vmalloc_to_page(p)));
	vfree(p);
}

static void show_addresses(void)
{
	char *a = vmalloc(PAGE_SIZE), *b = vmalloc(PAGE_SIZE), *c;

	SAME("two areas: a page at least between them %d",
	     (b > a ? b - a : a - b) >= (long)(2 * PAGE_SIZE));
	vfree(b);
	c = vmalloc(PAGE_SIZE);
	SAME("freed and taken: another address %d", b != c);
	vfree(c);
	vfree(a);
	vfree(NULL);
	SAME("is_vmalloc_addr(NULL) %d", is_vmalloc_addr(NULL));
	a = kmalloc(100, GFP_KERNEL);
	SAME("is_vmalloc_addr of kmalloc %d", is_vmalloc_addr(a));
	kfree(a);
}

static void show_purge(void)
{
	char *a, *b;

	vm_unmap_aliases();
	a = vmalloc(64 * PAGE_SIZE);
	vfree(a);
	vm_unmap_aliases();
	b = vmalloc(64 * PAGE_SIZE);
	SAME("freed, purged and taken: same address %d", a == b);
	vfree(b);
}

void same_vmalloc(void)
{
	static const size_t sizes[] = { 1,     4095,	4096,	 4097,	  8192,	   12288,  65536,
					65537, 1 << 20, 2 << 20, 4 << 20, 5000000, 8 << 20 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		show_area("vmalloc", vmalloc(sizes[i]), sizes[i], false);
	show_kinds();
	show_huge(1 << 20);
	show_huge(2 << 20);
	show_huge((2 << 20) + 1);
	show_huge(6 << 20);
	show_addresses();
	show_purge();
}
