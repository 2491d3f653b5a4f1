/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "learn.h"
#include "memory.h"

#define LEARN_KMALLOC UINT64_MAX

static void take_alloc(struct plan *plan, struct learn *learn, const struct trace_event *event)
{
	struct table_slot *slot;
	uint64_t kind = LEARN_KMALLOC;

	if (!event->ptr)
		return;
	if (event->kind == TRACE_ALLOC)
		kind = caches_site(&plan->caches, event) + 1;
	slot = table_put(&learn->objects, event->ptr);
	if (slot->value)
		gaps_add(&learn->gaps, slot->extra, plan->nr_events);
	slot->value = kind;
	slot->extra = plan->nr_events;
}

static void take_free(struct plan *plan, struct learn *learn, const struct trace_event *event)
{
	struct table_slot *slot = event->ptr ? table_find(&learn->objects, event->ptr) : NULL;

	if (!slot || !slot->value)
		return;
	if (slot->value != LEARN_KMALLOC && event->kind == TRACE_FREE)
		caches_learn(&plan->caches, slot->value - 1, event->cache);
	slot->value = 0;
	slot->extra = plan->nr_events;
}

static void take_page_alloc(struct plan *plan, struct learn *learn, const struct trace_event *event)
{
	size_t i = learn->nr_pages++;
	struct table_slot *slot;

	learn->page_events = memory_grow(learn->page_events, &learn->events_capacity, i + 1,
					 sizeof(*learn->page_events));
	learn->page_frames = memory_grow(learn->page_frames, &learn->frames_capacity, i + 1,
					 sizeof(*learn->page_frames));
	if (event->pfn) {
		plan->nr_pages += 1ull << event->order;
		slot = table_put(&learn->pages, event->pfn + 1);
		if (slot->value)
			gaps_add(&learn->gaps, slot->extra, plan->nr_events);
		slot->value = 1;
		slot->extra = plan->nr_events;
		if (event->pfn + (1ull << event->order) - 1 > plan->top_pfn)
			plan->top_pfn = event->pfn + (1ull << event->order) - 1;
	}
	learn->page_events[i] = plan->nr_events;
	learn->page_frames[i] = plan->nr_pages;
}

static void take_page_free(struct learn *learn, const struct trace_event *event)
{
	struct table_slot *slot = table_find(&learn->pages, event->pfn + 1);

	if (slot)
		slot->value = 0;
}

/* A cache that is made in the course of the trace is not made before it. */
static void take_call(struct plan *plan, const struct trace_event *event)
{
	size_t id = caches_id(&plan->caches, event->cache.text, event->cache.len);

	if (event->call.verb == TRACE_CREATE || event->call.verb == TRACE_EXISTS)
		plan->caches.list[id].is_made = true;
}

void learn_take(struct plan *plan, void *reader, const struct trace_event *event)
{
	struct learn *learn = reader;

	linear_learn(&plan->linear, event);
	if (event->cpu >= 0 && (unsigned int)event->cpu > learn->top_cpu)
		learn->top_cpu = (unsigned int)event->cpu;
	switch (event->kind) {
	case TRACE_KMALLOC:
	case TRACE_ALLOC:
		take_alloc(plan, learn, event);
		break;
	case TRACE_KFREE:
	case TRACE_FREE:
		take_free(plan, learn, event);
		break;
	case TRACE_PAGE_ALLOC:
		take_page_alloc(plan, learn, event);
		break;
	case TRACE_PAGE_FREE:
		take_page_free(learn, event);
		break;
	case TRACE_CALL:
		take_call(plan, event);
		break;
	default:
		break;
	}
	plan->nr_events++;
}

/*
 * The event at which the state "before" was taken, by the kernel's own counters:
 * as many frames were allocated from there to "after" as the counters differ.
 * What the recorder did not see (its own work) makes this too early, never too late.
 */
static uint64_t event_by_counters(const struct plan *plan, const struct learn *learn)
{
	size_t i = learn->nr_pages;

	while (i > 0 && plan->nr_pages - learn->page_frames[i - 1] < plan->pages_between)
		i--;
	return i ? learn->page_events[i - 1] : 0;
}

static void find_before(struct plan *plan, const struct learn *learn)
{
	const struct state *before = states_find(&plan->states, "before");
	const struct state *after = states_find(&plan->states, "after");
	unsigned long long first, last;

	if (!state_text(before, "slabinfo") || !state_counter(before, "pgalloc_", &first) ||
	    !state_counter(after, "pgalloc_", &last) || last < first)
		return;
	plan->has_before = true;
	plan->pages_between = last - first;
	plan->before_event = event_by_counters(plan, learn);
}

void learn_end(struct plan *plan, void *reader, struct log *log)
{
	struct learn *learn = reader;

	plan->states = log->states;
	log->states = (struct states){ 0 };
	plan->cmdline = log->cmdline;
	log->cmdline = NULL;
	if (plan->cmdline)
		linear_tell(&plan->linear, log->linear);
	plan->nr_cpus = log->nr_cpus ? log->nr_cpus : learn->top_cpu + 1;
	plan->lost = log->lost + (log->written > log->buffered ? log->written - log->buffered : 0);
	find_before(plan, learn);
	plan->pause_gaps = gaps_pause(&learn->gaps, plan->before_event, &plan->pause);
	if (plan->has_before && plan->pause_gaps && plan->pause.from > plan->before_event)
		plan->before_event = plan->pause.from;
}

void learn_fini(struct learn *learn)
{
	table_fini(&learn->objects);
	table_fini(&learn->pages);
	gaps_fini(&learn->gaps);
	free(learn->page_events);
	free(learn->page_frames);
}
