/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "percpu.h"

int kmem_cache_shrink(struct kmem_cache *s)
{
	unsigned long left = 0;

	percpu_flush_all(s);
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++)
		left += node_shrink(s, s->node[nid]);
	return left != 0;
}
