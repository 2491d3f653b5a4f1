/* SPDX-License-Identifier: MIT */
/*
 * vm_map_ram: mappings without a record. An area per call, no guard page, as
 * Linux 6.1 does for more than 64 pages; smaller requests share 4 MiB blocks per
 * CPU there, which saves it the tree and the flush and changes nothing that a
 * caller may rely on.
 */
#include <kalloc/vmalloc.h>

#include "lazy.h"
#include "page.h"
#include "space.h"

/* @area was taken with @count pages. */
static void area_drop(struct kalloc_machine *m, struct vmap_area *area, unsigned int count)
{
	char *at = (char *)area->va_start;

	if (WARN(alias_unmap(m, at, count),
		 "vm_unmap_ram: the host refuses to unmap (%p): the addresses are lost\n",
		 (void *)at))
		return;
	lazy_add(m, area);
}

void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	struct kalloc_machine *m = count ? machine_of(pages[0]) : NULL;
	unsigned long bytes = (unsigned long)count << PAGE_SHIFT;
	struct vmap_area *area;

	if (WARN(!m, "vm_map_ram: no pages of any machine\n") || count > pages_total(m))
		return NULL;
	area = space_take(m, bytes, PAGE_SIZE, GFP_KERNEL, node);
	if (!area)
		return NULL;
	if (alias_map(m, (char *)area->va_start, pages, count)) {
		pages_warn(m, GFP_KERNEL, "vmap error: size %lu, failed to map pages", bytes);
		area_drop(m, space_leave_ram(m, (void *)area->va_start, bytes), count);
		return NULL;
	}
	return (void *)area->va_start;
}

void vm_unmap_ram(const void *mem, unsigned int count)
{
	struct kalloc_machine *m = machine_of(mem);
	struct vmap_area *area = NULL;

	context_might_sleep(m ?: machine_current());
	if (space_has(m, mem))
		area = space_leave_ram(m, mem, (unsigned long)count << PAGE_SHIFT);
	if (!WARN(!area, "Trying to vm_unmap_ram() bad address (%p)\n", mem))
		area_drop(m, area, count);
}

void vm_unmap_aliases(void)
{
	struct kalloc_machine *m = machine_current();

	context_might_sleep(m);
	lazy_purge(m);
}
