/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>

#include "fault.h"
#include "knobs.h"
#include "zones.h"

/* Read all of @input as one int that is not negative. */
static int number_parse(const char *input, unsigned long *number)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(input, &end, 0);
	if (end == input || errno || n < 0 || n > INT_MAX)
		return -EINVAL;
	if (end[strspn(end, " \t\n")] != '\0')
		return -EINVAL;
	*number = (unsigned long)n;
	return 0;
}

static int number_store(struct kalloc_machine *m, const char *input,
			int (*set)(struct kalloc_machine *m, unsigned long number))
{
	unsigned long number;
	int err = number_parse(input, &number);

	return err ? err : set(m, number);
}

void min_free_kbytes_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%lu\n", page_min_free_kbytes(m));
}

int min_free_kbytes_store(struct kalloc_machine *m, const char *input)
{
	return number_store(m, input, page_set_min_free_kbytes);
}

void watermark_scale_factor_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%lu\n", page_watermark_scale_factor(m));
}

int watermark_scale_factor_store(struct kalloc_machine *m, const char *input)
{
	return number_store(m, input, page_set_watermark_scale_factor);
}

void watermark_boost_factor_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%lu\n", page_watermark_boost_factor(m));
}

int watermark_boost_factor_store(struct kalloc_machine *m, const char *input)
{
	return number_store(m, input, page_set_watermark_boost_factor);
}

/* The constants that the page room reserves by, of the zones that are shown. */
void lowmem_reserve_ratio_show(struct text *text, struct kalloc_machine *m)
{
	const char *tab = "";

	for (unsigned int rank = 0; rank < MAX_NR_ZONES; rank++) {
		const struct zone *zone = zones_of_rank(&m->page->nodes[0], rank);

		if (zone) {
			text_add(text, "%s%u", tab, lowmem_reserve_ratio[zone->type]);
			tab = "\t";
		}
	}
	text_add(text, "\n");
}

static int compact(struct kalloc_machine *m, unsigned long number)
{
	if (number != 1)
		return -EINVAL;
	page_compact(m);
	return 0;
}

int compact_memory_store(struct kalloc_machine *m, const char *input)
{
	return number_store(m, input, compact);
}

/* Not the machine's but the thread's. */
void fail_nth_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%u\n", fault_nth());
}

int fail_nth_store(struct kalloc_machine *m, const char *input)
{
	unsigned long number;
	int err = number_parse(input, &number);

	if (!err)
		fault_set_nth((unsigned int)number);
	return err;
}
