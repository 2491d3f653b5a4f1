/* SPDX-License-Identifier: MIT */
/*
 * What is allocated, by libkalloc's own count: objects of each cache, from /proc/slabinfo
 * after all of them were told to give back what is free; vmalloc areas; frames that are in
 * use by nobody but their user; per-CPU areas. What there was at the beginning is not told.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kalloc/inspect.h>
#include <kalloc/kalloc.h>
#include <kalloc/vmalloc.h>

#include "core.h"

#define NAME_MAX_LEN 64

/* Caches of the library's own. */
static const char *const own[] = { "kmem_cache_node" };

struct cache {
	struct list_head list;
	char name[NAME_MAX_LEN];
	long nr; /* at the beginning, and names of caches since */
};

static LIST_HEAD(caches);
static long first_areas, first_frames, first_percpu;

char *live_file(const char *path)
{
	long bytes = kalloc_read(path, NULL, 0);
	char *text;

	if (bytes < 0)
		return NULL;
	text = host_zalloc((unsigned long)bytes + 256);
	kalloc_read(path, text, (unsigned long)bytes + 256);
	return text;
}

static bool is_own(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (!strcmp(own[i], name))
			return true;
	return false;
}

static void cache_shrink(const char *name)
{
	char path[NAME_MAX_LEN + 40];
	char *slash;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", name);
	slash = path + strlen("/sys/kernel/slab/");
	while ((slash = strchr(slash, '/')) && strcmp(slash, "/shrink"))
		*slash = '!';
	kalloc_write(path, "1");
}

/* The next line of slabinfo: "name active_objs ...". */
static char *slabinfo_next(char *line, char *name, long *nr)
{
	char *end;

	while (line && *line) {
		int fields = sscanf(line, "%63s %ld", name, nr);

		end = strchr(line, '\n');
		line = end ? end + 1 : NULL;
		if (fields == 2 && *name != '#')
			return line ? line : (char *)"";
	}
	return NULL;
}

static struct cache *cache_find(const char *name)
{
	struct cache *cache;

	list_for_each_entry(cache, &caches, list)
		if (!strcmp(cache->name, name))
			return cache;
	return NULL;
}

/* The library keeps the name of @cache in memory from kmalloc: that is not the program's. */
static void name_forgive(const char *cache)
{
	char name[NAME_MAX_LEN];
	struct cache *holder;

	snprintf(name, sizeof(name), "kmalloc-%zu", kmalloc_size_roundup(strlen(cache) + 1));
	holder = cache_find(name);
	if (holder)
		holder->nr++;
}

static struct cache *cache_add(const char *name, long nr)
{
	struct cache *cache = host_zalloc(sizeof(*cache));

	strscpy(cache->name, name, sizeof(cache->name));
	cache->nr = nr;
	list_add_tail(&cache->list, &caches);
	return cache;
}

/* Have what is free shown as free. @since_boot: caches that are new are noted. */
static void caches_shrink(bool since_boot)
{
	char *text = live_file("/proc/slabinfo"), *line = text;
	char name[NAME_MAX_LEN];
	long nr;

	while ((line = slabinfo_next(line, name, &nr))) {
		cache_shrink(name);
		if (since_boot && !cache_find(name)) {
			cache_add(name, 0);
			name_forgive(name);
		}
	}
	host_free(text);
}

/* Lines of vmallocinfo: one for each area. */
static long areas_count(void)
{
	char *text = live_file("/proc/vmallocinfo"), *at = text;
	long nr = 0;

	while (at && (at = strchr(at, '\n'))) {
		nr++;
		at++;
	}
	host_free(text);
	return nr;
}

static void frame_count(void *ctx, const struct kalloc_block *block)
{
	if (block->state == KALLOC_FRAMES_USED)
		*(long *)ctx += 1L << block->order;
}

static long frames_count(void)
{
	long nr = 0;

	kalloc_inspect_frames(frame_count, &nr);
	return nr;
}

void live_boot(void)
{
	char *text, *line, name[NAME_MAX_LEN];
	long nr;

	caches_shrink(false);
	text = line = live_file("/proc/slabinfo");
	while ((line = slabinfo_next(line, name, &nr)))
		cache_add(name, nr);
	host_free(text);
	first_areas = areas_count();
	first_frames = frames_count();
	first_percpu = percpu_live();
}

/* @kind: of sites; NULL: @what is a cache. */
static long tell(const char *what, long nr, const void *kind)
{
	if (nr) {
		printk("kalloc: live: %s %ld\n", what, nr);
		sites_tell(kind, what);
	}
	return nr > 0 ? nr : 0;
}

long live_report(void)
{
	char *text, *line;
	char name[NAME_MAX_LEN];
	long nr, live = 0;

	vm_unmap_aliases(); /* areas that were freed keep their records till then */
	caches_shrink(true);
	sites_end();
	text = line = live_file("/proc/slabinfo");
	while ((line = slabinfo_next(line, name, &nr))) {
		struct cache *cache = cache_find(name);

		if (!is_own(name))
			live += tell(name, nr - (cache ? cache->nr : 0), NULL);
	}
	host_free(text);
	live += tell("vmalloc areas", areas_count() - first_areas, sites_areas);
	live += tell("frames", frames_count() - first_frames, sites_frames);
	return live + tell("per-CPU areas", percpu_live() - first_percpu, sites_percpu);
}
