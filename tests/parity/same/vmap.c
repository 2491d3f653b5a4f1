/* SPDX-License-Identifier: MIT */
/* Given pages at a new address: vmap and vm_map_ram. */
#include "same.h"

#define MAX_PAGES 128

static struct page *pages[MAX_PAGES];

static void take_pages(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		pages[i] = alloc_page(GFP_KERNEL);
}

static void give_pages(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		__free_page(pages[i]);
}

static unsigned int nr_counted(unsigned int n, int count)
{
	unsigned int i, counted = 0;

	for (i = 0; i < n; i++)
		counted += page_count(pages[i]) == count;
	return counted;
}

/* Write through the new address, read through the linear one, and look each page up. */
static void show_view(const char *what, char *p, unsigned int n)
{
	unsigned int i, shared = 0, found = 0;

	for (i = 0; i < n; i++) {
		char *linear = page_address(pages[i]);

		p[i * PAGE_SIZE + 7] = (char)(i + 1);
		shared += linear[7] == (char)(i + 1);
		linear[9] = (char)(i + 3);
		shared += p[i * PAGE_SIZE + 9] == (char)(i + 3);
		found += vmalloc_to_page(p + i * PAGE_SIZE) == pages[i];
	}
	SAME("%s of %u: vmalloc %d, aligned %d, same memory %u of %u, found %u, references 1: %u",
	     what, n, is_vmalloc_addr(p), !((unsigned long)p & ~PAGE_MASK), shared, 2 * n, found,
	     nr_counted(n, 1));
}

static void show_vmap(unsigned int n)
{
	char *p;

	take_pages(n);
	p = vmap(pages, n, VM_MAP, PAGE_KERNEL);
	show_view("vmap", p, n);
	SAME("  behind it: null %d", vmalloc_to_page(p + n * PAGE_SIZE) == NULL);
	vunmap(p);
	SAME("  unmapped: references 1: %u, null %d", nr_counted(n, 1), vmalloc_to_page(p) == NULL);
	give_pages(n);
}

static void show_twice(void)
{
	struct page *twice[3];
	char *p;

	take_pages(2);
	twice[0] = twice[2] = pages[0];
	twice[1] = pages[1];
	p = vmap(twice, 3, VM_MAP, PAGE_KERNEL);
	p[0] = 21;
	SAME("a page twice: seen at the other place %d", p[2 * PAGE_SIZE] == 21);
	vunmap(p);
	give_pages(2);
}

/* With VM_MAP_PUT_PAGES vfree() drops one reference of each page, and the array. */
static void show_put(unsigned int n)
{
	struct page **array = kmalloc_array(n, sizeof(*array), GFP_KERNEL);
	char *p;

	take_pages(n);
	memcpy(array, pages, n * sizeof(*array));
	get_page(pages[0]);
	p = vmap(array, n, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	SAME("vmap that puts %u pages: references %d", n, page_count(pages[0]));
	vfree(p);
	SAME("  freed: references of the one held %d", page_count(pages[0]));
	__free_page(pages[0]);
}

static void show_ram(unsigned int n)
{
	char *p;

	take_pages(n);
	p = vm_map_ram(pages, n, NUMA_NO_NODE);
	show_view("vm_map_ram", p, n);
	vm_unmap_ram(p, n);
	SAME("  unmapped: references 1: %u, null %d", nr_counted(n, 1), vmalloc_to_page(p) == NULL);
	give_pages(n);
}

static void show_compound(void)
{
	struct page *head = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	unsigned int i;
	char *p;

	for (i = 0; i < 4; i++)
		pages[i] = head + i;
	p = vmap(pages, 4, VM_MAP, PAGE_KERNEL);
	show_view("vmap of a compound page", p, 4);
	vunmap(p);
	SAME("  count %d", page_count(head));
	__free_pages(head, 2);
}

void same_vmap(void)
{
	static const unsigned int counts[] = { 1, 2, 4, 16, 31, 32, 33, 64, 65, 128 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		show_vmap(counts[i]);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		show_ram(counts[i]);
	show_twice();
	show_put(1);
	show_put(5);
	show_compound();
	vunmap(NULL);
	SAME("vmap of no pages: null %d", vmap(pages, 0, VM_MAP, PAGE_KERNEL) == NULL);
	SAME("vmap of more than there are: null %d",
	     vmap(pages, 1U << 30, VM_MAP, PAGE_KERNEL) == NULL);
}
