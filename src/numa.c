/* SPDX-License-Identifier: MIT */
#include "numa.h"

#include "cmdline.h"
#include "plat.h"

#define LOCAL_DISTANCE 10
#define FARTHEST       254
#define NODES_MAX      ARRAY_SIZE(((struct machine_params *)0)->node_bytes)

/* Cut the piece up to @separator off @text. Return: false when there was none left. */
static bool next_piece(const char **text, const char *end, char separator, const char **piece,
		       size_t *len)
{
	const char *stop;

	if (!*text)
		return false;
	stop = memchr(*text, separator, (size_t)(end - *text));
	*piece = *text;
	*len = (size_t)((stop ?: end) - *text);
	*text = stop ? stop + 1 : NULL;
	return true;
}

const char *numa_nodes_parse(const char *value, size_t len, struct machine_params *params)
{
	const char *end = value + len, *piece;
	unsigned long nr = 0;
	size_t piece_len;

	while (next_piece(&value, end, ',', &piece, &piece_len)) {
		if (nr == NODES_MAX)
			return "too many nodes";
		if (cmdline_bytes(piece, piece_len, &params->node_bytes[nr++]))
			return "must be sizes separated by commas";
	}
	params->nr_nodes = nr;
	params->has_node_bytes = true;
	return NULL;
}

static const char *row_parse(const char *row, size_t len, unsigned long from, u8 *distance,
			     unsigned long *nr)
{
	const char *end = row + len, *piece;
	size_t piece_len;

	for (*nr = 0; next_piece(&row, end, ',', &piece, &piece_len); ++*nr) {
		unsigned long value;

		if (*nr == NODES_MAX)
			return "too many nodes";
		if (cmdline_bytes(piece, piece_len, &value) || value < LOCAL_DISTANCE ||
		    value > FARTHEST)
			return "must be rows of values from 10 to 254";
		if ((value == LOCAL_DISTANCE) != (*nr == from))
			return "must be 10 from each node to itself, and nowhere else";
		distance[*nr] = (u8)value;
	}
	return NULL;
}

const char *numa_distance_parse(const char *value, size_t len, struct machine_params *params)
{
	const char *end = value + len, *row, *why;
	unsigned long rows = 0, columns = 0, first = 0;
	size_t row_len;

	memset(params->distance, 0, sizeof(params->distance));
	while (next_piece(&value, end, ';', &row, &row_len)) {
		if (rows == NODES_MAX)
			return "too many nodes";
		why = row_parse(row, row_len, rows, params->distance[rows], &columns);
		if (why)
			return why;
		if (rows++ == 0)
			first = columns;
		if (columns != first)
			return "rows must be of one length";
	}
	return rows == columns ? NULL : "must have as many rows as columns";
}

static unsigned long nr_rows(const struct machine_params *params)
{
	unsigned long nr = 0;

	while (nr < NODES_MAX && params->distance[nr][nr])
		nr++;
	return nr;
}

int numa_check(struct machine_params *params, unsigned long least, unsigned long most)
{
	unsigned long block = PAGE_SIZE << params->max_order, rows = nr_rows(params), sum = 0;

	if (rows && rows != params->nr_nodes) {
		console_print("kalloc: kalloc.distance= is for %lu nodes, the machine has %lu\n",
			      rows, params->nr_nodes);
		return -EINVAL;
	}
	if (!params->has_node_bytes)
		return 0;
	for (unsigned long nid = 0; nid < params->nr_nodes; nid++) {
		unsigned long bytes = params->node_bytes[nid];

		if (bytes % block || (bytes && bytes < least) || bytes > most - sum) {
			console_print("kalloc: kalloc.nodes=: node %lu must have no memory, or at "
				      "least %luM in multiples of %luK\n",
				      nid, least >> 20, block >> 10);
			return -EINVAL;
		}
		sum += bytes;
	}
	if (!sum) {
		console_print("kalloc: kalloc.nodes=: some node must have memory\n");
		return -EINVAL;
	}
	params->mem_bytes = sum;
	return 0;
}
