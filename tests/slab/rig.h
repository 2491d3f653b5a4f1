/* SPDX-License-Identifier: MIT */
/* What the slab tests share: a machine of their own and what it says. */
#ifndef TEST_SLAB_RIG_H
#define TEST_SLAB_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/slab.h>

#include "slab/cache.h"
#include "slab/slab.h"
#include "slab/slab_struct.h"

#define SAID_MAX 65536

static char said[SAID_MAX];
static size_t said_len;

static inline void rig_listen(void *ctx, const char *text)
{
	(void)ctx;
	said_len += (size_t)snprintf(said + said_len, sizeof(said) - said_len, "%s", text);
	if (said_len >= sizeof(said))
		said_len = sizeof(said) - 1;
}

static inline void rig_hush(void)
{
	said_len = 0;
	said[0] = '\0';
}

/* Boot a machine, enter it, and listen; the calling thread is on CPU 0. */
static inline struct kalloc_machine *rig_boot(const char *cmdline)
{
	struct kalloc_machine *m;

	rig_hush();
	kalloc_set_console(rig_listen, NULL);
	kalloc_set_cpu(0);
	m = kalloc_boot(cmdline);
	if (!m)
		fail_msg("%s: %s", cmdline, said);
	kalloc_enter(m);
	return m;
}

static inline void rig_halt(struct kalloc_machine *m)
{
	kalloc_enter(NULL);
	kalloc_halt(m);
	kalloc_set_console(NULL, NULL);
}

/* A test of what lies below the fronts says "off" before it includes this. */
#ifndef RIG_SHEAVES
#define RIG_SHEAVES "on"
#endif

#define DEFAULT_RIG "mem=64M nr_cpus=1 slab_nomerge kalloc.sheaves=" RIG_SHEAVES

static inline int rig_setup(void **state)
{
	*state = rig_boot(DEFAULT_RIG);
	return 0;
}

static inline int rig_teardown(void **state)
{
	rig_halt(*state);
	return 0;
}

#define rig_test(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

/* The cache that an object is from; NULL if from none. */
static inline struct kmem_cache *rig_cache_of(const void *object)
{
	struct slab *slab = slab_of(machine_of(object), object);

	return slab ? slab->slab_cache : NULL;
}

/* Find what slab_walk() says of a cache by name. */
struct rig_look {
	const char *name;
	struct slab_info info;
	bool found;
};

static inline void rig_look_at(void *ctx, const struct slab_info *info)
{
	struct rig_look *look = ctx;

	if (!strcmp(info->name, look->name)) {
		look->info = *info;
		look->found = true;
	}
}

static inline struct slab_info rig_info(struct kalloc_machine *m, const char *name)
{
	struct rig_look look = { .name = name };

	slab_walk(m, rig_look_at, &look);
	if (!look.found)
		fail_msg("no cache %s", name);
	return look.info;
}

/* Every cache of the machine is sound. */
static inline void rig_all_ok(struct kalloc_machine *m)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &m->slab->slab_caches, list) {
		if (!cache_ok(s))
			fail_msg("cache %s is not sound", s->name);
	}
}

#endif
