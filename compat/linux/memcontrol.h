/* SPDX-License-Identifier: MIT */
/* There are no memory cgroups. */
#ifndef _LINUX_MEMCONTROL_H
#define _LINUX_MEMCONTROL_H

#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/vmstat.h>

struct mem_cgroup;
struct obj_cgroup;

#define root_mem_cgroup		   ((struct mem_cgroup *)NULL)

#define mem_cgroup_sockets_enabled 0

static inline bool mem_cgroup_under_socket_pressure(struct mem_cgroup *memcg)
{
	return false;
}

static inline bool mem_cgroup_disabled(void)
{
	return true;
}

static inline bool mem_cgroup_is_root(struct mem_cgroup *memcg)
{
	return true;
}

static inline int memcg_kmem_id(struct mem_cgroup *memcg)
{
	return -1;
}

static inline bool memcg_kmem_online(void)
{
	return false;
}

static inline bool memcg_bpf_enabled(void)
{
	return false;
}

static inline struct mem_cgroup *mem_cgroup_from_slab_obj(void *object)
{
	return NULL;
}

/* Which groups a shrinker is to be asked of: there is one. */
static inline void set_shrinker_bit(struct mem_cgroup *memcg, int nid, int shrinker_id)
{
}

static inline void mem_cgroup_put(struct mem_cgroup *memcg)
{
}

#endif
