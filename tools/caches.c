/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/slab.h>

#include "caches.h"
#include "memory.h"
#include "slabinfo.h"

static const struct {
	const char *prefix;
	gfp_t gfp;
} kmalloc_types[] = {
	{ "kmalloc-rcl-", __GFP_RECLAIMABLE },
	{ "kmalloc-cg-", __GFP_ACCOUNT },
	{ "dma-kmalloc-", __GFP_DMA },
	{ "kmalloc-", 0 },
};

/* Name the class as slabinfo does, "kmalloc-cg-1k"; what is no class is kept apart. */
size_t caches_kmalloc(struct caches *caches, const struct trace_event *event)
{
	unsigned long size = event->bytes_alloc;
	const char *prefix = "kmalloc-";
	char name[64];
	int len;

	if (size > KMALLOC_MAX_CACHE_SIZE)
		return caches_id(caches, CACHES_LARGE, strlen(CACHES_LARGE));
	if (event->gfp & __GFP_DMA)
		prefix = "dma-kmalloc-";
	else if (event->gfp & __GFP_RECLAIMABLE)
		prefix = "kmalloc-rcl-";
	else if (event->gfp & __GFP_ACCOUNT)
		prefix = "kmalloc-cg-";
	if (size >= 1024 && size % 1024 == 0)
		len = snprintf(name, sizeof(name), "%s%luk", prefix, size / 1024);
	else
		len = snprintf(name, sizeof(name), "%s%lu", prefix, size);
	return caches_id(caches, name, (size_t)len);
}

static void classify(struct cache *cache)
{
	for (size_t i = 0; i < sizeof(kmalloc_types) / sizeof(kmalloc_types[0]); i++) {
		const char *prefix = kmalloc_types[i].prefix;
		char *unit;

		if (strncmp(cache->name, prefix, strlen(prefix)) != 0)
			continue;
		cache->kind = CACHE_KMALLOC;
		cache->kmalloc_gfp = kmalloc_types[i].gfp;
		cache->size = strtoul(cache->name + strlen(prefix), &unit, 10);
		if (*unit == 'k')
			cache->size *= 1024;
		return;
	}
	if (strcmp(cache->name, CACHES_LARGE) == 0)
		cache->kind = CACHE_LARGE;
	if (strcmp(cache->name, CACHES_CALL) == 0)
		cache->kind = CACHE_CALL;
}

size_t caches_id(struct caches *caches, const char *name, size_t len)
{
	size_t known = caches->names.count;
	size_t id = names_id(&caches->names, name, len);

	if (id < known)
		return id;
	caches->list = memory_grow(caches->list, &caches->capacity, id + 1, sizeof(*caches->list));
	caches->list[id] = (struct cache){ .name = caches->names.texts[id] };
	classify(&caches->list[id]);
	return id;
}

size_t caches_site(struct caches *caches, const struct trace_event *event)
{
	size_t known = caches->site_names.count, id;
	char text[512];
	int len = snprintf(text, sizeof(text), "%.*s %llu %llu %.*s", (int)event->call_site.len,
			   event->call_site.text, (unsigned long long)event->bytes_req,
			   (unsigned long long)event->bytes_alloc, (int)event->cache.len,
			   event->cache.text ? event->cache.text : "");

	if (len >= (int)sizeof(text))
		len = (int)sizeof(text) - 1;
	id = names_id(&caches->site_names, text, (size_t)len);
	if (id < known)
		return id;
	caches->sites =
		memory_grow(caches->sites, &caches->sites_capacity, id + 1, sizeof(*caches->sites));
	caches->sites[id] = (struct site){ .cache = CACHES_NONE, .size = event->bytes_alloc };
	if (event->cache.len) {
		caches->sites[id].cache = caches_id(caches, event->cache.text, event->cache.len);
		caches->list[caches->sites[id].cache].size = event->bytes_alloc;
		caches->by_mark++;
	}
	return id;
}

void caches_learn(struct caches *caches, size_t site, struct trace_span name)
{
	size_t cache;

	if (name.len == 0)
		return;
	cache = caches_id(caches, name.text, name.len);
	if (caches->sites[site].cache == cache)
		return;
	if (caches->sites[site].cache != CACHES_NONE) {
		caches->conflicts++;
		return;
	}
	caches->sites[site].cache = cache;
	caches->by_name++;
	if (!caches->list[cache].size)
		caches->list[cache].size = caches->sites[site].size;
}

void caches_mark_before(struct caches *caches)
{
	for (size_t i = 0; i < caches->site_names.count; i++)
		caches->sites[i].live_before = caches->sites[i].live;
	for (size_t i = 0; i < caches->names.count; i++)
		caches->list[i].live_before = caches->list[i].kmalloc_live;
}

unsigned long caches_born_before(const struct cache *cache)
{
	return cache->active_before > cache->live_before ? cache->active_before - cache->live_before
							 : 0;
}

static void read_slabinfo(struct caches *caches, const char *slabinfo)
{
	struct slabinfo_row row;

	while (slabinfo && slabinfo_next(&slabinfo, &row)) {
		size_t id = caches_id(caches, row.name, strlen(row.name));

		caches->list[id].size = row.size;
		caches->list[id].active_before = row.active_objects;
	}
}

/* Rule 2. Return: CACHES_NONE if slabinfo does not help. */
static size_t find_by_size(const struct caches *caches, unsigned long size)
{
	size_t candidates = 0, best = CACHES_NONE;
	unsigned long most = 0;

	for (size_t i = 0; i < caches->names.count; i++) {
		const struct cache *cache = &caches->list[i];

		if (cache->kind != CACHE_SLAB || cache->size != size)
			continue;
		candidates++;
		if (caches_born_before(cache) > most || best == CACHES_NONE) {
			most = caches_born_before(cache);
			best = i;
		}
	}
	return most > 0 || candidates == 1 ? best : CACHES_NONE;
}

/* Rule 3: "mempool_init_node+0x9a/0xd0" with 320 bytes becomes "mempool_init_node-320". */
static size_t make_by_site(struct caches *caches, size_t site)
{
	const char *call_site = caches->site_names.texts[site];
	char name[64];
	int len = snprintf(name, sizeof(name), "%.40s", call_site);
	size_t id;

	len = (int)strcspn(name, "+ .");
	len += snprintf(name + len, sizeof(name) - (size_t)len, "-%lu", caches->sites[site].size);
	id = caches_id(caches, name, (size_t)len);
	caches->list[id].size = caches->sites[site].size;
	return id;
}

static void settle_site(struct caches *caches, size_t site)
{
	size_t cache = find_by_size(caches, caches->sites[site].size);

	if (cache != CACHES_NONE) {
		caches->by_size++;
	} else {
		cache = make_by_site(caches, site);
		caches->by_site++;
	}
	caches->sites[site].cache = cache;
	caches->list[cache].live_before += caches->sites[site].live_before;
}

static size_t largest_open(const struct caches *caches)
{
	size_t largest = CACHES_NONE;

	for (size_t i = 0; i < caches->site_names.count; i++) {
		if (caches->sites[i].cache != CACHES_NONE)
			continue;
		if (largest == CACHES_NONE ||
		    caches->sites[i].live_before > caches->sites[largest].live_before)
			largest = i;
	}
	return largest;
}

void caches_settle(struct caches *caches, const char *slabinfo)
{
	size_t site;

	read_slabinfo(caches, slabinfo);
	for (size_t i = 0; i < caches->site_names.count; i++)
		if (caches->sites[i].cache != CACHES_NONE)
			caches->list[caches->sites[i].cache].live_before +=
				caches->sites[i].live_before;
	/* The site with the most objects has the clearest evidence, so it chooses first. */
	while ((site = largest_open(caches)) != CACHES_NONE)
		settle_site(caches, site);
}

void caches_fini(struct caches *caches)
{
	names_fini(&caches->names);
	names_fini(&caches->site_names);
	free(caches->list);
	free(caches->sites);
	*caches = (struct caches){ 0 };
}
