/* SPDX-License-Identifier: MIT */
/*
 * Profiles at work: from a profile (profile.h) to what it holds (holding.h) and what that
 * makes of its zone. The choice of frames is pattern.h's, of a level aim.h's and level.h's,
 * the ageing aged.h's. This has the doors: each takes the room's fragment_lock, so one
 * profile is applied, sustained or released at a time, and prints without it.
 */
#ifndef PAGE_FRAGMENT_H
#define PAGE_FRAGMENT_H

#include "room.h"

/* Forget what all profiles hold; the frames go with the machine. */
void fragment_halt(struct page_room *room);

#endif
