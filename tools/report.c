/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "beside.h"
#include "report.h"
#include "slabinfo.h"
#include "text_file.h"

static unsigned long owned_pages(const struct plan *plan)
{
	unsigned long owned = 0;

	for (size_t i = 0; i < plan->page_owned_bytes; i++)
		owned += (unsigned long)__builtin_popcount(plan->page_owned[i]);
	return owned;
}

static void report_base(const struct plan *plan, FILE *out)
{
	const struct linear *linear = &plan->linear;

	if (!linear_is_known(linear)) {
		fputs("Pages    the address of frame 0 cannot be told from this trace: all page events "
		      "are replayed, those of slabs too\n",
		      out);
		return;
	}
	if (linear->is_told)
		fprintf(out, "Pages    frame 0 was at 0x%" PRIx64 ", says the recording;\n",
			linear->base);
	else
		fprintf(out,
			"Pages    frame 0 was at 0x%" PRIx64 " (%" PRIu64 " of %" PRIu64
			" pairs of a page and its first object agree);\n",
			linear->base, linear->base_votes, linear->nr_votes);
	fprintf(out,
		"         %lu page allocations belong to objects by their addresses, the others are "
		"replayed as pages\n",
		owned_pages(plan));
}

static void report_caches(const struct plan *plan, FILE *out)
{
	const struct caches *caches = &plan->caches;

	if (plan->cmdline) {
		fprintf(out, "Caches   of %zu call sites: %zu named by the recording\n",
			caches->site_names.count, caches->by_mark);
		return;
	}
	fprintf(out,
		"Caches   of %zu call sites: %zu named by a kmem_cache_free, %zu found by their size "
		"in the state before,\n         %zu named after themselves\n",
		caches->site_names.count, caches->by_name, caches->by_size, caches->by_site);
	if (caches->conflicts)
		fprintf(out,
			"         %zu frees name another cache for a site than the first one\n",
			caches->conflicts);
}

static void report_silent(const struct plan *plan, FILE *out)
{
	size_t silent = 0;

	for (size_t i = 0; i < plan->caches.names.count; i++)
		silent += plan->caches.list[i].silent;
	if (silent)
		fprintf(out,
			"Silent   %zu caches give objects without an event (bulk): such objects, in pages "
			"that came during the trace, are freed\n",
			silent);
	if (plan->silent_pages)
		fprintf(out,
			"         so are pages: %" PRIu64
			" left the free lists and are freed, with no mm_page_alloc in between\n",
			plan->silent_pages);
}

static void report_before(const struct plan *plan, FILE *out)
{
	if (plan->pause_gaps)
		fprintf(out,
			"Pause    the recorder was off between events %" PRIu64 " and %" PRIu64
			": %zu addresses are allocated twice with no free in between\n",
			plan->pause.from, plan->pause.to, plan->pause_gaps);
	if (plan->has_before)
		fprintf(out,
			"Before   the state 'before' was taken at event %" PRIu64
			": %s. What a cache held then beyond\n"
			"         the traced objects was born before the trace and is allocated first\n",
			plan->before_event,
			plan->pause_gaps && plan->pause.from == plan->before_event
				? "in the pause"
				: "by its counters of allocated frames");
}

void report_plan(const struct plan *plan, const char *path, const char *cmdline, FILE *out)
{
	fprintf(out, "Trace    %s: %" PRIu64 " events, %llu lost by the recorder\n", path,
		plan->nr_events, plan->lost);
	fprintf(out, "Machine  %s\n", cmdline);
	report_base(plan, out);
	report_caches(plan, out);
	report_silent(plan, out);
	report_before(plan, out);
	fputc('\n', out);
}

void report_events(const struct player *player, FILE *out)
{
	tally_show(&player->tally, out);
	fprintf(out, "%-28s %9llu\n", "born before the trace", player->nr_born);
	fprintf(out, "%-28s %9llu objects of %llu KiB, %llu frames of page blocks\n",
		"peak, of traced", player->peak.objects, player->peak.bytes / 1024,
		player->peak.frames);
	fprintf(out, "%-28s %9llu of %llu\n\n", "kmalloc class as the kernel's",
		player->classes_same, player->classes_same + player->classes_other);
}

static void report_file(const struct state *after, const char *path, const char *name, FILE *out)
{
	char *ours = text_file_read(path);

	if (ours)
		beside_rows(name, ours, state_text(after, name), out);
	fputc('\n', out);
	free(ours);
}

void report_files(const struct plan *plan, unsigned long nr_caches, FILE *out)
{
	const struct state *after = states_find(&plan->states, "after");
	char *ours;

	if (after)
		fputs("The files at the end. The kernel's free lists lack what it held before the trace "
		      "(its image, boot pages);\nthe replay knows of slab objects only.\n\n",
		      out);
	report_file(after, "/proc/buddyinfo", "buddyinfo", out);
	report_file(after, "/proc/pagetypeinfo", "pagetypeinfo", out);
	ours = text_file_read("/proc/slabinfo");
	if (ours)
		beside_slabinfo(ours, state_text(after, "slabinfo"), nr_caches, out);
	fputc('\n', out);
	free(ours);
}

static void show_difference(const char *what, unsigned long ours, unsigned long theirs, FILE *out)
{
	fprintf(out, "    %-36s replay %6lu  kernel %6lu  %+6.1f %%\n", what, ours, theirs,
		100 * ((double)ours - (double)theirs) / (double)theirs);
}

void report_verdict(const struct player *player, unsigned long traced_only, FILE *out)
{
	const struct state *after = states_find(&player->plan->states, "after");
	unsigned long long unexplained = player->tally.counts[TALLY_UNEXPLAINED];
	unsigned long theirs = slabinfo_pages(state_text(after, "slabinfo"));
	char *slabinfo = text_file_read("/proc/slabinfo");
	unsigned long ours = slabinfo_pages(slabinfo);

	free(slabinfo);
	if (theirs) {
		fputs("slab pages\n", out);
		if (traced_only)
			show_difference("traced objects only", traced_only, theirs, out);
		show_difference(traced_only ? "with the objects born before" : "traced objects",
				ours, theirs, out);
	}
	fprintf(out, "Verdict: %llu unmatched frees that the trace does not explain; ",
		unexplained);
	if (theirs)
		fprintf(out, "slab pages %lu, the kernel's %lu: %+.1f %%\n", ours, theirs,
			100 * ((double)ours - (double)theirs) / (double)theirs);
	else
		fprintf(out, "slab pages %lu; the log has no state to compare with\n", ours);
}
