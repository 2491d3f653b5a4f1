/* SPDX-License-Identifier: MIT */
/* Hash tables of a size that is known at compile time: arrays of chains. */
#ifndef _LINUX_HASHTABLE_H
#define _LINUX_HASHTABLE_H

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rculist.h>

#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits)  DECLARE_HASHTABLE(name, bits) = { HLIST_HEAD_INIT }
#define HASH_SIZE(table)	      ARRAY_SIZE(table)
#define HASH_BITS(table)	      ((unsigned int)ilog2(HASH_SIZE(table)))

#define kalloc_hash_chain(table, key) (&(table)[hash_min((key), HASH_BITS(table))])

static inline void __hash_init(struct hlist_head *table, unsigned int nr)
{
	while (nr--)
		INIT_HLIST_HEAD(&table[nr]);
}

static inline bool __hash_empty(struct hlist_head *table, unsigned int nr)
{
	while (nr--)
		if (!hlist_empty(&table[nr]))
			return false;
	return true;
}

#define hash_init(table)	       __hash_init((table), HASH_SIZE(table))
#define hash_empty(table)	       __hash_empty((table), HASH_SIZE(table))
#define hash_add(table, node, key)     hlist_add_head((node), kalloc_hash_chain(table, key))
#define hash_add_rcu(table, node, key) hlist_add_head_rcu((node), kalloc_hash_chain(table, key))
#define hash_hashed(node)	       (!hlist_unhashed(node))
#define hash_del(node)		       hlist_del_init(node)
#define hash_del_rcu(node)	       hlist_del_init_rcu(node)

#define KALLOC_HASH_CHAINS(table, bucket) \
	for ((bucket) = 0; (bucket) < (int)HASH_SIZE(table); (bucket)++)

/* As with lists, the node had a variable of its own before 3.9. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 9, 0)
#define hash_for_each(table, bucket, node, pos, field) \
	KALLOC_HASH_CHAINS(table, bucket)              \
	hlist_for_each_entry(pos, node, &(table)[bucket], field)
#define hash_for_each_safe(table, bucket, node, later, pos, field) \
	KALLOC_HASH_CHAINS(table, bucket)                          \
	hlist_for_each_entry_safe(pos, node, later, &(table)[bucket], field)
#define hash_for_each_possible(table, pos, node, field, key) \
	hlist_for_each_entry(pos, node, kalloc_hash_chain(table, key), field)
#define hash_for_each_possible_rcu(table, pos, node, field, key) \
	hlist_for_each_entry_rcu(pos, node, kalloc_hash_chain(table, key), field)
#define hash_for_each_possible_safe(table, pos, node, later, field, key) \
	hlist_for_each_entry_safe(pos, node, later, kalloc_hash_chain(table, key), field)
#else
#define hash_for_each(table, bucket, pos, field) \
	KALLOC_HASH_CHAINS(table, bucket)        \
	hlist_for_each_entry(pos, &(table)[bucket], field)
#define hash_for_each_safe(table, bucket, later, pos, field) \
	KALLOC_HASH_CHAINS(table, bucket)                    \
	hlist_for_each_entry_safe(pos, later, &(table)[bucket], field)
#define hash_for_each_possible(table, pos, field, key) \
	hlist_for_each_entry(pos, kalloc_hash_chain(table, key), field)
#define hash_for_each_possible_rcu(table, pos, field, key, ...) \
	hlist_for_each_entry_rcu(pos, kalloc_hash_chain(table, key), field)
#define hash_for_each_possible_safe(table, pos, later, field, key) \
	hlist_for_each_entry_safe(pos, later, kalloc_hash_chain(table, key), field)
#endif

#endif
