/* SPDX-License-Identifier: MIT */
/* Tells a recorder what a player did. */
#ifndef TOOLS_REPLAY_RECORD_H
#define TOOLS_REPLAY_RECORD_H

#include "player.h"
#include "recorder.h"

/* The player took @event just now, and @reason is what it said. */
void replay_record(struct recorder *recorder, const struct player *player,
		   const struct trace_event *event, enum tally_reason reason);

#endif
