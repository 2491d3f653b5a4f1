/* SPDX-License-Identifier: MIT */
/*
 * The shape of a machine's nodes, as the command line gives it (params.h):
 *
 *   kalloc.nodes=SIZE,SIZE,...   bytes of each node, 0 for one without memory;
 *                                mem= then is their sum
 *   kalloc.distance=ROW;ROW;...  from each node (row) to each (comma-separated
 *                                values, 10 to 254), 10 to itself and nowhere else
 */
#ifndef TOP_NUMA_H
#define TOP_NUMA_H

#include "machine.h"

/* Read a value into @params. Return: NULL, or what is wrong with it. */
const char *numa_nodes_parse(const char *value, size_t len, struct machine_params *params);
const char *numa_distance_parse(const char *value, size_t len, struct machine_params *params);

/*
 * When all parameters are read: is the shape possible? Sets mem_bytes to the nodes' sum.
 * Return: 0 or -EINVAL after a message.
 */
int numa_check(struct machine_params *params, unsigned long least, unsigned long most);

#endif
