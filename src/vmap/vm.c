/* SPDX-License-Identifier: MIT */
#include "vm.h"

#include <kalloc/slab.h>

#include "kasan.h"
#include "page.h"
#include "slab.h"
#include "space.h"

struct vm_struct *vm_create(const struct vm_request *request)
{
	unsigned long bytes = ALIGN_UP(request->size, PAGE_SIZE << request->order) + PAGE_SIZE;
	unsigned long nr = (bytes >> PAGE_SHIFT) - 1;
	bool inside = request->flags & VM_ALLOC && nr <= VM_PAGES_INSIDE;
	struct vm_object *object;

	context_might_sleep(request->m);
	object = slab_kmalloc(request->m,
			      sizeof(*object) + (inside ? nr * sizeof(struct page *) : 0),
			      request->gfp & GFP_RECLAIM_MASK, request->nid);
	if (!object)
		return NULL;
	object->vm = (struct vm_struct){
		.size = bytes,
		.flags = request->flags | VM_UNINITIALIZED,
		.pages = inside ? object->pages : NULL,
		.page_order = request->order,
		.caller = request->caller,
	};
	return &object->vm;
}

/* The array, if it is not part of the object. */
static struct page **array_of(struct vm_struct *vm)
{
	return vm->pages == vm_object_of(vm)->pages ? NULL : vm->pages;
}

/* The caller may be vfree_atomic(). */
static void array_free(struct page **pages)
{
	if (is_vmalloc_addr(pages))
		vfree_atomic(pages);
	else
		kfree(pages);
}

void vm_discard(struct kalloc_machine *m, struct vm_struct *vm)
{
	pages_put_runs(m, vm->pages, vm->nr_pages);
	array_free(array_of(vm));
	kfree(vm_object_of(vm));
}

/* @vm has addresses and is the caller's. */
static void take_down(struct kalloc_machine *m, struct vm_struct *vm, bool put_frames)
{
	struct vmap_area *area = &vm_object_of(vm)->area;
	struct page **array = put_frames ? array_of(vm) : NULL;

	if (kasan_is_on(m))
		asan_close((void *)area->va_start, get_vm_area_size(vm));
	/* Where they were to be hidden and still show, nobody else may have them. */
	if (WARN(space_fade(m, area, get_vm_area_size(vm) >> PAGE_SHIFT),
		 "vfree: the host refuses to unmap (%p): its frames are lost\n", vm->addr))
		return;
	if (put_frames)
		pages_put_runs(m, vm->pages, vm->nr_pages);
	space_retire(m, area);
	if (array)
		array_free(array);
}

static bool wants_zero(const struct vm_request *request)
{
	return request->gfp & __GFP_ZERO || request->m->params.init_on_alloc;
}

int vm_map(const struct vm_request *request, struct vm_struct *vm, struct page **pages,
	   unsigned long nr)
{
	const struct home_wanted wanted = {
		.pages = pages,
		.nr = nr,
		.bytes = vm->size,
		.align = request->align,
	};
	struct vmap_area *area = &vm_object_of(vm)->area;

	if (!space_place(request->m, area, vm, &wanted, request->gfp)) {
		vm_discard(request->m, vm);
		return -ENOSPC;
	}
	if (space_show(request->m, area, pages, nr, wants_zero(request))) {
		take_down(request->m, vm, true);
		return -ENOMEM;
	}
	if (vm->flags & VM_MAP_PUT_PAGES) {
		vm->pages = pages;
		vm->nr_pages = (unsigned int)nr;
	}
	if (kasan_is_on(request->m))
		kasan_allow((void *)area->va_start, request->size, get_vm_area_size(vm));
	__atomic_store_n(&vm->flags, vm->flags & ~(unsigned long)VM_UNINITIALIZED,
			 __ATOMIC_RELEASE);
	space_publish(request->m, area);
	return 0;
}

bool vm_destroy(struct kalloc_machine *m, const void *addr, bool put_frames)
{
	struct vmap_area *area = space_claim_vm(m, addr);

	if (!area)
		return false;
	take_down(m, area->vm, put_frames);
	return true;
}

static void release(const void *addr, bool put_frames)
{
	struct kalloc_machine *m = machine_of(addr);

	if (!addr)
		return;
	if (WARN((unsigned long)addr & ~PAGE_MASK, "Trying to vfree() bad address (%016lx)\n",
		 (unsigned long)addr))
		return;
	WARN(!space_has(m, addr) || !vm_destroy(m, addr, put_frames),
	     "Trying to vfree() nonexistent vm area (%016lx)\n", (unsigned long)addr);
}

void vfree(const void *addr)
{
	if (!task_in_interrupt())
		context_might_sleep(machine_of(addr) ?: machine_current());
	release(addr, true);
}

void vfree_atomic(const void *addr)
{
	release(addr, true);
}

void vunmap(const void *addr)
{
	context_might_sleep(machine_of(addr) ?: machine_current());
	release(addr, false);
}

void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	struct kalloc_machine *m = count ? machine_of(pages[0]) : NULL;
	struct vm_request request = {
		.m = m,
		.size = (unsigned long)count << PAGE_SHIFT,
		.align = PAGE_SIZE,
		.flags = flags & ~(unsigned long)VM_NO_GUARD,
		.gfp = GFP_KERNEL,
		.nid = NUMA_NO_NODE,
		.caller = __builtin_return_address(0),
	};
	struct vm_struct *vm;
	int err;

	context_might_sleep(m ?: machine_current());
	WARN_ONCE(flags & VM_NO_GUARD, "%s", "");
	if (!count)
		return NULL;
	if (WARN(!m, "vmap: not a page of any machine (%p)\n", (void *)pages[0]))
		return NULL;
	if (count > m->vmap->nr_total)
		return NULL;
	if (!space_knows(m, pages, count))
		return NULL;
	vm = vm_create(&request);
	if (!vm)
		return NULL;
	err = vm_map(&request, vm, pages, count);
	if (err == -ENOMEM)
		pages_warn(m, GFP_KERNEL, "vmap error: size %lu, failed to map pages",
			   request.size);
	return err ? NULL : vm->addr;
}

struct vm_struct *find_vm_area(const void *addr)
{
	struct kalloc_machine *m = machine_of(addr);

	return space_has(m, addr) ? space_find_vm(m, addr) : NULL;
}

bool is_vmalloc_addr(const void *x)
{
	return space_has(machine_of(x), x);
}

struct page *vmalloc_to_page(const void *addr)
{
	const struct kalloc_machine *m = machine_of(addr);

	return space_has(m, addr) ? alias_page(m, addr) : NULL;
}

unsigned long vmalloc_to_pfn(const void *addr)
{
	return page_to_pfn(vmalloc_to_page(addr));
}
