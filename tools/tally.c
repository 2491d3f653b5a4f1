/* SPDX-License-Identifier: MIT */
#include "tally.h"

static const char *const texts[TALLY_REASONS] = {
	[TALLY_ALLOC] = "objects allocated",
	[TALLY_FREE] = "objects freed",
	[TALLY_FREE_BORN] = "objects freed that were born before tracing began",
	[TALLY_PAGE_ALLOC] = "page blocks allocated",
	[TALLY_PAGE_FREE] = "page blocks freed",
	[TALLY_CALL] = "caches made, shrunk or destroyed",
	[TALLY_SLAB_PAGE_ALLOC] =
		"mm_page_alloc of slabs and large kmallocs: the objects bring them",
	[TALLY_SLAB_PAGE_FREE] = "mm_page_free of such pages",
	[TALLY_NULL_FREE] = "kfree(NULL)",
	[TALLY_FAILED] = "allocations that failed in the traced kernel",
	[TALLY_BATCHED] = "mm_page_free_batched: mm_page_free tells of the same page",
	[TALLY_INNER] =
		"moves inside the page allocator (zone_locked, pcpu_drain, extfrag, rss_stat)",
	[TALLY_UNKNOWN] = "events this program does not know",
	[TALLY_OWN] = "objects of caches that this machine fills by itself",
	[TALLY_CALL_END] = "marks: ends of such calls, names of caches",
	[TALLY_IN_CALL] = "of objects and pages of such calls themselves",
	[TALLY_NO_MEMORY] = "allocations for which this machine had no memory",
	[TALLY_NO_MEMORY_FREE] = "frees of those",
	[TALLY_BORN] = "object allocated before tracing began",
	[TALLY_BORN_PAGE] = "page allocated before tracing began",
	[TALLY_SILENT] = "object of a cache that gives objects without events (bulk)",
	[TALLY_SILENT_PAGE] =
		"page that was free already: pages, too, are given without events (bulk)",
	[TALLY_PAUSE] = "free already, across the time the recorder was off",
	[TALLY_UNEXPLAINED] = "unexplained: already free",
};

unsigned long long tally_sum(const struct tally *tally, enum tally_reason first,
			     enum tally_reason last)
{
	unsigned long long sum = 0;

	for (unsigned int i = first; i <= last; i++)
		sum += tally->counts[i];
	return sum;
}

static void show_group(const struct tally *tally, FILE *out, const char *title,
		       enum tally_reason first, enum tally_reason last)
{
	fprintf(out, "%-28s %9llu\n", title, tally_sum(tally, first, last));
	for (unsigned int i = first; i <= last; i++)
		if (tally->counts[i])
			fprintf(out, "    %9llu  %s\n", tally->counts[i], texts[i]);
}

void tally_show(const struct tally *tally, FILE *out)
{
	show_group(tally, out, "events replayed", TALLY_ALLOC, TALLY_CALL);
	show_group(tally, out, "events skipped", TALLY_SLAB_PAGE_ALLOC, TALLY_NO_MEMORY_FREE);
	show_group(tally, out, "unmatched frees", TALLY_BORN, TALLY_UNEXPLAINED);
	if (tally->implicit)
		fprintf(out,
			"%-28s %9llu\n              of addresses still in use, whose free was not "
			"traced: freed first\n",
			"allocations", tally->implicit);
}
