/* SPDX-License-Identifier: MIT */
#include "formats.h"
#include "zones.h"

void vmstat_format(struct text *text, const struct items *items, bool has_highmem)
{
	for (unsigned int i = 0; i < NR_ITEMS; i++) {
		if (has_highmem || !item_is_highmem(i))
			text_add(text, "%s %lu\n", item_names[i], items->value[i]);
	}
}

void vmstat_show(struct text *text, struct kalloc_machine *m)
{
	struct items items;

	items_of_machine(&items, m);
	vmstat_format(text, &items, zones_have_highmem(m->page));
}
