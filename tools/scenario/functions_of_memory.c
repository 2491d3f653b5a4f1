/* SPDX-License-Identifier: MIT */
/* What the machine's memory is like: zones, free blocks, single frames. */
#include <kalloc/fragment.h>

#include "facts.h"
#include "frames.h"
#include "function.h"

static bool run_nr_free(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	long number;

	if (!facts_named("/proc/vmstat", "nr_free_pages", &number))
		return session_complain(session, "nr_free: no such line in /proc/vmstat");
	*result = value_number(number);
	return true;
}

static bool run_free(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	const char *zone = NULL;
	long order, number;

	if (!function_number(session, args, 0, &order) ||
	    (nr > 1 && !function_text(session, args, 1, &zone)))
		return false;
	if (!facts_free_blocks(zone, order, &number))
		return session_complain(session, "free: /proc/buddyinfo has no order %ld%s%s",
					order, zone ? " of a zone " : "", zone ? zone : "");
	*result = value_number(number);
	return true;
}

/* The optional argument @i: a number, 0 if it is left out. */
static bool optional_number(struct session *session, const struct value *args, size_t nr, size_t i,
			    long *number)
{
	*number = 0;
	return nr <= i || function_number(session, args, i, number);
}

static bool run_zone(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	const char *zone, *field;
	long nid, number;

	if (!function_text(session, args, 0, &zone) || !function_text(session, args, 1, &field) ||
	    !optional_number(session, args, nr, 2, &nid))
		return false;
	if (!facts_zone((int)nid, zone, field, &number))
		return session_complain(session,
					"zone: /proc/zoneinfo has no field \"%s\" of a zone "
					"\"%s\" of node %ld",
					field, zone, nid);
	*result = value_number(number);
	return true;
}

static bool run_pcp(struct session *session, const struct value *args, size_t nr,
		    struct value *result)
{
	const char *zone, *field;
	long cpu, number;

	if (!function_text(session, args, 0, &zone) || !function_text(session, args, 1, &field) ||
	    !optional_number(session, args, nr, 2, &cpu))
		return false;
	if (!facts_pcp(0, zone, (int)cpu, field, &number))
		return session_complain(session,
					"pcp: a zone of node 0, \"count\", \"high\" or "
					"\"batch\", and a CPU; not \"%s\", \"%s\", %ld",
					zone, field, cpu);
	*result = value_number(number);
	return true;
}

static bool run_index(struct session *session, const struct value *args,
		      double (*index_of)(unsigned int order), struct value *result)
{
	long order;

	if (!function_number(session, args, 0, &order))
		return false;
	if (order < 0 || order > 63 || index_of((unsigned int)order) < -1.0)
		return session_complain(session, "%s: the machine has no order %ld",
					session->function->name, order);
	*result = value_fraction(index_of((unsigned int)order));
	return true;
}

static bool run_unusable(struct session *session, const struct value *args, size_t nr,
			 struct value *result)
{
	return run_index(session, args, kalloc_unusable_index, result);
}

static bool run_extfrag(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	return run_index(session, args, kalloc_extfrag_index, result);
}

/* The frame that an argument names, by its number or as a thing's first one. */
static bool frame_of(struct session *session, const struct value *args, struct kalloc_block *block)
{
	struct thing *thing;
	unsigned long pfn;

	if (args[0].kind == VALUE_NUMBER && args[0].number >= 0) {
		pfn = (unsigned long)args[0].number;
	} else {
		if (!function_thing(session, args, 0,
				    THING_SET(THING_PAGES) | THING_SET(THING_RANGE) |
					    THING_SET(THING_MEMORY) | THING_SET(THING_AREA),
				    &thing))
			return false;
		if (thing->kind != THING_PAGES && thing->kind != THING_RANGE &&
		    (!thing->alive || !frames_count(thing)))
			return session_complain(session, "%s: it has no frame",
						session->function->name);
		pfn = frames_pfn(thing, 0);
	}
	if (frames_at(pfn, block))
		return true;
	return session_complain(session, "%s: no frame %lu is in any zone", session->function->name,
				pfn);
}

static bool run_state(struct session *session, const struct value *args, size_t nr,
		      struct value *result)
{
	static const char *const names[] = {
		[KALLOC_FRAMES_FREE] = "free", [KALLOC_FRAMES_USED] = "used",
		[KALLOC_FRAMES_SLAB] = "slab", [KALLOC_FRAMES_PCP] = "pcp",
		[KALLOC_FRAMES_HOLE] = "hole",
	};
	struct kalloc_block block;

	if (!frame_of(session, args, &block))
		return false;
	*result = value_text(names[block.state]);
	return true;
}

static bool run_block(struct session *session, const struct value *args, size_t nr,
		      struct value *result)
{
	struct kalloc_block block;

	if (!frame_of(session, args, &block))
		return false;
	*result = value_number((long)block.pfn);
	return true;
}

static bool run_block_order(struct session *session, const struct value *args, size_t nr,
			    struct value *result)
{
	struct kalloc_block block;

	if (!frame_of(session, args, &block))
		return false;
	*result = value_number(block.order);
	return true;
}

static bool run_migratetype(struct session *session, const struct value *args, size_t nr,
			    struct value *result)
{
	static const char *const names[] = {
		[MIGRATE_UNMOVABLE] = "Unmovable",     [MIGRATE_MOVABLE] = "Movable",
		[MIGRATE_RECLAIMABLE] = "Reclaimable", [MIGRATE_HIGHATOMIC] = "HighAtomic",
		[MIGRATE_ISOLATE] = "Isolate",
	};
	struct kalloc_block block;

	if (!frame_of(session, args, &block))
		return false;
	*result = value_text(names[block.migratetype]);
	return true;
}

static bool run_zone_of(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	struct kalloc_block block;

	if (!frame_of(session, args, &block))
		return false;
	*result = value_text(zone_name(page_zone(pfn_to_page(block.pfn))));
	return true;
}

static bool run_node_of(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	struct kalloc_block block;

	if (!frame_of(session, args, &block))
		return false;
	*result = value_number(block.node);
	return true;
}

const struct function functions_of_memory[] = {
	{ "nr_free", "", 0, 0, run_nr_free, "free frames on the lists of all zones" },
	{ "free", "order[, zone]", 1, 2, run_free, "free blocks of an order, of all zones or one" },
	{ "zone", "zone, field[, node]", 2, 3, run_zone, "a number in /proc/zoneinfo" },
	{ "pcp", "zone, field[, cpu]", 2, 3, run_pcp,
	  "count, high or batch of a CPU's page lists" },
	{ "unusable", "order", 1, 1, run_unusable,
	  "share of the free memory that lies in smaller blocks" },
	{ "extfrag", "order", 1, 1, run_extfrag,
	  "fragmentation index: near 0 memory lacks, near 1 wholeness; -1: a block is free" },
	{ "state", "frame", 1, 1, run_state, "free, used, slab, pcp (a CPU's list) or hole" },
	{ "block", "frame", 1, 1, run_block, "first frame of the block that it is in" },
	{ "block_order", "frame", 1, 1, run_block_order, "order of the block that it is in" },
	{ "migratetype", "frame", 1, 1, run_migratetype, "type of its pageblock" },
	{ "zone_of", "frame", 1, 1, run_zone_of, "name of its zone" },
	{ "node_of", "frame", 1, 1, run_node_of, "number of its node" },
	{ 0 },
};
