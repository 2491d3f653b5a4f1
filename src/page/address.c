/* SPDX-License-Identifier: MIT */
/* Between frame numbers, struct pages, linear addresses, zones and nodes. */
#include "room.h"

struct page *virt_to_page(const void *addr)
{
	return linear_to_page(machine_of(addr), addr);
}

unsigned long page_to_pfn(const struct page *page)
{
	return pfn_of(machine_of(page), page);
}

struct page *pfn_to_page(unsigned long pfn)
{
	return machine_current()->vmemmap + pfn;
}

bool pfn_valid(unsigned long pfn)
{
	const struct layout *layout = &machine_current()->page->layout;

	return layout_present(layout, pfn, pfn + 1) == 1;
}

phys_addr_t virt_to_phys(const volatile void *addr)
{
	return (phys_addr_t)((const volatile char *)addr - machine_current()->linear);
}

void *phys_to_virt(phys_addr_t phys)
{
	return machine_current()->linear + phys;
}

int page_to_nid(const struct page *page)
{
	return frame_nid(page);
}

struct zone *page_zone(const struct page *page)
{
	return &machine_of(page)->page->nodes[frame_nid(page)].zones[frame_zone(page)];
}

enum zone_type page_zonenum(const struct page *page)
{
	return frame_zone(page);
}
