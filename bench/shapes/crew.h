/* SPDX-License-Identifier: MIT */
/* Threads that do one work together, and the CPU time that each spends on it. */
#ifndef CREW_H
#define CREW_H

#include "shape.h"

#define CREW_MAX 64

struct member {
	int index; /* 0 .. nr - 1 */
	int nr;
	double ns; /* what the member's thread spent, as the work counts it */
};

/* Value: the sum of all members' ns after @work has run in @nr threads. */
double crew_ns(int nr, void (*work)(struct member *));

/* Wait until all members are here. */
void crew_meet(void);

/*
 * Value: how often a member is to do what handles @nr_objects each time. A shape with
 * threads does a fixed number, some 20 ns of each thread's budget for an object, so that
 * all of them are at work nearly to the end.
 */
long crew_times(long nr_objects);

#endif
