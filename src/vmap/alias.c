/* SPDX-License-Identifier: MIT */
#include "alias.h"

#include <limits.h>

#include "page.h"
#include "plat.h"
#include "space.h"

static size_t table_bytes(const struct kalloc_machine *m)
{
	return ((size_t)(m->vmalloc_end - m->vmalloc_start) >> PAGE_SHIFT) * sizeof(struct page *);
}

int alias_boot(const struct kalloc_machine *m, struct alias_table *table)
{
	*table = (struct alias_table){ .pages = map_alloc(table_bytes(m)) };
	return table->pages ? 0 : -ENOMEM;
}

void alias_halt(const struct kalloc_machine *m, struct alias_table *table)
{
	map_budget_give(table->mappings);
	map_free(table->pages, table_bytes(m));
}

static struct page **entry_of(const struct kalloc_machine *m, const void *addr)
{
	size_t offset = (size_t)((const char *)addr - m->vmalloc_start);

	return m->vmap->aliases.pages + (offset >> PAGE_SHIFT);
}

/* How many of @pages, from the first on, follow each other in memory. */
static unsigned long run_length(struct page **pages, unsigned long nr)
{
	unsigned long n = 1;

	while (n < nr && pages[n] == pages[0] + n)
		n++;
	return n;
}

/* What an area of these frames costs, in mappings. */
static unsigned long cost_of(struct page **pages, unsigned long nr)
{
	unsigned long runs = 0;

	for (unsigned long i = 0; i < nr; i += run_length(pages + i, nr - i))
		runs++;
	return runs + 1;
}

static bool cost_take(const struct kalloc_machine *m, unsigned long cost)
{
	if (cost > UINT_MAX || !map_budget_take((unsigned int)cost))
		return false;
	__atomic_add_fetch(&m->vmap->aliases.mappings, (u32)cost, __ATOMIC_RELAXED);
	return true;
}

static void cost_give(const struct kalloc_machine *m, unsigned long cost)
{
	__atomic_sub_fetch(&m->vmap->aliases.mappings, (u32)cost, __ATOMIC_RELAXED);
	map_budget_give((unsigned int)cost);
}

static int map_runs(const struct kalloc_machine *m, char *at, struct page **pages, unsigned long nr)
{
	unsigned long length;
	int err;

	for (unsigned long i = 0; i < nr; i += length) {
		length = run_length(pages + i, nr - i);
		err = ram_map(page_ram(m), at + (i << PAGE_SHIFT),
			      pfn_of(m, pages[i]) << PAGE_SHIFT, length << PAGE_SHIFT);
		if (err)
			return err;
	}
	return 0;
}

static bool pages_are_ours(const struct kalloc_machine *m, struct page **pages, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++) {
		if (WARN(machine_of(pages[i]) != m, "vmap: not a page of this machine (%p)\n",
			 (void *)pages[i]))
			return false;
	}
	return true;
}

int alias_map(const struct kalloc_machine *m, char *at, struct page **pages, unsigned long nr)
{
	unsigned long cost;
	int err;

	if (!pages_are_ours(m, pages, nr))
		return -EINVAL;
	cost = cost_of(pages, nr);
	if (!cost_take(m, cost))
		return -ENOMEM;
	err = map_runs(m, at, pages, nr);
	if (err) {
		map_uncommit(at, nr << PAGE_SHIFT);
		cost_give(m, cost);
		return err;
	}
	memcpy(entry_of(m, at), pages, nr * sizeof(*pages));
	return 0;
}

int alias_unmap(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	struct page **entry = entry_of(m, at);
	unsigned long cost;
	int err;

	if (!*entry)
		return 0;
	err = map_uncommit(at, nr << PAGE_SHIFT);
	if (err)
		return err;
	cost = cost_of(entry, nr);
	memset(entry, 0, nr * sizeof(*entry));
	cost_give(m, cost);
	return 0;
}

int alias_remap(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	struct page **entry = entry_of(m, at);
	unsigned long mapped = 0;

	while (mapped < nr && entry[mapped])
		mapped++;
	return map_runs(m, at, entry, mapped);
}

struct page *alias_page(const struct kalloc_machine *m, const void *addr)
{
	return *entry_of(m, addr);
}
