/* SPDX-License-Identifier: MIT */
#include "highmem.h"
#include "room.h"

unsigned int kmap_count(const struct machine_params *params)
{
	return params->highmem_bytes ? KMAP_SLOTS + (unsigned int)params->nr_cpus * KMAP_LOCAL : 0;
}

void kmap_init(struct kmap_slots *kmap, unsigned int nr, struct kmap_slot *slot, char *start)
{
	*kmap = (struct kmap_slots){ .nr = nr, .slot = slot, .start = start };
	lock_init(&kmap->lock, RANK_KMAP);
}

static char *slot_address(const struct kmap_slots *kmap, unsigned int slot)
{
	return kmap->start + ((size_t)slot << PAGE_SHIFT);
}

int kmap_remap(struct kmap_slots *kmap, const struct ram *ram)
{
	int err = 0;

	for (unsigned int i = 0; i < kmap->nr; i++) {
		struct kmap_slot *slot = &kmap->slot[i];

		if (slot->users)
			err = ram_map(ram, slot_address(kmap, i), slot->pfn << PAGE_SHIFT,
				      PAGE_SIZE)
				      ?: err;
		else
			slot->pfn = 0;
	}
	return err;
}

static bool has_linear(const struct kalloc_machine *m, unsigned long pfn)
{
	return pfn < m->page->layout.max_linear_pfn;
}

static struct kmap_slot *slot_find(struct kmap_slots *kmap, unsigned long pfn)
{
	for (unsigned int i = 0; i < kmap->nr; i++) {
		if (kmap->slot[i].pfn == pfn)
			return &kmap->slot[i];
	}
	return NULL;
}

/* Map @pfn in a slot that nobody uses; NULL if there is none. */
static struct kmap_slot *slot_map(struct kmap_slots *kmap, const struct ram *ram, unsigned long pfn)
{
	for (unsigned int i = 0; i < kmap->nr; i++) {
		unsigned int at = (kmap->next + i) % kmap->nr;
		struct kmap_slot *slot = &kmap->slot[at];

		if (slot->users)
			continue;
		if (ram_map(ram, slot_address(kmap, at), pfn << PAGE_SHIFT, PAGE_SIZE))
			return NULL;
		slot->pfn = pfn;
		kmap->next = at + 1;
		return slot;
	}
	return NULL;
}

/* Lend @pfn an address unless @most slots are lent already. Return: it, or NULL. */
static char *slot_lend(struct page_room *room, unsigned long pfn, unsigned int most)
{
	struct kmap_slots *kmap = &room->kmap;
	struct kmap_slot *slot;
	char *addr = NULL;

	lock_take(&kmap->lock);
	slot = slot_find(kmap, pfn);
	if ((!slot || !slot->users) && kmap->lent >= most)
		slot = NULL;
	else if (!slot)
		slot = slot_map(kmap, &room->ram, pfn);
	if (slot) {
		kmap->lent += slot->users++ == 0;
		addr = slot_address(kmap, (unsigned int)(slot - kmap->slot));
	}
	lock_drop(&kmap->lock);
	return addr;
}

static void slot_return(struct kmap_slots *kmap, struct kmap_slot *slot)
{
	bool last = false;

	lock_take(&kmap->lock);
	if (slot->users)
		last = --slot->users == 0;
	kmap->lent -= last;
	lock_drop(&kmap->lock);
	if (last)
		waitq_wake(&kmap->wait);
}

void *page_address(const struct page *page)
{
	struct kalloc_machine *m = machine_of(page);
	struct kmap_slots *kmap = &m->page->kmap;
	unsigned long pfn = pfn_of(m, page);
	struct kmap_slot *slot;
	char *addr = NULL;

	if (likely(has_linear(m, pfn)))
		return page_to_linear(m, page);
	lock_take(&kmap->lock);
	slot = slot_find(kmap, pfn);
	if (slot && slot->users)
		addr = slot_address(kmap, (unsigned int)(slot - kmap->slot));
	lock_drop(&kmap->lock);
	return addr;
}

void *kmap(struct page *page)
{
	struct kalloc_machine *m = machine_of(page);
	struct kmap_slots *kmap = &m->page->kmap;
	unsigned long pfn = pfn_of(m, page);

	context_might_sleep(m);
	if (likely(has_linear(m, pfn)))
		return page_to_linear(m, page);
	for (;;) {
		u32 ticket = waitq_ticket(&kmap->wait);
		char *addr = slot_lend(m->page, pfn, KMAP_SLOTS);

		if (addr)
			return addr;
		waitq_wait(&kmap->wait, ticket, 1000);
	}
}

void kunmap(struct page *page)
{
	struct kalloc_machine *m = machine_of(page);
	struct kmap_slots *kmap = &m->page->kmap;
	unsigned long pfn = pfn_of(m, page);
	struct kmap_slot *slot;

	context_might_sleep(m);
	if (likely(has_linear(m, pfn)))
		return;
	lock_take(&kmap->lock);
	slot = slot_find(kmap, pfn);
	lock_drop(&kmap->lock);
	if (!WARN_ONCE(!slot || !slot->users, "kunmap() of pfn 0x%lx, which is not mapped", pfn))
		slot_return(kmap, slot);
}

void *kmap_local_page(struct page *page)
{
	struct kalloc_machine *m = machine_of(page);
	unsigned long pfn = pfn_of(m, page);
	char *addr;

	if (likely(has_linear(m, pfn)))
		return page_to_linear(m, page);
	addr = slot_lend(m->page, pfn, m->page->kmap.nr);
	WARN_ONCE(!addr, "kmap_local_page(): every slot is lent");
	return addr;
}

void kunmap_local(const void *addr)
{
	struct kalloc_machine *m = machine_of(addr);
	struct kmap_slots *kmap;
	size_t at;

	if (WARN_ONCE(!m, "kunmap_local() of %p, which is memory of no machine", addr) ||
	    likely(is_linear(m, addr)))
		return;
	kmap = &m->page->kmap;
	at = (size_t)((const char *)addr - kmap->start) >> PAGE_SHIFT;
	if (!WARN_ONCE(at >= kmap->nr, "kunmap_local() of %p, which is no slot", addr))
		slot_return(kmap, &kmap->slot[at]);
}
