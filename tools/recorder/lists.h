/* SPDX-License-Identifier: MIT */
/*
 * Lists: each zone's numbers, its free lists in list order, and those of the CPUs. A list
 * is told from its head, and of a long one only how long it is besides.
 */
#ifndef RECORDER_LISTS_H
#define RECORDER_LISTS_H

#include "json.h"
#include "memo.h"
#include "zones.h"

/* The most entries of one list that are told. */
#define LISTS_ENTRIES 128

struct lists {
	const struct zones *zones;
	struct memo *free; /* of each zone, order and type */
	struct memo *cpus; /* of each zone and CPU */
	struct kalloc_state_free *entries;
	size_t capacity;
};

void lists_init(struct lists *lists, const struct zones *zones);
void lists_fini(struct lists *lists);

/* The members "zones", "free" and "pcp" of a step. */
void lists_step(struct lists *lists, struct json *json);

#endif
