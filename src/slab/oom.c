/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "text.h"

#define REPORT_MAX 4096

static void add_nodes(struct text *text, const struct kmem_cache *s)
{
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++) {
		struct slab_counts counts = slab_count(s, nid);

		text_add(text, "  node %u: slabs: %lu, objs: %lu, free: %lu\n", nid, counts.slabs,
			 counts.objects, counts.free);
	}
}

cold_path void cache_warn_oom(struct kmem_cache *s, gfp_t gfp, int nid)
{
	unsigned int object_size = READ_ONCE(s->object_size), suppressed;
	char buf[REPORT_MAX], flags[256];
	struct text text = text_on(buf, sizeof(buf));

	if ((gfp & __GFP_NOWARN) || !ratelimit_pass(&s->machine->slab->oom_limit, &suppressed))
		return;
	if (suppressed)
		text_add(&text, "slab_out_of_memory: %u callbacks suppressed\n", suppressed);
	kalloc_gfp_show(gfp, flags, sizeof(flags));
	text_add(&text, "SLUB: Unable to allocate memory on node %d, gfp=0x%x(%s)\n", nid, gfp,
		 flags);
	text_add(
		&text,
		"  cache: %s, object size: %u, buffer size: %u, default order: %u, min order: %u\n",
		s->name, object_size, s->size, oo_order(s->oo), oo_order(s->min));
	if (oo_order(s->min) > (unsigned int)get_order(object_size))
		text_add(&text,
			 "  %s debugging increased min order, use slub_debug=O to disable.\n",
			 s->name);
	add_nodes(&text, s);
	console_print("%s", buf);
}
