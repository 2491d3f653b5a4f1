/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "memory.h"
#include "table.h"

static size_t home_of(const struct table *table, uint64_t key)
{
	/* Addresses differ in their middle bits: multiply to bring those up. */
	return (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (table->nr_slots - 1);
}

static struct table_slot *probe(const struct table *table, uint64_t key)
{
	size_t at = home_of(table, key);

	while (table->slots[at].key && table->slots[at].key != key)
		at = (at + 1) & (table->nr_slots - 1);
	return &table->slots[at];
}

struct table_slot *table_find(const struct table *table, uint64_t key)
{
	struct table_slot *slot;

	if (!table->nr_slots)
		return NULL;
	slot = probe(table, key);
	return slot->key ? slot : NULL;
}

static void table_enlarge(struct table *table)
{
	struct table larger = { .nr_slots = table->nr_slots ? table->nr_slots * 2 : 64,
				.nr_taken = table->nr_taken };

	larger.slots = memory_new(larger.nr_slots, sizeof(*larger.slots));
	for (size_t i = 0; i < table->nr_slots; i++)
		if (table->slots[i].key)
			*probe(&larger, table->slots[i].key) = table->slots[i];
	free(table->slots);
	*table = larger;
}

struct table_slot *table_put(struct table *table, uint64_t key)
{
	struct table_slot *slot;

	if (3 * (table->nr_taken + 1) > 2 * table->nr_slots)
		table_enlarge(table);
	slot = probe(table, key);
	if (!slot->key) {
		slot->key = key;
		table->nr_taken++;
	}
	return slot;
}

void table_drop(struct table *table, struct table_slot *slot)
{
	size_t mask = table->nr_slots - 1;
	size_t hole = (size_t)(slot - table->slots);

	/* Move up every later slot of the run that the hole would cut off from its home. */
	for (size_t at = (hole + 1) & mask; table->slots[at].key; at = (at + 1) & mask) {
		size_t home = home_of(table, table->slots[at].key);

		if (((at - home) & mask) >= ((at - hole) & mask)) {
			table->slots[hole] = table->slots[at];
			hole = at;
		}
	}
	table->slots[hole] = (struct table_slot){ 0 };
	table->nr_taken--;
}

void table_fini(struct table *table)
{
	free(table->slots);
	*table = (struct table){ 0 };
}
