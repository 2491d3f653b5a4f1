/* SPDX-License-Identifier: MIT */
/*
 * Where the recorder paused. An address that is allocated twice with no free in
 * between proves that an event is missing somewhere between the two. Each such
 * *gap* is an interval of event numbers; when most of the gaps share one
 * stretch, the recorder was off there (it is switched off while the log's
 * @@STATE is taken), and the trace itself explains a free that finds its address
 * free already if the two frees lie on either side.
 */
#ifndef TOOLS_GAPS_H
#define TOOLS_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gap {
	uint64_t from, to; /* numbers of the two events */
};

struct gaps {
	struct gap *list;
	size_t count, capacity;
};

void gaps_add(struct gaps *gaps, uint64_t from, uint64_t to);

/*
 * Find the stretch that lies in most gaps ending after event @after.
 * Return: the number of gaps that agree on it, 0 if there is no such stretch;
 * @pause is the stretch.
 */
size_t gaps_pause(struct gaps *gaps, uint64_t after, struct gap *pause);

void gaps_fini(struct gaps *gaps);

#endif
