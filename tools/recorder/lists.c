/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lists.h"
#include "memory.h"

#define ORDERS 19 /* the most that kalloc.max_order= allows, and one */

void lists_init(struct lists *lists, const struct zones *zones)
{
	*lists = (struct lists){ .zones = zones };
	lists->free = memory_new(zones->nr * ORDERS * MIGRATE_TYPES, sizeof(*lists->free));
	lists->cpus = memory_new(zones->nr * ZONES_CPUS, sizeof(*lists->cpus));
}

static void forget(struct memo *memos, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(memos[i].text);
	free(memos);
}

void lists_fini(struct lists *lists)
{
	forget(lists->free, lists->zones->nr * ORDERS * MIGRATE_TYPES);
	forget(lists->cpus, lists->zones->nr * ZONES_CPUS);
	free(lists->entries);
}

/* The state of a zone and a CPU, with its free list or its CPU's in lists->entries. */
static struct kalloc_zone_state ask(struct lists *lists, const struct zone_span *zone,
				    unsigned int cpu, bool of_cpu)
{
	struct kalloc_zone_state state = zones_ask(zone);
	unsigned long need;

	state.cpu = cpu;
	kalloc_zone_export(&state);
	need = of_cpu ? state.nr_pcp : state.nr_free;
	lists->entries =
		memory_grow(lists->entries, &lists->capacity, need, sizeof(*lists->entries));
	if (of_cpu) {
		state.pcp = lists->entries;
		state.max_pcp = need;
	} else {
		state.free = lists->entries;
		state.max_free = need;
	}
	kalloc_zone_export(&state);
	return state;
}

static void write_numbers(const struct kalloc_zone_state *state, struct json *json)
{
	json_begin(json, NULL, '[');
	json_number(json, NULL, state->nr_free_folded);
	json_number(json, NULL, (long long)state->mark_min);
	json_number(json, NULL, (long long)state->mark_low);
	json_number(json, NULL, (long long)state->mark_high);
	json_number(json, NULL, (long long)state->watermark_boost);
	json_number(json, NULL, (long long)state->nr_reserved_highatomic);
	for (int i = 0; i < KALLOC_STATE_ZONES; i++)
		json_number(json, NULL, (long long)state->lowmem_reserve[i]);
	json_end(json, ']');
}

/* A list's entries from its head, as many as are told. */
static void write_entries(const struct kalloc_state_free *from, unsigned long nr, struct json *json)
{
	for (unsigned long i = 0; i < nr && i < LISTS_ENTRIES; i++)
		json_number(json, NULL, (long long)from[i].pfn);
}

/* End what is to be said of a list, and say it if it is new. */
static void tell(struct memo *memo, struct json_piece *piece, struct json *json)
{
	if (!memo_changes(memo, piece))
		return;
	json_begin(json, NULL, '[');
	json_raw(json, NULL, memo->text, memo->len);
	json_end(json, ']');
}

static void tell_list(struct lists *lists, size_t zone, unsigned int order, unsigned int type,
		      const struct kalloc_state_free *from, unsigned long nr, struct json *json)
{
	struct memo *memo = &lists->free[(zone * ORDERS + order) * MIGRATE_TYPES + type];
	struct json_piece piece;

	if (!nr && !memo->text)
		return;
	json_piece_begin(&piece);
	json_number(&piece.json, NULL, (long long)zone);
	json_number(&piece.json, NULL, order);
	json_number(&piece.json, NULL, type);
	json_number(&piece.json, NULL, (long long)nr);
	write_entries(from, nr, &piece.json);
	tell(memo, &piece, json);
}

/* Entries come by order, then by type; lists without any are told as empty once. */
static void tell_zone(struct lists *lists, size_t zone, const struct kalloc_zone_state *state,
		      struct json *json)
{
	unsigned long at = 0;

	for (unsigned int order = 0; order < ORDERS; order++) {
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++) {
			const struct kalloc_state_free *from = &lists->entries[at];
			unsigned long nr = 0;

			while (at + nr < state->nr_free && from[nr].list == order &&
			       from[nr].migratetype == type)
				nr++;
			tell_list(lists, zone, order, type, from, nr, json);
			at += nr;
		}
	}
}

static unsigned long length_of_list(const struct kalloc_state_free *from, unsigned long nr)
{
	unsigned long at = 0;

	while (at < nr && from[at].list == from->list)
		at++;
	return at;
}

static void tell_cpu(struct lists *lists, size_t zone, const struct kalloc_zone_state *state,
		     struct json *json)
{
	struct memo *memo = &lists->cpus[zone * ZONES_CPUS + state->cpu];
	struct json_piece piece;

	if (!state->nr_pcp && !memo->text)
		return;
	json_piece_begin(&piece);
	json_number(&piece.json, NULL, (long long)zone);
	json_number(&piece.json, NULL, state->cpu);
	json_number(&piece.json, NULL, state->pcp_count);
	json_number(&piece.json, NULL, state->pcp_high);
	json_number(&piece.json, NULL, state->pcp_batch);
	for (unsigned long at = 0; at < state->nr_pcp;) {
		const struct kalloc_state_free *from = &lists->entries[at];
		unsigned long nr = length_of_list(from, state->nr_pcp - at);

		json_begin(&piece.json, NULL, '[');
		json_number(&piece.json, NULL, from->list);
		json_number(&piece.json, NULL, (long long)nr);
		write_entries(from, nr, &piece.json);
		json_end(&piece.json, ']');
		at += nr;
	}
	tell(memo, &piece, json);
}

void lists_step(struct lists *lists, struct json *json)
{
	const struct zones *zones = lists->zones;
	struct json_piece numbers;

	json_piece_begin(&numbers);
	json_begin(json, "free", '[');
	for (size_t i = 0; i < zones->nr; i++) {
		struct kalloc_zone_state state = ask(lists, &zones->list[i], 0, false);

		tell_zone(lists, i, &state, json);
		write_numbers(&state, &numbers.json);
	}
	json_end(json, ']');
	json_begin(json, "pcp", '[');
	for (size_t i = 0; i < zones->nr; i++) {
		for (unsigned int cpu = 0; cpu < zones->nr_cpus; cpu++) {
			struct kalloc_zone_state state = ask(lists, &zones->list[i], cpu, true);

			tell_cpu(lists, i, &state, json);
		}
	}
	json_end(json, ']');
	json_piece_end(&numbers);
	json_begin(json, "zones", '[');
	json_raw(json, NULL, numbers.text, numbers.len);
	json_end(json, ']');
	free(numbers.text);
}
