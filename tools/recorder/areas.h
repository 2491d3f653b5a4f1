/* SPDX-License-Identifier: MIT */
/*
 * Areas of the vmalloc space and the frames that they show, as /proc/vmallocinfo lists
 * them. Told whole whenever anything is different.
 */
#ifndef RECORDER_AREAS_H
#define RECORDER_AREAS_H

#include "json.h"
#include "memo.h"

/* The most areas that are told; the lowest ones. */
#define AREAS_MOST 512

/* The members "areas" and "nr_areas" of a step, if they changed. */
void areas_step(struct memo *memo, struct json *json);

#endif
