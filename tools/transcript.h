/* SPDX-License-Identifier: MIT */
/*
 * A frame transcript: what a kernel's page allocator gave, call by call, of one zone that
 * nobody else used, with the zone's state before and after. As text, in this order:
 *
 *   # zone NAME key value ...	 ranges, marks and counts; suffix 0 before, 1 after
 *   # anything			 a remark
 *   B pfn type0 type1 movable	 a pageblock, with its type before and after
 *   I pcp order type pfn	 a free block before, in list order from the head; on a
 *				 per-CPU list (pcp 1) the order is the list's number, and
 *				 the type the one noted on the block
 *   A id order gfp pfn		 call: taken; pfn 0: it failed. Ids count from 0
 *   R id order 0 pfn		 call: given back
 *   F pcp order type pfn	 a free block after, as I
 *
 * pfn, gfp and the header's start and flags are hexadecimal, all else decimal. Keys of the
 * header that are not needed (present, zflags, isolate, the marks with the boost) may be
 * there or not.
 *
 * Every B, I and F line is there: no pageblock is missing, and the free frames are as many
 * as the header counts, none of them twice. No call may sleep (__GFP_DIRECT_RECLAIM,
 * __GFP_NOFAIL), since others would get at the zone meanwhile.
 */
#ifndef TOOLS_TRANSCRIPT_H
#define TOOLS_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <kalloc/state.h>

struct transcript_call {
	bool give;
	unsigned int order;
	gfp_t gfp;
	unsigned long id;
	unsigned long pfn;
	unsigned long line;
};

struct transcript {
	char zone_name[16];
	unsigned int max_order;
	/* nid and cpu are 0: the transcript does not know them. */
	struct kalloc_zone_state before;
	struct kalloc_zone_state after;
	struct transcript_call *calls;
	size_t nr_calls;
	size_t max_calls;
	unsigned long nr_ids; /* calls that took, or failed */
};

/*
 * Read a file, plain or compressed. Return: NULL, or what is wrong, naming the file and
 * the line; to be freed. transcript_fini() is due in both cases.
 */
char *transcript_read(struct transcript *transcript, const char *path);
void transcript_fini(struct transcript *transcript);

/*
 * Write a transcript as transcript_read() reads it. @remarks: lines that begin with '#', to
 * stand behind the header; may be "".
 */
void transcript_write(const struct transcript *transcript, const char *remarks, FILE *out);

/* The state of a zone of the current machine that there is, for transcript_state_fini(). */
struct kalloc_zone_state transcript_state(int nid, unsigned char zone);

/* Free the arrays of a state. */
void transcript_state_fini(struct kalloc_zone_state *state);

/* The name of a type of zones, an enum zone_type. */
const char *transcript_zone_name(unsigned char zone);

/* The order of the blocks on a per-CPU list. */
unsigned int transcript_list_order(unsigned int list);

#endif
