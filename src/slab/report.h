/* SPDX-License-Identifier: MIT */
/*
 * Report: what is found in a slab (check.h), in the kernel's words. It is taken, with a copy
 * of the bytes that it shows, under the node's lock and before anything is mended, and
 * printed after the lock was dropped, because the console is the program's.
 *
 * Before a report is printed, and before the line that says what was mended, the function
 * that kalloc_take_slab_reports() named is asked, which may take it for itself.
 */
#ifndef SLAB_REPORT_H
#define SLAB_REPORT_H

#include "check.h"

/* Of a page of the object, and of as much of any other part of its slot, a copy is shown. */
#define REPORT_OBJECT PAGE_SIZE
#define REPORT_PART   512

/* Bytes that are shown: where they lie, and how many of them there are in the copy. */
struct part {
	const char *name;
	const unsigned char *at;
	size_t bytes;
};

struct report {
	struct finding finding;
	struct slab slab; /* as it was found */
	char *address;
	void *next; /* the object's free pointer */
	unsigned int nr_parts;
	struct part parts[4];
	size_t nr_copied;
	unsigned char copy[REPORT_OBJECT + 3 * REPORT_PART];
};

/* Under the lock. */
void report_take(struct report *report, const struct kmem_cache *s, const struct slab *slab,
		 const struct finding *f);

/* Without it. */
void report_print(struct kmem_cache *s, const struct report *report);

/* Return: true if the machine's taker takes @what, and nothing is to be printed. */
bool report_is_taken(struct kmem_cache *s, enum kalloc_slab_report what);

/* The lines that every report begins with: what is wrong, and the slab. */
void report_head(const struct kmem_cache *s, const char *fmt, ...) printf_like(2, 3);
void report_slab(const struct kmem_cache *s, const struct slab *copy, const char *address);

#endif
