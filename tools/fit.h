/* SPDX-License-Identifier: MIT */
/*
 * A size mix for ageing (<kalloc/fragment.h>), fitted from what a kernel did: the page
 * allocations of a trace by order and migratetype, and how many further ones each lived
 * for. A block lives from its mm_page_alloc to the mm_page_free of its first frame; one
 * that is allocated again before that, or never freed, has no life and is kept.
 *
 * The lives of one order and type are told apart in five ranges, each a size of its own
 * with its mean; if that makes more sizes than a mix may have, they are one range.
 * Pages that were freed and had been allocated before the trace began count for nothing.
 */
#ifndef TOOLS_FIT_H
#define TOOLS_FIT_H

#include <kalloc/fragment.h>

/*
 * Put the mix of the trace at @path (ftrace or perf script text, or a log; plain, gzip or
 * xz) into @profile. Return: NULL, or the message of what is wrong with it, to be freed.
 */
char *fit_trace(struct kalloc_fragment_profile *profile, const char *path);

#endif
