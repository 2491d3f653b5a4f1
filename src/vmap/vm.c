/* SPDX-License-Identifier: MIT */
#include "vm.h"

#include <kalloc/slab.h>

#include "lazy.h"
#include "page.h"
#include "slab.h"
#include "space.h"

struct vm_struct *vm_create(const struct vm_request *request)
{
	struct kalloc_machine *m = request->m;
	unsigned long bytes = ALIGN_UP(request->size, PAGE_SIZE << request->order) + PAGE_SIZE;
	struct vmap_area *area;
	struct vm_struct *vm;

	vm = slab_kmalloc(m, sizeof(*vm), (request->gfp & GFP_RECLAIM_MASK) | __GFP_ZERO,
			  request->nid);
	if (!vm)
		return NULL;
	area = space_take(m, bytes, request->align, request->gfp, request->nid);
	if (!area) {
		kfree(vm);
		return NULL;
	}
	vm->addr = (void *)area->va_start;
	vm->size = bytes;
	vm->flags = request->flags | VM_UNINITIALIZED;
	vm->page_order = request->order;
	vm->caller = request->caller;
	space_publish(m, area, vm);
	return vm;
}

void vm_finish(struct kalloc_machine *m, struct vm_struct *vm)
{
	lock_take(&m->vmap->lock);
	vm->flags &= ~(unsigned long)VM_UNINITIALIZED;
	lock_drop(&m->vmap->lock);
}

void vm_account(struct kalloc_machine *m, const struct vm_struct *vm, int sign)
{
	unsigned int run;

	for (unsigned int i = 0; i < vm->nr_pages; i += run) {
		int nid = page_to_nid(vm->pages[i]);

		run = 1;
		while (i + run < vm->nr_pages && page_to_nid(vm->pages[i + run]) == nid)
			run++;
		node_stat_add(m, nid, NR_VMALLOC, sign * (long)run);
	}
}

static void put_frames_of(struct kalloc_machine *m, struct vm_struct *vm)
{
	if (!(vm->flags & VM_MAP_PUT_PAGES))
		vm_account(m, vm, -1);
	for (unsigned int i = 0; i < vm->nr_pages; i++)
		__free_pages(vm->pages[i], 0);
	/* The caller may be vfree_atomic(). */
	if (is_vmalloc_addr(vm->pages))
		vfree_atomic(vm->pages);
	else
		kfree(vm->pages);
}

bool vm_destroy(struct kalloc_machine *m, const void *addr, bool put_frames)
{
	struct vmap_area *area = space_leave_vm(m, addr);
	struct vm_struct *vm;

	if (!area)
		return false;
	vm = area->vm;
	/* While the host shows the frames here, nobody else may have them or the addresses. */
	if (WARN(alias_unmap(m, vm->addr, get_vm_area_size(vm) >> PAGE_SHIFT),
		 "vfree: the host refuses to unmap (%p): its frames are lost\n", vm->addr))
		return true;
	lazy_add(m, area);
	if (put_frames)
		put_frames_of(m, vm);
	kfree(vm);
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

	context_might_sleep(m ?: machine_current());
	WARN_ONCE(flags & VM_NO_GUARD, "%s", "");
	if (!count)
		return NULL;
	if (WARN(!m, "vmap: not a page of any machine (%p)\n", (void *)pages[0]))
		return NULL;
	if (count > pages_total(m))
		return NULL;
	vm = vm_create(&request);
	if (!vm)
		return NULL;
	if (alias_map(m, vm->addr, pages, count)) {
		pages_warn(m, GFP_KERNEL, "vmap error: size %lu, failed to map pages",
			   request.size);
		vm_destroy(m, vm->addr, false);
		return NULL;
	}
	if (flags & VM_MAP_PUT_PAGES) {
		vm->pages = pages;
		vm->nr_pages = count;
	}
	vm_finish(m, vm);
	return vm->addr;
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
