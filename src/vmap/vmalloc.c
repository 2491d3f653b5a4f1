/* SPDX-License-Identifier: MIT */
#include "vmalloc.h"

#include "explain.h"

#include "page.h"
#include "plat.h"
#include "slab.h"
#include "space.h"

#define HUGE_ORDER  9
#define LARGEST_RUN 9u /* a pageblock: what the page room keeps together */
_Static_assert(LARGEST_RUN < ARRAY_SIZE(((struct kalloc_note *)0)->blocks.nr), "one each");
#define HUGE_BYTES    (PAGE_SIZE << HUGE_ORDER)
#define GFP_VMALLOC32 (GFP_DMA32 | GFP_KERNEL)

static void note_lack(enum kalloc_lack lack)
{
	explain(.kind = KALLOC_NOTE_LACK, .number = lack);
}

static void note_area(const struct vm_request *request)
{
	if (explain_on())
		explain_begin(&(const struct kalloc_note){ .kind = KALLOC_NOTE_AREA,
							   .area = { .bytes = request->size,
								     .order = request->order,
								     .gfp = request->gfp } });
}

static void note_area_end(const void *addr)
{
	if (explain_on())
		explain_end(&(const struct kalloc_note){
			.kind = KALLOC_NOTE_AREA_END,
			.end = { .nr = addr != NULL, .address = addr } });
}

static struct page **array_alloc(const struct vm_request *request, unsigned long bytes)
{
	gfp_t gfp = request->gfp & GFP_RECLAIM_MASK;
	struct vm_request nested = *request;

	if (bytes <= PAGE_SIZE)
		return slab_kmalloc(request->m, bytes, gfp, request->nid);
	/* Each level is 512 times smaller than the one above. */
	nested.size = bytes;
	nested.align = PAGE_SIZE;
	nested.order = 0;
	nested.flags = VM_ALLOC;
	nested.gfp = gfp;
	return vmalloc_request(&nested);
}

/* What is private is zero where it will be seen, and the frames' own memory is not asked for. */
static gfp_t frames_gfp(const struct vm_request *request)
{
	gfp_t gfp = request->gfp | __GFP_NOWARN;

	if (space_is_private(request->m))
		gfp &= ~__GFP_ZERO;
	return gfp & (__GFP_DMA | __GFP_DMA32) ? gfp : gfp | __GFP_HIGHMEM;
}

/* A block of 2^@order single frames; of more than one in earnest only if it must be one. */
static struct page *block_alloc(const struct vm_request *request, gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (order > request->order)
		return pages_take_run(request->m, gfp, order, request->nid);
	page = pages_alloc(request->m, gfp, order, request->nid);
	if (page && order)
		split_page(page, order);
	return page;
}

/*
 * Larger runs first, single frames last. @noted receives how many there were of each order;
 * NULL: nobody wants to know. Return: how many of @nr frames there were; vm->pages names them.
 */
static always_inline unsigned int frames_alloc_as(const struct vm_request *request,
						  struct vm_struct *vm, unsigned int nr,
						  struct kalloc_note *noted)
{
	unsigned int got = 0, order = min(LARGEST_RUN, pages_max_order(request->m));
	struct explain_place place = { 0 };
	gfp_t gfp = frames_gfp(request);

	while (got < nr) {
		struct page *page;

		if (noted)
			place = explain_place();
		order = max(request->order, min(order, ilog2(nr - got)));
		page = block_alloc(request, gfp, order);
		if (!page && order == request->order)
			break;
		/* Of each block it is enough to know how large it is. */
		if (noted)
			explain_return(place);
		if (!page) {
			order--;
			continue;
		}
		for (unsigned int i = 0; i < 1U << order; i++)
			vm->pages[got + i] = page + i;
		got += 1U << order;
		if (noted)
			noted->blocks.nr[order]++;
	}
	return got;
}

static cold_path unsigned int frames_alloc_noted(const struct vm_request *request,
						 struct vm_struct *vm, unsigned int nr)
{
	struct kalloc_note note = { .kind = KALLOC_NOTE_BLOCKS };
	unsigned int got = frames_alloc_as(request, vm, nr, &note);

	if (got)
		explain_add(&note);
	return got;
}

static unsigned int frames_alloc(const struct vm_request *request, struct vm_struct *vm,
				 unsigned int nr)
{
	return unlikely(explain_on()) ? frames_alloc_noted(request, vm, nr)
				      : frames_alloc_as(request, vm, nr, NULL);
}

/* Return: true if @vm has its frames. */
static bool vm_fill(const struct vm_request *request, struct vm_struct *vm, unsigned int nr)
{
	unsigned long array_bytes = nr * sizeof(struct page *);

	if (!vm->pages)
		vm->pages = array_alloc(request, array_bytes);
	if (!vm->pages) {
		note_lack(KALLOC_LACK_ARRAY);
		pages_warn(request->m, request->gfp,
			   "vmalloc error: size %lu, failed to allocated page array size %lu",
			   nr * PAGE_SIZE, array_bytes);
		return false;
	}
	vm->nr_pages = frames_alloc(request, vm, nr);
	if (vm->nr_pages == nr)
		return true;
	note_lack(KALLOC_LACK_PAGES);
	pages_warn(request->m, request->gfp,
		   "vmalloc error: size %lu, page order %u, failed to allocate pages",
		   vm->nr_pages * PAGE_SIZE, request->order);
	return false;
}

static cold_path void *without_record(const struct vm_request *request, enum kalloc_lack lack)
{
	note_lack(lack);
	pages_warn(request->m, request->gfp, "vmalloc error: size %lu, vm_struct allocation failed",
		   request->size);
	return NULL;
}

static void *request_try(const struct vm_request *request)
{
	struct vm_struct *vm = vm_create(request);
	unsigned int nr;
	int err;

	if (!vm)
		return without_record(request, KALLOC_LACK_RECORD);
	nr = (unsigned int)(get_vm_area_size(vm) >> PAGE_SHIFT);
	if (!vm_fill(request, vm, nr)) {
		vm_discard(request->m, vm);
		return NULL;
	}
	err = vm_map(request, vm, vm->pages, nr);
	if (err == -ENOSPC)
		return without_record(request, KALLOC_LACK_ADDRESSES);
	if (err) {
		note_lack(KALLOC_LACK_MAPPINGS);
		pages_warn(request->m, request->gfp, "vmalloc error: size %lu, failed to map pages",
			   nr * PAGE_SIZE);
		return NULL;
	}
	return vm->addr;
}

static void *request_try_huge(const struct vm_request *request)
{
	struct vm_request huge = *request;
	unsigned long per_node = request->size;
	void *addr;

	if (request->nid == NUMA_NO_NODE)
		per_node /= node_count(request->m);
	if (per_node < HUGE_BYTES)
		return NULL;
	huge.order = HUGE_ORDER;
	huge.align = max(request->align, HUGE_BYTES);
	huge.gfp |= __GFP_NOWARN;
	huge.gfp &= ~__GFP_NOFAIL;
	note_area(&huge);
	addr = request_try(&huge);
	note_area_end(addr);
	return addr;
}

static void *request_unnoted(const struct vm_request *request)
{
	void *addr = NULL;

	if (WARN_ONCE(!request->size, "%s", ""))
		return NULL;
	if (request->size >> PAGE_SHIFT > request->m->vmap->nr_total) {
		note_lack(KALLOC_LACK_TOTAL);
		pages_warn(request->m, request->gfp, "vmalloc error: size %lu, exceeds total pages",
			   request->size);
		return NULL;
	}
	if (request->flags & VM_ALLOW_HUGE_VMAP)
		addr = request_try_huge(request);
	if (!addr)
		addr = request_try(request);
	if (!addr && (request->gfp & __GFP_NOFAIL))
		console_panic("vmalloc error: size %lu, __GFP_NOFAIL cannot be kept\n",
			      request->size);
	return addr;
}

static cold_path void *request_noted(const struct vm_request *request)
{
	void *addr;

	note_area(request);
	addr = request_unnoted(request);
	note_area_end(addr);
	return addr;
}

void *vmalloc_request(const struct vm_request *request)
{
	return unlikely(explain_on()) ? request_noted(request) : request_unnoted(request);
}

/* The form of most public doors: the current machine, page alignment. */
static void *on_current(unsigned long size, gfp_t gfp, unsigned long flags, int nid,
			const void *caller)
{
	const struct vm_request request = {
		.m = machine_current(),
		.size = size,
		.align = PAGE_SIZE,
		.flags = VM_ALLOC | flags,
		.gfp = gfp,
		.nid = nid,
		.caller = caller,
	};

	return vmalloc_request(&request);
}

#define CALLER __builtin_return_address(0)

void *vmalloc(unsigned long size)
{
	return on_current(size, GFP_KERNEL, 0, NUMA_NO_NODE, CALLER);
}

void *vzalloc(unsigned long size)
{
	return on_current(size, GFP_KERNEL | __GFP_ZERO, 0, NUMA_NO_NODE, CALLER);
}

void *vmalloc_node(unsigned long size, int node)
{
	return on_current(size, GFP_KERNEL, 0, node, CALLER);
}

void *vzalloc_node(unsigned long size, int node)
{
	return on_current(size, GFP_KERNEL | __GFP_ZERO, 0, node, CALLER);
}

void *vmalloc_user(unsigned long size)
{
	return on_current(size, GFP_KERNEL | __GFP_ZERO, VM_USERMAP, NUMA_NO_NODE, CALLER);
}

void *vmalloc_32(unsigned long size)
{
	return on_current(size, GFP_VMALLOC32, 0, NUMA_NO_NODE, CALLER);
}

void *vmalloc_32_user(unsigned long size)
{
	return on_current(size, GFP_VMALLOC32 | __GFP_ZERO, VM_USERMAP, NUMA_NO_NODE, CALLER);
}

void *vmalloc_huge(unsigned long size, gfp_t gfp_mask)
{
	return on_current(size, gfp_mask, VM_ALLOW_HUGE_VMAP, NUMA_NO_NODE, CALLER);
}

void *__vmalloc(unsigned long size, gfp_t gfp_mask)
{
	return on_current(size, gfp_mask, 0, NUMA_NO_NODE, CALLER);
}

void *__vmalloc_node(unsigned long size, unsigned long align, gfp_t gfp_mask, int node,
		     const void *caller)
{
	const struct vm_request request = {
		.m = machine_current(),
		.size = size,
		.align = max(align, PAGE_SIZE),
		.flags = VM_ALLOC,
		.gfp = gfp_mask,
		.nid = node,
		.caller = caller,
	};

	return vmalloc_request(&request);
}

void *vmalloc_array(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return on_current(bytes, GFP_KERNEL, 0, NUMA_NO_NODE, CALLER);
}

void *vcalloc(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return on_current(bytes, GFP_KERNEL | __GFP_ZERO, 0, NUMA_NO_NODE, CALLER);
}
