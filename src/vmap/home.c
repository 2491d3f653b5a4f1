/* SPDX-License-Identifier: MIT */
#include "home.h"

#include "page.h"
#include "space.h"

/* A longer chain is searched no further. */
#define TRIES 8

/* The page in the middle of an area, which is no guard. */
static unsigned long middle_of(unsigned long bytes)
{
	return ((bytes >> PAGE_SHIFT) - 1) / 2;
}

/* The frame in the middle of an area; 0: nothing shows. */
static unsigned long middle_frame(const struct kalloc_machine *m, const struct vmap_area *area)
{
	return alias_frame(alias_words(m, area->va_start) + middle_of(area_bytes(area)));
}

/* By the frame's number, so that the same calls find the same in every run. */
static struct vmap_area **chain_of(struct kalloc_machine *m, unsigned long middle)
{
	u64 hash = pfn_of(m, (const struct page *)middle) * 0x9e3779b97f4a7c15ULL;

	return &m->vmap->homes.first[hash >> (64 - HOME_BITS)];
}

void home_add(struct kalloc_machine *m, struct vmap_area *area)
{
	unsigned long middle = middle_frame(m, area);
	struct vmap_area **chain;

	if (!middle)
		return;
	chain = chain_of(m, middle);
	area->next_home = *chain;
	*chain = area;
}

static bool shows(const unsigned long *words, const struct home_wanted *wanted, unsigned long i)
{
	return alias_frame(words + i) == (unsigned long)wanted->pages[i];
}

static bool looks_as_wanted(const struct kalloc_machine *m, const struct vmap_area *area,
			    const struct home_wanted *wanted)
{
	const unsigned long *words = alias_words(m, area->va_start);

	return area_bytes(area) == wanted->bytes && !(area->va_start & (wanted->align - 1)) &&
	       shows(words, wanted, middle_of(wanted->bytes)) && shows(words, wanted, 0) &&
	       shows(words, wanted, wanted->nr - 1) &&
	       (wanted->nr << PAGE_SHIFT == wanted->bytes || !words[wanted->nr]);
}

static bool is_latest(const struct list_head *lazy, const struct vmap_area *area)
{
	const struct list_head *next = area->list.next;

	return next == lazy || next->next == lazy;
}

struct vmap_area *home_take(struct kalloc_machine *m, const struct home_wanted *wanted)
{
	struct vmap_area **link =
		chain_of(m, (unsigned long)wanted->pages[middle_of(wanted->bytes)]);
	struct vmap_area *area;

	for (int i = 0; i < TRIES && (area = *link); i++, link = &area->next_home) {
		if (!is_latest(&m->vmap->lazy, area) && looks_as_wanted(m, area, wanted)) {
			*link = area->next_home;
			return area;
		}
	}
	return NULL;
}

void home_forget(struct kalloc_machine *m, const struct vmap_area *area)
{
	unsigned long middle = middle_frame(m, area);

	if (middle)
		*chain_of(m, middle) = NULL;
}

void home_forget_all(struct kalloc_machine *m)
{
	memset(&m->vmap->homes, 0, sizeof(m->vmap->homes));
}
