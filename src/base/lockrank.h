/* SPDX-License-Identifier: MIT */
/*
 * The order in which one thread may take locks: only downward in this list,
 * which is outer to inner, the top of the house to its foundation. Two locks of
 * one rank are never held together, except where the comment says so.
 *
 * Asserted by src/plat/lock.c in builds with -Dchecks=1 or higher.
 */
#ifndef BASE_LOCKRANK_H
#define BASE_LOCKRANK_H

enum lock_rank {
	RANK_NONE,	 /* taken with nothing else held, or in tests */
	RANK_DIRECTORY,	 /* src/machine.c: the list of machines */
	RANK_MEMPOOL,	 /* src/pool: one pool's elements */
	RANK_FRAGMENT,	 /* src/page/holding.h: what profiles hold */
	RANK_PURGE,	 /* src/vmap/lazy.h: one purge at a time */
	RANK_VMAP,	 /* src/vmap/space.h: areas, the lazy list */
	RANK_ALIAS,	 /* src/vmap/alias.h: what the host shows in a vmalloc space */
	RANK_CACHES,	 /* src/slab/cache.c: the list of caches */
	RANK_CLAIMS,	 /* src/slab/front_claim.c: who claims fronts */
	RANK_FRONT,	 /* src/slab/front.h: one CPU's sheaves of one cache */
	RANK_BARN,	 /* src/slab/barn.h: one cache's full sheaves */
	RANK_SHEAVES,	 /* src/slab/sheaf.h: a machine's empty sheaves */
	RANK_QUARANTINE, /* src/slab/quarantine.h: freed objects that wait */
	RANK_SLAB_CPU,	 /* src/slab/cpu.c: one CPU's lists of one cache */
	RANK_SLAB_NODE,	 /* src/slab/node.c: one node's slabs of one cache */
	RANK_SHRINKER,	 /* src/page/shrinker.c: the list of shrinkers */
	RANK_OOM,	 /* src/page/oom.c: tasks and notifiers */
	RANK_LRU,	 /* src/page/lru.c: one node's LRU lists */
	RANK_COMPACT,	 /* src/page/compact.c: a zone's scanners */
	RANK_KMAP,	 /* src/page/highmem.c: kmap slots */
	RANK_PCP,	 /* src/page/pcp.c: one CPU's page lists of one zone */
	RANK_ZONE,	 /* src/page/zone.h: one zone's free lists */
	RANK_TRACE,	 /* src/probe/trace.h: the table of caches */
	RANK_MAP,	 /* src/plat/map.c: the mapping budget */
	RANK_CONSOLE,	 /* src/plat/console.c */
	NR_RANKS
};

#endif
