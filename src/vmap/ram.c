/* SPDX-License-Identifier: MIT */
/*
 * vm_map_ram: mappings without a record. An area per call, no guard page, as
 * Linux 6.1 does for more than 64 pages; smaller requests share 4 MiB blocks per
 * CPU there, which saves it the tree and the flush and changes nothing that a
 * caller may rely on.
 */
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "kasan.h"
#include "lazy.h"
#include "page.h"
#include "slab.h"
#include "space.h"

/* @area is the caller's and was made for @count pages. */
static void area_drop(struct kalloc_machine *m, struct vmap_area *area, unsigned int count)
{
	if (kasan_is_on(m))
		asan_close((void *)area->va_start, area_bytes(area));
	if (WARN(space_fade(m, area, count),
		 "vm_unmap_ram: the host refuses to unmap (%p): the addresses are lost\n",
		 (void *)area->va_start))
		return;
	space_retire(m, area);
}

void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	struct kalloc_machine *m = count ? machine_of(pages[0]) : NULL;
	const struct home_wanted wanted = {
		.pages = pages,
		.nr = count,
		.bytes = (unsigned long)count << PAGE_SHIFT,
		.align = PAGE_SIZE,
	};
	struct vmap_area *area;

	if (WARN(!m, "vm_map_ram: no pages of any machine\n") || count > m->vmap->nr_total)
		return NULL;
	context_might_sleep(m);
	if (!space_knows(m, pages, count))
		return NULL;
	area = slab_kmalloc(m, sizeof(*area), GFP_KERNEL, node);
	if (!area)
		return NULL;
	if (!space_place(m, area, NULL, &wanted, GFP_KERNEL)) {
		kfree(area);
		return NULL;
	}
	if (space_show(m, area, pages, count, false)) {
		pages_warn(m, GFP_KERNEL, "vmap error: size %lu, failed to map pages",
			   wanted.bytes);
		area_drop(m, area, count);
		return NULL;
	}
	if (kasan_is_on(m))
		asan_open((void *)area->va_start, area_bytes(area));
	space_publish(m, area);
	return (void *)area->va_start;
}

void vm_unmap_ram(const void *mem, unsigned int count)
{
	struct kalloc_machine *m = machine_of(mem);
	struct vmap_area *area = NULL;

	context_might_sleep(m ?: machine_current());
	if (space_has(m, mem))
		area = space_claim_ram(m, mem, (unsigned long)count << PAGE_SHIFT);
	if (!WARN(!area, "Trying to vm_unmap_ram() bad address (%p)\n", mem))
		area_drop(m, area, count);
}

void vm_unmap_aliases(void)
{
	struct kalloc_machine *m = machine_current();

	context_might_sleep(m);
	lazy_purge(m);
}
