/* SPDX-License-Identifier: MIT */
#include "alias.h"

#include "page.h"
#include "plat.h"
#include "space.h"

/*
 * Page tables of a run up to this long are filled when it is mapped, which costs a
 * fraction of a fault for each page. A longer one is left to its faults, so that memory
 * which is never touched is never committed.
 */
#define POPULATE_MAX 512

void alias_boot(struct alias_table *table, unsigned long *words, bool is_private)
{
	*table = (struct alias_table){ .words = words, .is_private = is_private };
	lock_init(&table->lock, RANK_ALIAS);
}

void alias_halt(struct alias_table *table)
{
	if (table->mappings)
		map_budget_give(table->mappings);
}

static struct alias_table *table_of(const struct kalloc_machine *m)
{
	return &m->vmap->aliases;
}

unsigned long *alias_words(const struct kalloc_machine *m, unsigned long addr)
{
	return table_of(m)->words + ((addr - (unsigned long)m->vmalloc_start) >> PAGE_SHIFT);
}

static unsigned long *word_of(const struct kalloc_machine *m, const void *addr)
{
	return alias_words(m, (unsigned long)addr);
}

/* The frame of the @i-th page of a run that begins with @first; 0: no frames at all. */
static unsigned long frame_at(unsigned long first, unsigned long i)
{
	return first ? first + i * sizeof(struct page) : 0;
}

static unsigned int is_cut(const struct alias_table *table, unsigned long below,
			   unsigned long above)
{
	if (!below || !above)
		return below != above;
	return !table->is_private && above != frame_at(below, 1);
}

/* By how much the cuts grow if @nr words are to show the run @first. Under the lock. */
static long cuts_added(const struct alias_table *table, const unsigned long *word,
		       unsigned long first, unsigned long nr)
{
	unsigned long below = alias_frame(word - 1), above = alias_frame(word + nr);
	long before = 0;

	for (unsigned long i = 0; i <= nr; i++)
		before += is_cut(table, alias_frame(word + i - 1), alias_frame(word + i));
	return (long)is_cut(table, below, first) + is_cut(table, frame_at(first, nr - 1), above) -
	       before;
}

static bool budget_add(struct alias_table *table, long cuts)
{
	if (cuts > 0 && !map_budget_take((unsigned int)cuts))
		return false;
	if (cuts < 0)
		map_budget_give((unsigned int)-cuts);
	else
		WRITE_ONCE(table->nr_added, (u32)(table->nr_added + cuts));
	table->mappings = (u32)(table->mappings + cuts);
	return true;
}

static int host_show(const struct kalloc_machine *m, char *at, unsigned long first,
		     unsigned long nr)
{
	size_t offset = pfn_of(m, (const struct page *)first) << PAGE_SHIFT;

	if (nr > POPULATE_MAX)
		return ram_map(page_ram(m), at, offset, nr << PAGE_SHIFT);
	return ram_map_now(page_ram(m), at, offset, nr << PAGE_SHIFT);
}

/* The host's part of set_run(), where each run is a mapping. */
static int set_mapped(const struct kalloc_machine *m, char *at, unsigned long first,
		      unsigned long nr)
{
	struct alias_table *table = table_of(m);
	long cuts = cuts_added(table, word_of(m, at), first, nr);
	int err;

	/* What is in use is never more than what was taken. */
	if (cuts > 0 && !budget_add(table, cuts))
		return -ENOMEM;
	table->nr_calls++;
	err = first ? host_show(m, at, first, nr) : ram_unmap(page_ram(m), at, nr << PAGE_SHIFT);
	if (err)
		cuts = -cuts;
	if (cuts < 0)
		budget_add(table, cuts);
	return err;
}

static int set_in_window(const struct kalloc_machine *m, char *at, unsigned long first,
			 unsigned long nr)
{
	return first ? window_reveal(m, at, nr) : window_guard(m, at, nr);
}

/*
 * One step: let the pages at @at show the run @first, or nothing (0), with one call of
 * the host. Under the lock. Return: 0, or -ENOMEM with nothing changed.
 */
static int set_run(const struct kalloc_machine *m, char *at, unsigned long first, unsigned long nr)
{
	unsigned long *word = word_of(m, at);
	int err = unlikely(window_has(m, (unsigned long)at)) ? set_in_window(m, at, first, nr)
							     : set_mapped(m, at, first, nr);

	for (unsigned long i = 0; i < nr && !err; i++)
		WRITE_ONCE(word[i], frame_at(first, i));
	return err;
}

static bool shows_nothing(const unsigned long *word, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++) {
		if (word[i])
			return false;
	}
	return true;
}

static int hide_locked(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	return shows_nothing(word_of(m, at), nr) ? 0 : set_run(m, at, 0, nr);
}

/* How many of @pages, from the first on, follow each other in memory. */
static unsigned long run_length(struct page **pages, unsigned long nr)
{
	unsigned long n = 1;

	while (n < nr && pages[n] == pages[0] + n)
		n++;
	return n;
}

static int show_runs(const struct kalloc_machine *m, char *at, struct page **pages,
		     unsigned long nr)
{
	unsigned long length;
	int err = 0;

	for (unsigned long i = 0; i < nr && !err; i += length) {
		length = run_length(pages + i, nr - i);
		err = set_run(m, at + (i << PAGE_SHIFT), (unsigned long)pages[i], length);
	}
	return err;
}

/* Of private memory: one step, as if of one run, and then the words say which frames they are. */
static int show_own(const struct kalloc_machine *m, char *at, struct page **pages, unsigned long nr)
{
	unsigned long *word = word_of(m, at), length;
	int err = set_run(m, at, (unsigned long)pages[0], nr);

	for (unsigned long i = 0; i < nr && !err; i += length) {
		length = run_length(pages + i, nr - i);
		map_forget(page_to_linear(m, pages[i]), length << PAGE_SHIFT);
		for (unsigned long j = i; j < i + length; j++)
			WRITE_ONCE(word[j], (unsigned long)pages[j]);
	}
	return err;
}

int alias_show(const struct kalloc_machine *m, char *at, struct page **pages, unsigned long nr)
{
	struct alias_table *table = table_of(m);
	int err;

	lock_take(&table->lock);
	err = table->is_private ? show_own(m, at, pages, nr) : show_runs(m, at, pages, nr);
	if (err && hide_locked(m, at, nr))
		alias_retire(m, at, nr);
	lock_drop(&table->lock);
	return err;
}

bool alias_revive(const struct kalloc_machine *m, const char *at, struct page **pages,
		  unsigned long nr)
{
	unsigned long *word = word_of(m, at);

	for (unsigned long i = 0; i < nr; i++) {
		if (word[i] != ((unsigned long)pages[i] | ALIAS_STALE))
			return false;
	}
	for (unsigned long i = 0; i < nr; i++)
		WRITE_ONCE(word[i], (unsigned long)pages[i]);
	return true;
}

void alias_retire(const struct kalloc_machine *m, const char *at, unsigned long nr)
{
	unsigned long *word = word_of(m, at);

	for (unsigned long i = 0; i < nr; i++) {
		if (word[i])
			WRITE_ONCE(word[i], word[i] | ALIAS_STALE);
	}
}

int alias_hide(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	struct alias_table *table = table_of(m);
	int err;

	lock_take(&table->lock);
	err = hide_locked(m, at, nr);
	lock_drop(&table->lock);
	return err;
}

/* Words from the first on that are live and one run. */
static unsigned long live_run(const unsigned long *word, unsigned long nr)
{
	unsigned long n = 0;

	while (n < nr && word[n] && !(word[n] & ALIAS_STALE) && word[n] == frame_at(word[0], n))
		n++;
	return n;
}

static int rebuild_run(const struct kalloc_machine *m, char *at, unsigned long first,
		       unsigned long nr)
{
	if (window_has(m, (unsigned long)at))
		return window_reveal(m, at, nr);
	return ram_map(page_ram(m), at, pfn_of(m, (const struct page *)first) << PAGE_SHIFT,
		       nr << PAGE_SHIFT);
}

int alias_rebuild(const struct kalloc_machine *m, char *at, unsigned long nr)
{
	unsigned long *word = word_of(m, at), n;
	int err = 0;

	for (unsigned long i = 0; i < nr && !err; i += n) {
		n = live_run(word + i, nr - i);
		if (n) {
			err = rebuild_run(m, at + (i << PAGE_SHIFT), word[i], n);
			continue;
		}
		n = 1;
		budget_add(table_of(m), cuts_added(table_of(m), word + i, 0, n));
		word[i] = 0;
	}
	return err;
}

void alias_count_anew(const struct kalloc_machine *m)
{
	struct alias_table *table = table_of(m);

	lock_take(&table->lock);
	WRITE_ONCE(table->nr_added, 0);
	lock_drop(&table->lock);
}

bool alias_keeps_many(const struct kalloc_machine *m)
{
	return READ_ONCE(table_of(m)->nr_added) > map_budget_left();
}

struct page *alias_page(const struct kalloc_machine *m, const void *addr)
{
	unsigned long word = READ_ONCE(*word_of(m, addr));

	return word & ALIAS_STALE ? NULL : (struct page *)word;
}
