/* SPDX-License-Identifier: MIT */
/*
 * Aliases: which frame the host shows at which page of the vmalloc space. This is the
 * room's page table, one word per page:
 *
 *   0              nothing: an access faults
 *   frame          a frame (its struct page), for the area that lies there
 *   frame | STALE  the same frame as before, for nobody
 *
 * A mapping outlives its area. When one is freed its words become stale and the host is
 * not called; an area of the same frames that takes its place (home.h) makes them live,
 * and the host is not called either. That is the steady state. Where nothing shows, each
 * run of consecutive frames is one mapping and one call. Where no area lies nothing
 * shows, so a hole or a guard faults.
 *
 * A stale page may show a frame that is anybody's by now, so a use after vfree() is not
 * stopped there, as a kernel does not stop it until it has flushed. A purge (lazy.h) is
 * that flush: it hides what is stale. With kalloc.vfree=unmap vfree() itself does.
 *
 * Budget. Where two neighbouring pages are not one mapping of the host, there is a
 * *cut*: unless both words are 0, or the second names the frame after the first's. The
 * space begins as one mapping, so
 *
 *   mappings == cuts == what was taken from the budget (plat/map.h)
 *
 * An area of n runs of frames with guards on both sides has n + 1 cuts. Each step is paid
 * for before it is made, so the equation holds after a failure in the middle, too.
 *
 * In a window (window.h) words say what shows as anywhere else, and there are no cuts.
 *
 * Of private memory (kalloc.ram=private) a page of the space shows memory of its own, zero at
 * first, in the frame's place; what the frame has at its linear address goes back to the host.
 * Neighbours are one mapping whatever their frames, and there is no cut between them. What is
 * stale costs the host memory besides that of the frames, until it is hidden.
 *
 * Locks: the frame in a word changes only under lock (RANK_ALIAS), which is held over the
 * host's call. The STALE bit belongs to whoever has the area of the page (area.h).
 *
 * Differs from Linux: the cost is in mappings, not in page tables; and a freed page is
 * accessible until the purge, where 6.1 clears its page table first and flushes later.
 */
#ifndef VMAP_ALIAS_H
#define VMAP_ALIAS_H

#include "base.h"
#include "lock.h"

struct kalloc_machine;
struct page;

#define ALIAS_STALE 1UL

struct alias_table {
	struct lock lock;
	bool is_private;      /* constant */
	unsigned long *words; /* one before the space and one behind it are 0 */
	u32 mappings;
	u32 nr_calls; /* of the host, for tests */
	u32 nr_added; /* since the last purge, those taken away again not subtracted */
};

/*
 * @words: of zeroes, one for each page of the space, one before and one behind; @is_private:
 * as the machine's memory.
 */
void alias_boot(struct alias_table *table, unsigned long *words, bool is_private);
void alias_halt(struct alias_table *table);

/*
 * Show @pages at @at, where nothing shows. Return: 0; -ENOMEM: the budget or the host
 * has no mappings left, and what could not be hidden again is stale.
 */
int alias_show(const struct kalloc_machine *m, char *at, struct page **pages, unsigned long nr);

/* Make what shows at @at live, if that is @pages. Return: false, and nothing is changed. */
bool alias_revive(const struct kalloc_machine *m, const char *at, struct page **pages,
		  unsigned long nr);

/* What shows in [at, at + nr pages) is nobody's from now on. */
void alias_retire(const struct kalloc_machine *m, const char *at, unsigned long nr);

/*
 * Make [at, at + nr pages) fault; the host is called only if something shows there.
 * Return: 0, or -ENOMEM if the host refuses, with everything as it was.
 */
int alias_hide(const struct kalloc_machine *m, char *at, unsigned long nr);

/*
 * In the child of a fork, where the host shows nothing of shared memory: map again what is
 * live in a range, and forget what is stale. Return: 0 or -ENOMEM.
 */
int alias_rebuild(const struct kalloc_machine *m, char *at, unsigned long nr);

/* A purge begins: what is added is counted anew. */
void alias_count_anew(const struct kalloc_machine *m);

/* True if more was added since then than is left in the budget. */
bool alias_keeps_many(const struct kalloc_machine *m);

/* The words of the pages from @addr on, which lies in the space. */
unsigned long *alias_words(const struct kalloc_machine *m, unsigned long addr);

/* The frame that the host shows, whoever it is for. Neighbours' STALE bits may change. */
static inline unsigned long alias_frame(const unsigned long *word)
{
	return READ_ONCE(*word) & ~ALIAS_STALE;
}

/* The frame that the owner of @addr, which lies in the space, sees there; NULL if none. */
struct page *alias_page(const struct kalloc_machine *m, const void *addr);

#endif
