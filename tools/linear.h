/* SPDX-License-Identifier: MIT */
/*
 * Where the traced kernel saw its memory: an object's address is the base of the
 * linear map plus its frame's number in bytes. The base is random at each boot
 * and stands nowhere in a trace, but a slab page is allocated right before the
 * first object in it: every mm_page_alloc followed by an object allocation votes
 * for a base, and the true one wins by far. A recording of this library says it.
 */
#ifndef TOOLS_LINEAR_H
#define TOOLS_LINEAR_H

#include <stdbool.h>

#include "table.h"
#include "trace.h"

struct linear {
	bool is_told;	    /* the recording says where it is */
	struct table votes; /* candidate → votes */
	uint64_t nr_votes;
	uint64_t pfn; /* of the page allocation that waits for its object */
	unsigned int order;
	bool waiting;
	uint64_t base; /* the leader so far, with its votes */
	uint64_t base_votes;
};

/* The recording says that frame 0 was at @base. */
void linear_tell(struct linear *linear, uint64_t base);

/* Show it every event, in order. */
void linear_learn(struct linear *linear, const struct trace_event *event);

/* True if @linear->base can be relied on: more than half of all votes, and not just one. */
bool linear_is_known(const struct linear *linear);

/* Return: the frame of address @ptr; false if it lies outside the linear map. */
bool linear_pfn(const struct linear *linear, uint64_t ptr, uint64_t *pfn);

void linear_fini(struct linear *linear);

#endif
