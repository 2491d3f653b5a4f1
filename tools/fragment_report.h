/* SPDX-License-Identifier: MIT */
/* What a profile has made of its zone, as text. */
#ifndef TOOLS_FRAGMENT_REPORT_H
#define TOOLS_FRAGMENT_REPORT_H

#include <stdio.h>

#include <kalloc/fragment.h>

/* Which zone, what is held in it, and both indices at each order: wanted, and as they are. */
void fragment_report(const struct kalloc_fragment_report *report, FILE *out);

/* The index of the report's level as it is. */
int fragment_level_now(const struct kalloc_fragment_report *report);

/* An index in thousandths, right-aligned in @width columns; "-" where there is none. */
void fragment_show_index(int index, int width, FILE *out);

#endif
