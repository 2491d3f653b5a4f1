/* SPDX-License-Identifier: MIT */
/*
 * Node: one node's slabs of one cache. Every function takes and drops list_lock
 * itself; slabs that turn out to be surplus are given back after it is dropped.
 *
 * An empty slab is surplus once min_partial slabs are on the list.
 */
#ifndef SLAB_NODE_H
#define SLAB_NODE_H

#include "slab.h"
#include "slab_struct.h"

void node_init(struct kmem_cache_node *n);

/* Count a new slab whose free objects its CPU takes over. Return: the free list. */
void *node_add_frozen(struct kmem_cache *s, struct slab *slab);

/*
 * Objects of CPU slab @slab that were freed past its CPU, for the CPU to hand out.
 * Return: the free list; NULL if there are none: then the slab is full and no
 * longer the CPU's.
 */
void *node_reclaim(struct kmem_cache *s, struct slab *slab);

/* Take a CPU slab back with @freelist, what its CPU had left of it. */
void node_deactivate(struct kmem_cache *s, struct slab *slab, void *freelist);

/* Take a chain of CPU partial slabs back. */
void node_unfreeze(struct kmem_cache *s, struct slab *chain);

/*
 * Take the first partial slab of node @nid as a CPU slab, its free list in
 * *@freelist, and more in reserve, chained in *@extra. Return: the slab or NULL.
 */
struct slab *node_take(struct kmem_cache *s, int nid, void **freelist, struct slab **extra);

/*
 * Free @cnt objects, chained from @head to @tail, of one slab that is not the
 * calling CPU's. Return: true if the slab, full before, is now frozen and to go on
 * the caller's CPU partial chain.
 */
bool node_free(struct kmem_cache *s, struct slab *slab, void *head, void *tail, unsigned int cnt);

/* Free @nr objects of any slabs of a machine of one node. */
void node_free_many(struct kmem_cache *s, void **objects, unsigned int nr);

/* The same for checked caches, where no slab is ever frozen. One object or NULL. */
void *node_take_checked(struct kmem_cache *s, int nid);
void *node_add_checked(struct kmem_cache *s, struct slab *slab);
void node_free_checked(struct kmem_cache *s, struct slab *slab, void *head, void *tail,
		       unsigned int cnt);

/* Keep what the user of an object in use has asked for, if the cache keeps it (pattern.h). */
void node_set_request(struct kmem_cache *s, struct slab *slab, void *object, size_t bytes);

/* Under the lock: a slab on the partial list has no free object any more. */
void node_fill(struct kmem_cache *s, struct slab *slab);

/* Add what the node has to @counts. */
void node_count_slabs(struct kmem_cache_node *n, struct slab_counts *counts);

/* Give every empty slab back, RCU or not. Return: slabs left. */
unsigned long node_drain(struct kmem_cache *s, struct kmem_cache_node *n);

/* Empty slabs on the partial list, of a cache that may give them back. */
unsigned long node_count_empty(struct kmem_cache *s, struct kmem_cache_node *n);

/* Give up to @most of them back. Return: how many. */
unsigned long node_free_empty(struct kmem_cache *s, struct kmem_cache_node *n, unsigned long most);

/* Give empty slabs back and sort the rest, fullest first. Return: slabs left. */
unsigned long node_shrink(struct kmem_cache *s, struct kmem_cache_node *n);

#endif
