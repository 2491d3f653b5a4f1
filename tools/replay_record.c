/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <kalloc/page.h>

#include "replay_record.h"

static bool is_pages(enum tally_reason reason, const struct trace_event *event)
{
	return reason == TALLY_PAGE_ALLOC || reason == TALLY_PAGE_FREE ||
	       event->kind == TRACE_PAGE_ALLOC;
}

/* The cache of a trace's object, by its name there. */
static struct recorder_text owner_of(const struct player *player, const struct trace_event *event)
{
	struct caches *caches = &player->plan->caches;
	const char *name;

	if (event->cache.len)
		return (struct recorder_text){ event->cache.text, event->cache.len };
	if (event->kind == TRACE_KMALLOC)
		name = caches->list[caches_kmalloc(caches, event)].name;
	else if (event->kind == TRACE_ALLOC)
		name = caches->list[caches->sites[caches_site(caches, event)].cache].name;
	else
		return (struct recorder_text){ 0 };
	return (struct recorder_text){ name, strlen(name) };
}

static unsigned long pfn_of(const void *object)
{
	return page_to_pfn(virt_to_page(object));
}

/* The order of the least that can hold so many bytes. */
static unsigned int order_of(unsigned long bytes)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < bytes)
		order++;
	return order;
}

static struct recorder_event translate(const struct player *player, const struct trace_event *event,
				       enum tally_reason reason)
{
	const void *twin = (const void *)(uintptr_t)player->twin;
	const char *name = trace_kind_name(event->kind);
	struct recorder_event told = {
		.what = { name, strlen(name) },
		.owner = owner_of(player, event),
		.site = { event->call_site.text, event->call_site.len },
		.cpu = event->cpu,
		.pfn = RECORDER_NO_PFN,
		.order = -1,
		.bytes = event->bytes_req,
		.gfp = event->gfp,
		.has_gfp = event->kind == TRACE_KMALLOC || event->kind == TRACE_ALLOC ||
			   event->kind == TRACE_PAGE_ALLOC,
		.failed = reason == TALLY_NO_MEMORY,
	};

	if (is_pages(reason, event)) {
		told.order = (int)event->order;
		told.bytes = PAGE_SIZE << event->order;
		if (twin)
			told.pfn = page_to_pfn(twin);
	} else if (twin) {
		told.object = twin;
		told.pfn = pfn_of(twin);
	}
	return told;
}

void replay_record(struct recorder *recorder, const struct player *player,
		   const struct trace_event *event, enum tally_reason reason)
{
	struct recorder_event told;

	if (!recorder || (reason > TALLY_PAGE_FREE && reason != TALLY_NO_MEMORY))
		return;
	told = translate(player, event, reason);
	recorder_event(recorder, &told);
	if (told.failed)
		recorder_failure(recorder,
				 &(struct recorder_failure){
					 .event = &told,
					 .order = told.order < 0 ? order_of(event->bytes_alloc)
								 : (unsigned int)told.order,
				 });
}
