/* SPDX-License-Identifier: MIT */
/* Counters: the numbers of /proc/vmstat. */
#ifndef RECORDER_COUNTERS_H
#define RECORDER_COUNTERS_H

#include "json.h"

/* The member "vmstat" of the document: the counters' names. */
void counters_write(struct json *json);

/* The member "vmstat" of a step: their values, in the order of the names. */
void counters_step(struct json *json);

#endif
