/* SPDX-License-Identifier: MIT */
/*
 * One slab: 2^order frames cut into objects. struct slab is another view of the
 * first frame's struct page, as in the kernel; the page room keeps its hands off
 * all but flags and _refcount while PG_slab is set. Tail frames stay what the
 * compound page made them.
 *
 * Objects that are free are chained through a pointer inside each of them, at
 * s->offset from the object.
 */
#ifndef SLAB_SLAB_STRUCT_H
#define SLAB_SLAB_STRUCT_H

#include "cache.h"

struct slab {
	unsigned long __page_flags;
	union {
		struct list_head slab_list; /* on a node's partial list */
		struct {
			struct slab *next; /* on a CPU's partial chain */
			int slabs;	   /* length of the chain from here */
		};
	};
	struct kmem_cache *slab_cache;
	void *freelist;
	union {
		unsigned long counters;
		struct {
			unsigned int inuse : 16;
			unsigned int objects : 15;
			unsigned int frozen : 1;
		};
	};
	unsigned int __unused;
	atomic_t __page_refcount;
	unsigned long memcg_data;
} __attribute__((aligned(16)));

#define SLAB_MATCHES_PAGE(page_field, slab_field)                                              \
	_Static_assert(offsetof(struct page, page_field) == offsetof(struct slab, slab_field), \
		       "struct slab is a view of struct page")
SLAB_MATCHES_PAGE(flags, __page_flags);
SLAB_MATCHES_PAGE(lru, slab_list);
SLAB_MATCHES_PAGE(mapping, slab_cache);
SLAB_MATCHES_PAGE(index, freelist);
SLAB_MATCHES_PAGE(private, counters);
SLAB_MATCHES_PAGE(_mapcount, __unused);
SLAB_MATCHES_PAGE(_refcount, __page_refcount);
SLAB_MATCHES_PAGE(memcg_data, memcg_data);
_Static_assert(sizeof(struct slab) == 64 && sizeof(struct page) == 64, "64 bytes a frame");

static inline void *object_next(const struct kmem_cache *s, const void *object)
{
	void *next;

	memcpy(&next, (const char *)object + s->offset, sizeof(next));
	return next;
}

static inline void object_set_next(const struct kmem_cache *s, void *object, void *next)
{
	memcpy((char *)object + s->offset, &next, sizeof(next));
}

static inline struct page *slab_page(const struct slab *slab)
{
	return (struct page *)slab;
}

static inline int slab_nid(const struct slab *slab)
{
	return page_to_nid(slab_page(slab));
}

static inline struct kmem_cache_node *slab_node(const struct kmem_cache *s, const struct slab *slab)
{
	return s->node[slab_nid(slab)];
}

static inline char *slab_address(const struct kmem_cache *s, const struct slab *slab)
{
	return page_to_linear(s->machine, slab_page(slab));
}

static inline void *slab_object(const struct kmem_cache *s, const struct slab *slab,
				unsigned int index)
{
	return slab_address(s, slab) + s->red_left_pad + (size_t)index * s->size;
}

/*
 * The slab that @addr, in the linear range of @m, lies in; NULL if it is in none.
 * Asks PG_slab before compound_head(): in a first frame that word is our list
 * pointer, and another thread may be writing it.
 */
static inline struct slab *slab_of(const struct kalloc_machine *m, const void *addr)
{
	struct page *page = linear_to_page(m, addr);

	if (unlikely(!PageSlab(page))) {
		page = compound_head(page);
		if (!PageSlab(page))
			return NULL;
	}
	return (struct slab *)page;
}

/*
 * A new slab of free objects, constructed, near @nid; on no list, not counted.
 * Return: NULL if there are no frames, reported by the page room only.
 */
struct slab *slab_make(struct kmem_cache *s, gfp_t gfp, int nid);

/* Give the frames of an empty slab back; it is on no list, no longer counted. */
void slab_discard(struct kmem_cache *s, struct slab *slab);

/* slab_discard() a chain made of slab->next. */
void slab_discard_chain(struct kmem_cache *s, struct slab *chain);

/* Set bit i of @map (zeroed, MAX_OBJS_PER_PAGE bits) for each object on slab->freelist. */
void slab_map_free(const struct kmem_cache *s, const struct slab *slab, unsigned long *map);

/* Number of an object in its slab, or -1 if @object is not the start of one. */
int slab_index(const struct kmem_cache *s, const struct slab *slab, const void *object);

/* The invariants of one slab, under its node's lock. */
bool slab_ok(const struct kmem_cache *s, const struct slab *slab);

#endif
