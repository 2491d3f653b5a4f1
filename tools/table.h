/* SPDX-License-Identifier: MIT */
/*
 * A hash table from a number that is never 0 (an address, a frame number plus
 * one, a hash) to two numbers. Open addressing with linear probing.
 *
 * Invariants: the number of slots is a power of two, at most 2/3 of them are
 * taken; a slot with key 0 ends every probe. A pointer to a slot holds until the
 * next table_put() or table_drop().
 */
#ifndef TOOLS_TABLE_H
#define TOOLS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_slot {
	uint64_t key;
	uint64_t value;
	uint64_t extra;
};

struct table {
	struct table_slot *slots;
	size_t nr_slots;
	size_t nr_taken;
};

/* Return: the slot of @key, or NULL. */
struct table_slot *table_find(const struct table *table, uint64_t key);

/* Return: the slot of @key, made with value and extra 0 if there was none. */
struct table_slot *table_put(struct table *table, uint64_t key);

/* Take a slot that table_find() or table_put() returned out of the table. */
void table_drop(struct table *table, struct table_slot *slot);

void table_fini(struct table *table);

#endif
