/* SPDX-License-Identifier: MIT */
/*
 * Differs from Linux 6.1: addresses are printed as they are, where the kernel
 * hashes them for readers without privileges; a caller is an address, as the
 * kernel prints one that it has no symbol for.
 */
#include "formats.h"
#include "vmap.h"

static void format_nodes(struct text *text, const struct vm_struct *vm)
{
	unsigned int nr_frames[LAYOUT_NODES] = { 0 };

	for (unsigned int i = 0; i < vm->nr_pages; i++)
		nr_frames[page_to_nid(vm->pages[i])]++;
	for (unsigned int nid = 0; nid < LAYOUT_NODES; nid++) {
		if (nr_frames[nid])
			text_add(text, " N%u=%u", nid, nr_frames[nid]);
	}
}

static void format_vm(struct text *text, const struct vm_struct *vm)
{
	static const struct {
		unsigned long flag;
		const char *name;
	} flags[] = {
		{ VM_IOREMAP, "ioremap" },
		{ VM_ALLOC, "vmalloc" },
		{ VM_MAP, "vmap" },
		{ VM_USERMAP, "user" },
		{ VM_DMA_COHERENT, "dma-coherent" },
	};
	const struct kalloc_machine *m = machine_of(vm->addr);
	const char *pages = (const char *)vm->pages;

	if (vm->caller)
		text_add(text, " 0x%lx", (unsigned long)vm->caller);
	if (vm->nr_pages)
		text_add(text, " pages=%u", vm->nr_pages);
	if (vm->phys_addr)
		text_add(text, " phys=0x%016llx", vm->phys_addr);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (vm->flags & flags[i].flag)
			text_add(text, " %s", flags[i].name);
	}
	if (pages && m && pages >= m->vmalloc_start && pages < m->vmalloc_end)
		text_add(text, " vpages");
	format_nodes(text, vm);
}

static void show_entry(const struct vmap_entry *entry, void *ctx)
{
	struct text *text = ctx;

	text_add(text, "0x%016lx-0x%016lx %7ld", (unsigned long)entry->start,
		 (unsigned long)entry->end, (long)(entry->end - entry->start));
	if (entry->kind == VMAP_VM)
		format_vm(text, entry->vm);
	else
		text_add(text, entry->kind == VMAP_RAM ? " vm_map_ram" : " unpurged vm_area");
	text_add(text, "\n");
}

void vmallocinfo_show(struct text *text, struct kalloc_machine *m)
{
	vmap_each(m, show_entry, text);
}
