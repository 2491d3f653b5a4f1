/* SPDX-License-Identifier: MIT */
#include "formats.h"

void slabinfo_format(struct text *text, const struct slab_info *info)
{
	text_add(text, "%-17s %6lu %6lu %6u %4u %4u", info->name, info->active_objs, info->num_objs,
		 info->size, info->objects_per_slab, info->pages_per_slab);
	text_add(text, " : tunables %4u %4u %4u", 0u, 0u, 0u);
	text_add(text, " : slabdata %6lu %6lu %6lu\n", info->num_slabs, info->num_slabs, 0ul);
}

static void show_cache(void *ctx, const struct slab_info *info)
{
	slabinfo_format(ctx, info);
}

void slabinfo_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text,
		 "slabinfo - version: 2.1\n"
		 "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
		 " : tunables <limit> <batchcount> <sharedfactor>"
		 " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	slab_walk(m, show_cache, text);
}
