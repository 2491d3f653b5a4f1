/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "fragment_report.h"
#include "transcript.h"

void fragment_show_index(int index, int width, FILE *out)
{
	char text[16] = "-";

	if (index != KALLOC_FRAGMENT_NO_TARGET)
		snprintf(text, sizeof(text), "%s%d.%03d", index < 0 ? "-" : "", abs(index) / 1000,
			 abs(index) % 1000);
	fprintf(out, "%*s", width, text);
}

static const char *index_name(enum kalloc_fragment_index of)
{
	return of == KALLOC_FRAGMENT_EXTFRAG ? "extfrag_index" : "unusable_index";
}

int fragment_level_now(const struct kalloc_fragment_report *report)
{
	const struct kalloc_fragment_order *order = &report->orders[report->level_order];

	return report->level_of == KALLOC_FRAGMENT_EXTFRAG ? order->extfrag : order->unusable;
}

static void show_order(const struct kalloc_fragment_report *report, unsigned int order, FILE *out)
{
	const struct kalloc_fragment_order *at = &report->orders[order];

	fprintf(out, "%5u %12lu", order, at->nr_free);
	fragment_show_index(at->unusable_target, 9, out);
	fragment_show_index(at->unusable, 10, out);
	fragment_show_index(at->extfrag_target, 10, out);
	fragment_show_index(at->extfrag, 10, out);
	fputc('\n', out);
}

void fragment_report(const struct kalloc_fragment_report *report, FILE *out)
{
	fprintf(out, "zone   node %d, %s: %lu frames, %lu free\n", report->nid,
		transcript_zone_name(report->zone), report->nr_managed, report->nr_free);
	fprintf(out, "held   %lu unmovable, %lu movable, %lu reclaimable; fingerprint %016llx\n",
		report->nr_held[MIGRATE_UNMOVABLE], report->nr_held[MIGRATE_MOVABLE],
		report->nr_held[MIGRATE_RECLAIMABLE], report->fingerprint);
	if (report->nr_failed)
		fprintf(out, "failed %lu requests\n", report->nr_failed);
	fprintf(out, "level  %s at order %u: ", index_name(report->level_of), report->level_order);
	fragment_show_index(report->level, 0, out);
	fputs("\n\n                      unusable_index       extfrag_index\n"
	      "order  free blocks   target  achieved    target  achieved\n",
	      out);
	for (unsigned int order = 0; order <= report->max_order; order++)
		show_order(report, order, out);
}
