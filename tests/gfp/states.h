/* SPDX-License-Identifier: MIT */
/*
 * A small machine (one zone, one CPU, daemons that only leave a note when they are
 * woken) brought into a state of the table, and what it says of a request made then.
 *
 * Marks, in frames: min 512, low 640, high 768; half of min is 256, 3/8 of it 192.
 * Nothing raises them: the boost factor is 0. A state names its free frames exactly;
 * the rest is in use, or on the LRU lists.
 */
#ifndef TEST_GFP_STATES_H
#define TEST_GFP_STATES_H

#include <kalloc/reclaim.h>

#include "layers.h"
#include "page/room.h"
#include "table.h"

struct situation {
	const struct table_state *state;
	bool is_poisoned; /* every free frame holds something when the request is made */
	struct kalloc_machine *m;
	struct zone *zone;
	struct list_head used; /* frames that are in use for good, by lru */
	struct kalloc_mapping mapping[3];
	unsigned int nr_evicted[3]; /* by enum kalloc_page_kind */
	unsigned int nr_moved;
	unsigned int nr_oom;	  /* times that the OOM policy was asked */
	unsigned int nr_warnings; /* reports of failure */
	unsigned int nr_sleeps;	  /* reports of sleeping in atomic context */
	unsigned int scope;
	struct notifier_block oom;
};

/* Boot the machine and enter it; memory is plenty. Return: false after a report. */
bool situation_boot(struct situation *situation, const struct table_state *state);

/* Bring it to its state. Return: false after a report if that is not to be had. */
bool situation_reach(struct situation *situation);

/* Enter and leave the state's context. */
void situation_enter(struct situation *situation);
void situation_leave(struct situation *situation);

/* What is to be seen now of a request that came through @layer. */
struct outcome situation_outcome(struct situation *situation, const struct layer *layer,
				 const struct request *request, bool granted);

void situation_halt(struct situation *situation);

#endif
