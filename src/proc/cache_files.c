/* SPDX-License-Identifier: MIT */
#include "cache_files.h"
#include "room.h"
#include "slab.h"
#include "slab_struct.h"

#define FOLDER "/sys/kernel/slab/"
#define ANY    FOLDER "<cache>/"

/* One attribute; exactly one of the four ways to show it is set. */
struct attribute {
	const char *path;
	slab_flags_t flag; /* 0 or 1 */
	unsigned long (*number)(const struct kmem_cache *s);
	unsigned long (*count)(const struct slab_counts *counts); /* of each node */
	void (*show)(struct text *text, const struct kmem_cache *s);
	int (*store)(struct kmem_cache *s, const char *input);
};

static unsigned long aliases(const struct kmem_cache *s)
{
	return s->refcount < 0 ? 0 : (unsigned long)s->refcount - 1;
}

static unsigned long align(const struct kmem_cache *s)
{
	return s->align;
}

static unsigned long cpu_partial(const struct kmem_cache *s)
{
	return s->cpu_partial;
}

static unsigned long min_partial(const struct kmem_cache *s)
{
	return s->min_partial;
}

static unsigned long object_size(const struct kmem_cache *s)
{
	return s->object_size;
}

static unsigned long objs_per_slab(const struct kmem_cache *s)
{
	return oo_objects(s->oo);
}

static unsigned long order(const struct kmem_cache *s)
{
	return oo_order(s->oo);
}

/* In percent. A slab on another node is looked for each time there is none here. */
static unsigned long remote_node_defrag_ratio(const struct kmem_cache *s)
{
	return 100;
}

static unsigned long slab_size(const struct kmem_cache *s)
{
	return s->size;
}

static unsigned long usersize(const struct kmem_cache *s)
{
	return s->usersize;
}

static unsigned long objects(const struct slab_counts *counts)
{
	return counts->objects - counts->free;
}

static unsigned long objects_partial(const struct slab_counts *counts)
{
	return counts->partial_used;
}

static unsigned long partial(const struct slab_counts *counts)
{
	return counts->partial_slabs;
}

static unsigned long slabs(const struct slab_counts *counts)
{
	return counts->slabs;
}

static unsigned long total_objects(const struct slab_counts *counts)
{
	return counts->objects;
}

static void nodes_show(struct text *text, const unsigned long *nodes, unsigned int nr_nodes)
{
	unsigned long total = 0;

	for (unsigned int nid = 0; nid < nr_nodes; nid++)
		total += nodes[nid];
	text_add(text, "%lu", total);
	for (unsigned int nid = 0; nid < nr_nodes; nid++) {
		if (nodes[nid])
			text_add(text, " N%u=%lu", nid, nodes[nid]);
	}
	text_add(text, "\n");
}

static void counts_show(struct text *text, const struct kmem_cache *s,
			unsigned long (*count)(const struct slab_counts *counts))
{
	unsigned int nr_nodes = node_count(s->machine);
	unsigned long nodes[LAYOUT_NODES];

	for (unsigned int nid = 0; nid < nr_nodes; nid++) {
		struct slab_counts counts = slab_count(s, nid);

		nodes[nid] = count(&counts);
	}
	nodes_show(text, nodes, nr_nodes);
}

/* A CPU's reserve counts for the node of its first slab, as in the kernel. */
static void cpu_slabs_show(struct text *text, const struct kmem_cache *s)
{
	unsigned long nodes[LAYOUT_NODES] = { 0 };

	for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++) {
		struct kmem_cache_cpu *c = &s->cpu_slab[cpu];

		lock_take(&c->lock);
		if (c->slab)
			nodes[slab_nid(c->slab)]++;
		if (c->partial)
			nodes[slab_nid(c->partial)] += (unsigned int)c->partial->slabs;
		lock_drop(&c->lock);
	}
	nodes_show(text, nodes, node_count(s->machine));
}

static unsigned int cpu_reserve(const struct kmem_cache *s, unsigned int cpu)
{
	struct kmem_cache_cpu *c = &s->cpu_slab[cpu];
	unsigned int nr_slabs;

	lock_take(&c->lock);
	nr_slabs = c->partial ? (unsigned int)c->partial->slabs : 0;
	lock_drop(&c->lock);
	return nr_slabs;
}

/* "<objects>(<slabs>)": slabs in reserve are taken to be half full. */
static void reserve_show(struct text *text, const struct kmem_cache *s, unsigned int nr_slabs)
{
	text_add(text, "%u(%u)", nr_slabs * oo_objects(s->oo) / 2, nr_slabs);
}

static void slabs_cpu_partial_show(struct text *text, const struct kmem_cache *s)
{
	unsigned int total = 0;

	for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++)
		total += cpu_reserve(s, cpu);
	reserve_show(text, s, total);
	for (unsigned int cpu = 0; cpu < s->nr_cpus; cpu++) {
		unsigned int nr_slabs = cpu_reserve(s, cpu);

		if (nr_slabs) {
			text_add(text, " C%u=", cpu);
			reserve_show(text, s, nr_slabs);
		}
	}
	text_add(text, "\n");
}

static void ctor_show(struct text *text, const struct kmem_cache *s)
{
	if (s->ctor)
		text_add(text, "0x%lx\n", (unsigned long)s->ctor);
}

/* What can only be written reads as nothing. */
static void nothing_show(struct text *text, const struct kmem_cache *s)
{
}

static int shrink_store(struct kmem_cache *s, const char *input)
{
	if (input[0] != '1')
		return -EINVAL;
	kmem_cache_shrink(s);
	return 0;
}

static const struct attribute attributes[] = {
	{ .path = ANY "aliases", .number = aliases },
	{ .path = ANY "align", .number = align },
	{ .path = ANY "cache_dma", .flag = SLAB_CACHE_DMA },
	{ .path = ANY "cpu_partial", .number = cpu_partial },
	{ .path = ANY "cpu_slabs", .show = cpu_slabs_show },
	{ .path = ANY "ctor", .show = ctor_show },
	{ .path = ANY "destroy_by_rcu", .flag = SLAB_TYPESAFE_BY_RCU },
	{ .path = ANY "hwcache_align", .flag = SLAB_HWCACHE_ALIGN },
	{ .path = ANY "min_partial", .number = min_partial },
	{ .path = ANY "object_size", .number = object_size },
	{ .path = ANY "objects", .count = objects },
	{ .path = ANY "objects_partial", .count = objects_partial },
	{ .path = ANY "objs_per_slab", .number = objs_per_slab },
	{ .path = ANY "order", .number = order },
	{ .path = ANY "partial", .count = partial },
	{ .path = ANY "poison", .flag = SLAB_POISON },
	{ .path = ANY "reclaim_account", .flag = SLAB_RECLAIM_ACCOUNT },
	{ .path = ANY "red_zone", .flag = SLAB_RED_ZONE },
	{ .path = ANY "remote_node_defrag_ratio", .number = remote_node_defrag_ratio },
	{ .path = ANY "sanity_checks", .flag = SLAB_CONSISTENCY_CHECKS },
	{ .path = ANY "shrink", .show = nothing_show, .store = shrink_store },
	{ .path = ANY "slab_size", .number = slab_size },
	{ .path = ANY "slabs", .count = slabs },
	{ .path = ANY "slabs_cpu_partial", .show = slabs_cpu_partial_show },
	{ .path = ANY "store_user", .flag = SLAB_STORE_USER },
	{ .path = ANY "total_objects", .count = total_objects },
	{ .path = ANY "trace", .flag = SLAB_TRACE },
	{ .path = ANY "usersize", .number = usersize },
	{ .path = ANY "validate", .show = nothing_show },
};

const char *cache_files_path(unsigned int index)
{
	return index < ARRAY_SIZE(attributes) ? attributes[index].path : NULL;
}

static const struct attribute *attribute_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		if (strcmp(attributes[i].path + strlen(ANY), name) == 0)
			return &attributes[i];
	}
	return NULL;
}

static bool is_named(const struct kmem_cache *s, const char *part, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (part[i] != (s->name[i] == '/' ? '!' : s->name[i]))
			return false;
	}
	return s->name[len] == '\0';
}

/* Under the list's lock. */
static struct kmem_cache *cache_find(struct slab_room *room, const char *part, size_t len)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &room->slab_caches, list) {
		if (is_named(s, part, len))
			return s;
	}
	return NULL;
}

/* Take @path apart. Return: the attribute, and the cache's part in *@part and *@len, or NULL. */
static const struct attribute *path_split(const char *path, const char **part, size_t *len)
{
	const char *slash;

	if (strncmp(path, FOLDER, strlen(FOLDER)) != 0)
		return NULL;
	*part = path + strlen(FOLDER);
	slash = strrchr(*part, '/');
	if (!slash)
		return NULL;
	*len = (size_t)(slash - *part);
	return attribute_find(slash + 1);
}

static void attribute_show(struct text *text, const struct attribute *attribute,
			   const struct kmem_cache *s)
{
	if (attribute->show)
		attribute->show(text, s);
	else if (attribute->count)
		counts_show(text, s, attribute->count);
	else if (attribute->number)
		text_add(text, "%lu\n", attribute->number(s));
	else
		text_add(text, "%d\n", (s->flags & attribute->flag) != 0);
}

int cache_files_show(struct text *text, struct kalloc_machine *m, const char *path)
{
	const char *part;
	size_t len;
	const struct attribute *attribute = path_split(path, &part, &len);
	struct kmem_cache *s;

	if (!attribute)
		return -ENOENT;
	lock_take(&m->slab->caches_lock);
	s = cache_find(m->slab, part, len);
	if (s)
		attribute_show(text, attribute, s);
	lock_drop(&m->slab->caches_lock);
	return s ? 0 : -ENOENT;
}

int cache_files_store(struct kalloc_machine *m, const char *path, const char *input)
{
	const char *part;
	size_t len;
	const struct attribute *attribute = path_split(path, &part, &len);
	struct kmem_cache *s;
	int err = -ENOENT;

	if (!attribute)
		return -ENOENT;
	lock_take(&m->slab->caches_lock);
	s = cache_find(m->slab, part, len);
	if (s)
		err = attribute->store ? attribute->store(s, input) : -EACCES;
	lock_drop(&m->slab->caches_lock);
	return err;
}
