/* SPDX-License-Identifier: MIT */
#include "front.h"
#include "node.h"
#include "shrink.h"
#include "slab.h"
#include "trace_slab.h"

/* The rows and columns of kmalloc's caches. */
static const char *const kmalloc_names[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1] = {
#define ROW(prefix)                                                                         \
	{                                                                                   \
		NULL, prefix "96", prefix "192", prefix "8", prefix "16", prefix "32",      \
			prefix "64", prefix "128", prefix "256", prefix "512", prefix "1k", \
			prefix "2k", prefix "4k", prefix "8k"                               \
	}
	[KMALLOC_NORMAL] = ROW("kmalloc-"),
	[KMALLOC_CGROUP] = ROW("kmalloc-cg-"),
	[KMALLOC_RECLAIM] = ROW("kmalloc-rcl-"),
	[KMALLOC_DMA] = ROW("dma-kmalloc-"),
#undef ROW
};

static const slab_flags_t kmalloc_flags[NR_KMALLOC_TYPES] = {
	[KMALLOC_CGROUP] = SLAB_ACCOUNT,
	[KMALLOC_RECLAIM] = SLAB_RECLAIM_ACCOUNT,
	[KMALLOC_DMA] = SLAB_CACHE_DMA,
};

/* The order in which the classes are made, as the kernel's list shows it. */
static const unsigned int kmalloc_order[] = { 3, 4, 5, 6, 1, 7, 2, 8, 9, 10, 11, 12, 13 };

static int boot_kmalloc_cache(struct kalloc_machine *m, enum kmalloc_cache_type type,
			      unsigned int index)
{
	unsigned int size = size_of_class(index);
	struct kmem_cache **slot = &m->slab->kmalloc_caches[type][index];
	struct cache_request req = {
		.name = kmalloc_names[type][index],
		.size = size,
		.align = is_power_of_2(size) ? size : ARCH_KMALLOC_MINALIGN,
		.flags = kmalloc_flags[type] | SLAB_KMALLOC,
		.usersize = size,
	};
	int err = cache_make(m, &req, 16 * type + index, slot);

	if (err)
		return err;
	if (type == KMALLOC_NORMAL)
		(*slot)->refcount = -1;
	cache_publish(m->slab, *slot);
	return 0;
}

/* One of the two caches that describe caches: it and its nodes lie in the room. */
static int boot_first_cache(struct kalloc_machine *m, struct kmem_cache *s,
			    struct kmem_cache_node *nodes, const char *name, size_t size)
{
	struct cache_request req = {
		.name = name,
		.size = (unsigned int)size,
		.flags = SLAB_HWCACHE_ALIGN,
	};
	int err;

	req.align = is_power_of_2(size) ? (unsigned int)size : ARCH_KMALLOC_MINALIGN;
	req.align = size_align(req.flags, req.align, req.size);
	err = cache_setup(m, s, &req);
	if (!err)
		err = cache_setup_cpus(m->slab, s);
	if (err)
		return err;
	front_attach_none(s);
	s->refcount = -1;
	for (unsigned int nid = 0; nid < node_count(m); nid++) {
		s->node[nid] = &nodes[nid];
		node_init(s->node[nid]);
	}
	cache_publish(m->slab, s);
	return 0;
}

static void set_rules(struct size_rules *rules, const struct machine_params *params)
{
	unsigned long most = params->max_order;

	rules->nr_cpus = (unsigned int)params->nr_cpus;
	rules->page_max_order = (unsigned int)most;
	rules->max_order = (unsigned int)min(params->slub_max_order, most);
	rules->min_order = min((unsigned int)min(params->slub_min_order, most), rules->max_order);
	rules->min_objects = (unsigned int)min(params->slub_min_objects, 1UL << 15);
}

/* What the room has of the machine's tables. */
struct slab_cut {
	struct slab_room *room;
	struct kmem_cache *kmem_cache;
	struct kmem_cache *kmem_cache_node;
	struct kmem_cache_node *nodes; /* those of the one, then those of the other */
	void *cpu_parts;	       /* the first chunk of them */
	struct front_cut front;
};

static size_t cpu_parts_bytes(const struct kalloc_machine *m)
{
	return m->params.nr_cpus * sizeof(struct kmem_cache_cpu);
}

static struct slab_cut slab_cut(const struct kalloc_machine *m, struct tables *tables)
{
	unsigned long nr_nodes = m->params.nr_nodes;

	return (struct slab_cut){
		.room = table_cut(tables, sizeof(struct slab_room)),
		.kmem_cache = table_cut(tables, cache_bytes(nr_nodes)),
		.kmem_cache_node = table_cut(tables, cache_bytes(nr_nodes)),
		.nodes = table_cut(tables, 2 * nr_nodes * sizeof(struct kmem_cache_node)),
		.cpu_parts = table_cut(tables, chunk_first_bytes(cpu_parts_bytes(m))),
		.front = front_cut(m, tables),
	};
}

void slab_measure(const struct kalloc_machine *m, struct tables *tables)
{
	slab_cut(m, tables);
}

static void room_init(struct kalloc_machine *m, const struct slab_cut *cut)
{
	struct slab_room *room = cut->room;

	lock_init(&room->caches_lock, RANK_CACHES);
	list_init(&room->slab_caches);
	set_rules(&room->rules, &m->params);
	room->oom_limit = (struct ratelimit){ .interval_ms = 5000, .burst = 10 };
	quarantine_init(&room->quarantine, m->params.mem_bytes);
	chunk_init(&room->chunks, cpu_parts_bytes(m), cut->cpu_parts);
	room->kmem_cache = cut->kmem_cache;
	room->kmem_cache_node = cut->kmem_cache_node;
}

static int boot_caches(struct kalloc_machine *m, struct kmem_cache_node *nodes)
{
	struct slab_room *room = m->slab;
	unsigned int nr_nodes = node_count(m);
	int err = boot_first_cache(m, room->kmem_cache, nodes, "kmem_cache", cache_bytes(nr_nodes));

	if (!err)
		err = boot_first_cache(m, room->kmem_cache_node, nodes + nr_nodes,
				       "kmem_cache_node", sizeof(struct kmem_cache_node));
	for (unsigned int type = 0; type < NR_KMALLOC_TYPES; type++) {
		for (unsigned int i = 0; !err && i < ARRAY_SIZE(kmalloc_order); i++)
			err = boot_kmalloc_cache(m, (enum kmalloc_cache_type)type,
						 kmalloc_order[i]);
	}
	return err;
}

int slab_boot(struct kalloc_machine *m)
{
	struct slab_cut cut = slab_cut(m, &m->tables);
	int err;

	room_init(m, &cut);
	m->slab = cut.room;
	front_boot(m, &cut.front);
	err = boot_caches(m, cut.nodes);
	if (err) {
		slab_halt(m);
		return err;
	}
	shrink_boot(m);
	trace_slab_follow(m);
	trace_follow(m, trace_slab_follow);
	return 0;
}

void slab_halt(struct kalloc_machine *m)
{
	shrink_halt(m);
	front_halt(m);
	chunk_fini(&m->slab->chunks);
	m->slab = NULL;
}

void slab_freeze(struct kalloc_machine *m)
{
	struct slab_room *room = m->slab;
	struct kmem_cache *s;

	lock_take_nested(&room->caches_lock);
	front_freeze(room);
	lock_take_nested(&room->quarantine.lock);
	list_for_each_entry(s, &room->slab_caches, list) {
		for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++)
			lock_take_nested(&s->cpu_slab[cpu].lock);
	}
	list_for_each_entry(s, &room->slab_caches, list) {
		for (unsigned int nid = 0; nid < node_count(m); nid++)
			lock_take_nested(&s->node[nid]->list_lock);
	}
}

void slab_thaw(struct kalloc_machine *m)
{
	struct slab_room *room = m->slab;
	struct kmem_cache *s;

	list_for_each_entry(s, &room->slab_caches, list) {
		for (unsigned int nid = 0; nid < node_count(m); nid++)
			lock_drop(&s->node[nid]->list_lock);
		for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++)
			lock_drop(&s->cpu_slab[cpu].lock);
	}
	lock_drop(&room->quarantine.lock);
	front_thaw(room);
	lock_drop(&room->caches_lock);
}

struct slab_counts slab_count(const struct kmem_cache *s, unsigned int nid)
{
	struct slab_counts counts = { 0 };

	node_count_slabs(s->node[nid], &counts);
	return counts;
}

static void count_cache(const struct kmem_cache *s, struct slab_counts *counts)
{
	*counts = (struct slab_counts){ 0 };
	for (unsigned int nid = 0; nid < node_count(s->machine); nid++)
		node_count_slabs(s->node[nid], counts);
}

void slab_walk(struct kalloc_machine *m, void (*visit)(void *ctx, const struct slab_info *info),
	       void *ctx)
{
	struct slab_room *room = m->slab;
	struct kmem_cache *s;

	lock_take(&room->caches_lock);
	list_for_each_entry(s, &room->slab_caches, list) {
		struct slab_counts counts;

		count_cache(s, &counts);
		visit(ctx, &(struct slab_info){
				   .name = s->name,
				   .active_objs = counts.objects - counts.free,
				   .num_objs = counts.objects,
				   .num_slabs = counts.slabs,
				   .size = s->size,
				   .objects_per_slab = oo_objects(s->oo),
				   .pages_per_slab = 1u << oo_order(s->oo),
				   .reclaimable = (s->flags & SLAB_RECLAIM_ACCOUNT) != 0,
			   });
	}
	lock_drop(&room->caches_lock);
}
