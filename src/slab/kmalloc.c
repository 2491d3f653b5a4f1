/* SPDX-License-Identifier: MIT */
#include "alloc.h"
#include "node.h"
#include "shadow.h"
#include "slab.h"
#include "trace_slab.h"

/* More than a slab holds: frames of their own, one compound page. */
static always_inline void *frames_alloc(struct kalloc_machine *m, size_t size, gfp_t gfp, int nid)
{
	unsigned int order = (unsigned int)get_order(size);
	struct page *page;

	gfp &= ~(__GFP_HIGHMEM | __GFP_DMA32 | __GFP_COLD);
	page = pages_alloc(m, gfp | __GFP_COMP, order, nid);
	if (!page)
		return NULL;
	node_stat_add(m, page_nid(page), NR_SLAB_UNRECLAIMABLE, 1L << order);
	return page_to_linear(m, page);
}

static never_inline void *large_alloc_told(struct kalloc_machine *m, gfp_t gfp, int nid,
					   struct asker asker)
{
	void *object = frames_alloc(m, asker.bytes, gfp, nid);

	if (object && kasan_is_on(m))
		kasan_allow(object, asker.bytes, PAGE_SIZE << get_order(asker.bytes));
	trace_slab_large(m, object, gfp, nid, asker);
	return object;
}

/* Whether somebody has to be told; off, events and kasan are one look for the large blocks. */
static inline void *large_alloc(struct kalloc_machine *m, gfp_t gfp, int nid, struct asker asker)
{
	if (trace_wants(m, TRACE_OBJECTS | TRACE_KASAN))
		return large_alloc_told(m, gfp, nid, asker);
	return frames_alloc(m, asker.bytes, gfp, nid);
}

/* A single frame is never kmalloc's: somebody got it from the page allocator. */
static cold_path void single_free(struct kalloc_machine *m, struct page *page, const void *object)
{
	WARN_ONCE(true, "%s", "");
	PRINT_ONCE("object pointer: 0x%016lx\n", (unsigned long)object);
	pages_free(m, page, 0);
}

static always_inline void large_free(struct kalloc_machine *m, struct page *page,
				     const void *object)
{
	unsigned int order = compound_order(page);

	if (unlikely(!order)) {
		single_free(m, page, object);
		return;
	}
	node_stat_add(m, page_nid(page), NR_SLAB_UNRECLAIMABLE, -(1L << order));
	pages_free(m, page, order);
}

static cold_path size_t large_size(struct kalloc_machine *m, const void *object)
{
	struct page *page = compound_head(linear_to_page(m, object));
	size_t size = PAGE_SIZE << compound_order(page);

	if (WARN(size <= KMALLOC_MAX_CACHE_SIZE || page_to_linear(m, page) != object,
		 "ksize: %p is not from kmalloc\n", object))
		return 0;
	return size;
}

/* The machine of a kmalloc pointer; NULL after a report if it has none. */
static struct kalloc_machine *machine_holding(const void *object, const char *who)
{
	struct kalloc_machine *m = machine_of(object);

	if (unlikely(!m || !is_linear(m, object))) {
		WARN(true, "%s: %p is not memory of any machine\n", who, object);
		return NULL;
	}
	return m;
}

static inline void *kmalloc_on(struct kalloc_machine *m, gfp_t gfp, int nid, struct asker asker)
{
	size_t size = asker.bytes;
	struct kmem_cache *s;

	if (unlikely(size > KMALLOC_MAX_CACHE_SIZE))
		return large_alloc(m, gfp, nid, asker);
	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	s = m->slab->kmalloc_caches[kmalloc_type(gfp)][kmalloc_index(size)];
	gfp &= ~__GFP_HIGHMEM;
	return alloc_take(s, gfp, nid, asker);
}

void *slab_kmalloc(struct kalloc_machine *m, size_t size, gfp_t gfp, int nid)
{
	return kmalloc_on(m, gfp, nid, ASKER(size));
}

_Static_assert(KALLOC_GFP_NOT_PLAIN == 0x400111u, "ABI: programs have it in their code");

/* An object of an ordinary class from the front, for plain flags; NULL: ask further. */
static inline void *class_pop(const struct kalloc_machine *m, unsigned int index)
{
	if (unlikely(!m || !task_is_unmarked()))
		return NULL;
	return front_pop_class(&m->objects.space, index);
}

/* What the callers of kmalloc() know at compile time is one number (KALLOC_SIZED()). */
static inline unsigned int class_of(unsigned int sized)
{
	return sized & KALLOC_SIZED_CLASS;
}

static never_inline void *class_alloc(unsigned int sized, gfp_t flags, int node, const void *site)
{
	struct slab_room *room = machine_current()->slab;
	struct kmem_cache *s = room->kmalloc_caches[kmalloc_type(flags)][class_of(sized)];

	return alloc_take_slow(s, flags & ~__GFP_HIGHMEM, node,
			       (struct asker){ .site = site,
					       .bytes = sized >> KALLOC_SIZED_SHIFT });
}

void *kalloc_kmalloc_sized_node(unsigned int sized, gfp_t flags, int node)
{
	if (likely(node == NUMA_NO_NODE && !(flags & KALLOC_GFP_NOT_PLAIN))) {
		void *object = class_pop(machine_known(), class_of(sized));

		if (likely(object != NULL))
			return object;
	}
	return class_alloc(sized, flags, node, __builtin_return_address(0));
}

other_name(kalloc_kmalloc_sized_node) void *kalloc_kmalloc_class(unsigned int index, gfp_t flags,
								 int node);

void *kalloc_kmalloc_sized(unsigned int sized, gfp_t flags)
{
	void *object = class_pop(machine_known(), class_of(sized));

	return likely(object != NULL)
		       ? object
		       : class_alloc(sized, flags, NUMA_NO_NODE, __builtin_return_address(0));
}

other_name(kalloc_kmalloc_sized) void *kalloc_call_kmalloc_sized(unsigned int sized, gfp_t flags);
other_name(kalloc_kmalloc_sized) void *kalloc_kmalloc_plain(unsigned int index, gfp_t flags);
other_name(kalloc_kmalloc_sized) void *kalloc_call_kmalloc_plain(unsigned int index, gfp_t flags);

/* What needs nothing but an object from the front; else NULL. */
static always_inline void *kmalloc_quick(size_t size, gfp_t flags)
{
	const struct kalloc_machine *m = machine_known();

	return likely(m && size <= KALLOC_SMALL_SIZE && !(flags & KALLOC_GFP_NOT_PLAIN))
		       ? class_pop(m, m->objects.small_class[(size + 7) / 8])
		       : NULL;
}

static never_inline void *kmalloc_slow(size_t size, gfp_t flags, const void *site)
{
	return kmalloc_on(machine_current(), flags, NUMA_NO_NODE,
			  (struct asker){ .site = site, .bytes = size });
}

/* The same of more than a slab holds: no call lies between it and the page allocator. */
static never_inline void *kmalloc_large(size_t size, gfp_t flags, const void *site)
{
	return large_alloc(machine_current(), flags, NUMA_NO_NODE,
			   (struct asker){ .site = site, .bytes = size });
}

void *__kmalloc(size_t size, gfp_t flags)
{
	void *object = kmalloc_quick(size, flags);

	if (likely(object != NULL))
		return object;
	return size > KMALLOC_MAX_CACHE_SIZE
		       ? kmalloc_large(size, flags, __builtin_return_address(0))
		       : kmalloc_slow(size, flags, __builtin_return_address(0));
}

other_name(__kmalloc) void *kalloc_call_kmalloc(size_t size, gfp_t flags);

void *kmalloc_track(size_t size, gfp_t flags, const void *site)
{
	void *object = kmalloc_quick(size, flags);

	return likely(object != NULL) ? object : kmalloc_slow(size, flags, site);
}

void *kmalloc_trace(struct kmem_cache *s, gfp_t flags, size_t size)
{
	void *object = alloc_take(s, flags, NUMA_NO_NODE, ASKER(size));

	if (object && cache_is_checked(s))
		node_set_request(s, slab_of(s->machine, object), object, size);
	return object;
}

void *__kmalloc_node(size_t size, gfp_t flags, int node)
{
	return kmalloc_on(machine_current(), flags, node, ASKER(size));
}

/* The frame that tells whose an object is: of its slab, or the first of its block. */
static always_inline struct page *page_holding(struct kalloc_machine *m, const void *object)
{
	struct page *page = linear_to_page(m, object);

	/* As slab_of(), with jumps: nothing waits for what is nearly always so. */
	return !PageSlab(page) && unlikely(PageTail(page)) ? compound_head(page) : page;
}

static always_inline void kfree_untold(struct kalloc_machine *m, struct page *page,
				       const void *object)
{
	struct slab *slab = (struct slab *)page;

	if (PageSlab(page))
		alloc_give(slab->slab_cache, slab, (void *)object);
	else
		large_free(m, page, object);
}

static never_inline void kfree_told(struct kalloc_machine *m, const void *object, const void *site)
{
	struct page *page = page_holding(m, object);

	trace_slab_kfree(m, object, site);
	if (kasan_is_on(m) && !PageSlab(page) &&
	    (asan_is_closed(object) || page_to_linear(m, page) != object))
		kasan_report_free(object);
	else
		kfree_untold(m, page, object);
}

/* Free an object in the linear range of @m that no front takes. */
static always_inline void kfree_in(struct kalloc_machine *m, const void *object, const void *site)
{
	if (trace_wants(m, TRACE_BIT(kfree) | TRACE_OBSERVED | TRACE_KASAN))
		kfree_told(m, object, site);
	else
		kfree_untold(m, page_holding(m, object), object);
}

void kalloc_call_kfree_in(struct kalloc_machine *m, const void *object)
{
	kfree_in(m, object, __builtin_return_address(0));
}

/* An object that is not @known's, the current machine's if there is one. */
static never_inline void kfree_far(const void *object, struct kalloc_machine *known,
				   const void *site)
{
	struct kalloc_machine *m;

	if (unlikely(ZERO_OR_NULL_PTR(object))) {
		if (known && trace_wants(known, TRACE_BIT(kfree)))
			trace_slab_kfree(known, object, site);
		return;
	}
	m = machine_holding(object, "kfree");
	if (likely(m != NULL))
		kfree_in(m, object, site);
}

void kfree(const void *object)
{
	struct kalloc_machine *m = machine_known();
	unsigned int class = likely(m != NULL) ? kalloc_class_at(&m->objects.space, object) : ~0u;

	if (unlikely(class == ~0u))
		kfree_far(object, m, __builtin_return_address(0));
	else if (unlikely(!class || !front_push_class(&m->objects.space, class, (void *)object)))
		kfree_in(m, object, __builtin_return_address(0));
}

void alloc_kfree(const void *object, const void *site)
{
	kfree_far(object, machine_known(), site);
}

other_name(kfree) void kalloc_call_kfree(const void *object);

size_t ksize(const void *object)
{
	struct kalloc_machine *m;
	struct slab *slab;
	size_t size;

	if (ZERO_OR_NULL_PTR(object))
		return 0;
	m = machine_holding(object, "ksize");
	if (!m)
		return 0;
	slab = slab_of(m, object);
	size = slab ? size_usable(slab->slab_cache) : large_size(m, object);
	return kasan_is_on(m) ? shadow_widen(m, object, size) : size;
}

size_t kmalloc_size_roundup(size_t size)
{
	if (size == SIZE_MAX)
		return SIZE_MAX;
	if (size > KMALLOC_MAX_CACHE_SIZE)
		return PAGE_SIZE << get_order(size);
	return size_of_class(kmalloc_index(size));
}

/* New memory comes from the machine of the old, not from the current one. */
static void *move(const void *p, size_t old_size, size_t new_size, gfp_t flags, const void *site)
{
	struct kalloc_machine *m = old_size ? machine_of(p) : machine_current();
	void *to = kmalloc_on(m, flags, NUMA_NO_NODE,
			      (struct asker){ .site = site, .bytes = new_size });

	if (!to)
		return NULL;
	if (old_size)
		memcpy(to, p, old_size);
	kfree(p);
	return to;
}

void *krealloc(const void *p, size_t new_size, gfp_t flags)
{
	size_t old_size;

	if (!new_size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	old_size = ksize(p);
	if (old_size < new_size)
		return move(p, old_size, new_size, flags, __builtin_return_address(0));
	if ((flags & __GFP_ZERO) || machine_of(p)->params.init_on_alloc)
		memset((char *)p + new_size, 0, old_size - new_size);
	if (kasan_is_on(machine_of(p)))
		shadow_narrow(machine_of(p), p, new_size, old_size);
	return (void *)p;
}

void kfree_sensitive(const void *object)
{
	size_t size = ksize(object);

	if (size) {
		memset((void *)object, 0, size);
		/* The memory counts as read: the clearing cannot be left out. */
		__asm__ volatile("" : : "r"(object) : "memory");
	}
	kfree(object);
}
