/* SPDX-License-Identifier: MIT */
#include "window.h"

#include "lazy.h"
#include "page.h"
#include "plat.h"
#include "space.h"

#define BLOCK_LEAST (2UL << 20)

void window_halt(struct kalloc_machine *m)
{
	if (m->vmap->windows.mappings)
		map_budget_give(m->vmap->windows.mappings);
}

/* Whether the frames follow each other in memory. */
static bool is_run(const struct home_wanted *wanted)
{
	for (unsigned long i = 1; i < wanted->nr; i++) {
		if (wanted->pages[i] != wanted->pages[0] + i)
			return false;
	}
	return true;
}

/* Under the space's lock. Return: false if they lack room. */
static bool make(struct kalloc_machine *m)
{
	struct windows *w = &m->vmap->windows;
	const struct vmap_area *end = &m->vmap->areas.end;
	size_t bytes = page_ram(m)->bytes + PAGE_SIZE; /* the last frame has a guard, too */
	unsigned long block = ALIGN_UP(DIV_ROUND_UP(bytes, WINDOW_BLOCKS), BLOCK_LEAST);
	unsigned long stride = ALIGN_UP(bytes, block);
	u32 mappings = (u32)(NR_WINDOWS * (stride / block + 1));

	if (w->start)
		return true;
	/* A page below stays free: what shows there must not go on in a window. */
	if (end->hole < NR_WINDOWS * stride + PAGE_SIZE)
		return false;
	if (!map_budget_take(mappings))
		return true;
	w->stride = stride;
	w->block = block;
	w->mappings = mappings;
	WRITE_ONCE(w->start, end->va_start - NR_WINDOWS * stride);
	return true;
}

static bool try_make(struct kalloc_machine *m)
{
	bool has_room;

	lock_take(&m->vmap->lock);
	has_room = make(m);
	lock_drop(&m->vmap->lock);
	return has_room;
}

void window_prepare(struct kalloc_machine *m)
{
	const struct windows *w = &m->vmap->windows;

	if (READ_ONCE(w->start) || READ_ONCE(w->are_refused) || try_make(m))
		return;
	lazy_purge(m);
	try_make(m);
}

bool window_place(struct kalloc_machine *m, struct vmap_area *area,
		  const struct home_wanted *wanted)
{
	const struct windows *w = &m->vmap->windows;
	unsigned long pfn, at;

	if (likely(!w->start) || READ_ONCE(w->are_refused) || !map_budget_is_low() ||
	    !is_run(wanted))
		return false;
	pfn = pfn_of(m, wanted->pages[0]);
	for (unsigned int i = 0; i < NR_WINDOWS; i++) {
		at = w->start + (pfn + i) % NR_WINDOWS * w->stride + (pfn << PAGE_SHIFT);
		if (!(at & (wanted->align - 1)) &&
		    area_place_at(&m->vmap->areas, area, at, wanted->bytes))
			return true;
	}
	return false;
}

/* Under the lock of the aliases. */
static int block_open(const struct kalloc_machine *m, unsigned int window, unsigned long block)
{
	struct windows *w = &m->vmap->windows;
	const struct ram *ram = page_ram(m);
	size_t offset = block * w->block;
	size_t bytes = offset < ram->bytes ? min(ram->bytes - offset, w->block) : 0;
	char *at = (char *)w->start + window * w->stride + offset;
	int err = bytes ? ram_map(ram, at, offset, bytes) : 0;

	if (!err && bytes)
		err = map_guard(at, bytes);
	if (!err) {
		w->open[window] |= 1UL << block;
		return 0;
	}
	map_uncommit(at, bytes);
	WRITE_ONCE(w->are_refused, true);
	return -ENOMEM;
}

/* [@at, @end) lies in open blocks. Under the lock of the aliases. */
static int range_open(const struct kalloc_machine *m, unsigned long at, unsigned long end)
{
	const struct windows *w = &m->vmap->windows;
	unsigned int window = (unsigned int)((at - w->start) / w->stride);
	unsigned long base = w->start + window * w->stride;
	int err = 0;

	for (unsigned long block = (at - base) / w->block;
	     block <= (end - 1 - base) / w->block && !err; block++) {
		if (!(w->open[window] >> block & 1))
			err = block_open(m, window, block);
	}
	return err;
}

bool window_open(struct kalloc_machine *m, const struct vmap_area *area)
{
	struct lock *lock = &m->vmap->aliases.lock;
	int err;

	lock_take(lock);
	err = range_open(m, area->va_start, area->va_end);
	lock_drop(lock);
	return !err;
}

int window_reveal(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	size_t bytes = nr << PAGE_SHIFT;
	int err = range_open(m, (unsigned long)at, (unsigned long)at + bytes);

	return err ?: map_unguard(at, bytes);
}

int window_guard(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	return map_guard(at, nr << PAGE_SHIFT);
}

void window_forget(struct kalloc_machine *m)
{
	memset(m->vmap->windows.open, 0, sizeof(m->vmap->windows.open));
}
