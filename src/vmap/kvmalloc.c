/* SPDX-License-Identifier: MIT */
/*
 * kvmalloc: slab if it is easy, vmalloc if not. It lives here because vmap is the
 * first room that knows both.
 *
 * vmalloc may serve a request of more than a page, at most INT_MAX bytes, whose
 * caller may sleep. With kalloc.kvmalloc=vmap or random it may be asked first;
 * slab is then not asked at all, so that callers see the address they must be
 * able to live with.
 */
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>
#include <limits.h>

#include "explain.h"
#include "page.h"
#include "plat.h"
#include "slab.h"
#include "space.h"
#include "vmalloc.h"

/* Slab's flags for a request that has a second chance: try lightly, fail silently. */
static gfp_t slab_gfp(size_t size, gfp_t gfp)
{
	if (size <= PAGE_SIZE)
		return gfp;
	gfp |= __GFP_NOWARN;
	if (!(gfp & __GFP_RETRY_MAYFAIL))
		gfp |= __GFP_NORETRY;
	return gfp & ~__GFP_NOFAIL;
}

static bool coin_flip(struct vmap_room *room)
{
	bool heads;

	lock_take(&room->lock);
	heads = rand_below(&room->coin, 2);
	lock_drop(&room->lock);
	return heads;
}

static never_inline bool vmalloc_first(const struct kalloc_machine *m, size_t size, gfp_t gfp)
{
	if (size <= PAGE_SIZE || size > INT_MAX || !gfpflags_allow_blocking(gfp))
		return false;
	return m->params.kvmalloc == KVMALLOC_VMAP || coin_flip(m->vmap);
}

static void *vmalloc_for(size_t size, gfp_t gfp, int nid, const void *caller)
{
	const struct vm_request request = {
		.m = machine_current(),
		.size = size,
		.align = PAGE_SIZE,
		.flags = VM_ALLOC | VM_ALLOW_HUGE_VMAP,
		.gfp = gfp,
		.nid = nid,
		.caller = caller,
	};

	if (size <= PAGE_SIZE || !gfpflags_allow_blocking(gfp))
		return NULL;
	if (unlikely(size > INT_MAX)) {
		WARN_ONCE(!(gfp & __GFP_NOWARN), "%s", "");
		return NULL;
	}
	return vmalloc_request(&request);
}

/* slab had nothing, or was not asked. */
static never_inline void *vmalloc_second(size_t size, gfp_t gfp, int nid, const void *caller)
{
	void *p;

	if (likely(!explain_on()))
		return vmalloc_for(size, gfp, nid, caller);
	explain_hold();
	explain_add(&(const struct kalloc_note){
		.kind = KALLOC_NOTE_SECOND,
		.second = { .bytes = size,
			    .may = size > PAGE_SIZE && gfpflags_allow_blocking(gfp) } });
	p = vmalloc_for(size, gfp, nid, caller);
	explain_release();
	return p;
}

static void *kvmalloc_for(size_t size, gfp_t gfp, int nid, const void *caller)
{
	struct kalloc_machine *m = machine_current();

	if (likely(m->params.kvmalloc == KVMALLOC_SLAB) || !vmalloc_first(m, size, gfp)) {
		void *p = slab_kmalloc(m, size, slab_gfp(size, gfp), nid);

		if (likely(p))
			return p;
	} else {
		explain_forget();
	}
	return vmalloc_second(size, gfp, nid, caller);
}

void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	return kvmalloc_for(size, flags, node, __builtin_return_address(0));
}

void kvfree(const void *addr)
{
	if (space_has(machine_of(addr), addr))
		vfree(addr);
	else
		kfree(addr);
}

void kvfree_sensitive(const void *addr, size_t len)
{
	if (ZERO_OR_NULL_PTR(addr))
		return;
	memset((void *)addr, 0, len);
	/* The stores are to memory that dies next: keep the compiler from dropping them. */
	__asm__ volatile("" : : "r"(addr) : "memory");
	kvfree(addr);
}

void *kvmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kvmalloc_for(len, gfp, NUMA_NO_NODE, __builtin_return_address(0));

	return p ? memcpy(p, src, len) : NULL;
}

void *kvrealloc(const void *p, size_t oldsize, size_t newsize, gfp_t flags)
{
	void *bigger;

	if (oldsize >= newsize)
		return (void *)p;
	bigger = kvmalloc_for(newsize, flags, NUMA_NO_NODE, __builtin_return_address(0));
	if (!bigger)
		return NULL;
	memcpy(bigger, p, oldsize);
	kvfree(p);
	return bigger;
}

static void *vmalloc_resize(const void *p, size_t size, gfp_t gfp, const void *caller)
{
	struct vm_struct *vm = find_vm_area(p);
	size_t old_size;
	void *bigger;

	if (!size) {
		vfree(p);
		return NULL;
	}
	if (WARN(!vm, "Trying to vrealloc() nonexistent vm area (%016lx)\n", (unsigned long)p))
		return NULL;
	old_size = get_vm_area_size(vm);
	if (size <= old_size)
		return (void *)p;
	bigger = kvmalloc_for(size, gfp, NUMA_NO_NODE, caller);
	if (!bigger)
		return NULL;
	memcpy(bigger, p, old_size);
	vfree(p);
	return bigger;
}

void *kalloc_kvresize(const void *p, size_t size, gfp_t flags)
{
	const void *caller = __builtin_return_address(0);
	void *bigger;

	if (is_vmalloc_addr(p))
		return vmalloc_resize(p, size, flags, caller);
	bigger = krealloc(p, size, slab_gfp(size, flags));
	if (bigger)
		return bigger;
	bigger = kvmalloc_for(size, flags, NUMA_NO_NODE, caller);
	if (bigger && p) {
		memcpy(bigger, p, ksize(p));
		kfree(p);
	}
	return bigger;
}
