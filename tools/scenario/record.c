/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "record.h"

static struct recorder_text text_of(const char *text)
{
	return (struct recorder_text){ text, strlen(text) };
}

struct recorder_event record_of(const char *verb, const struct thing *thing)
{
	struct recorder_event event = {
		.what = text_of(verb), .cpu = -1, .pfn = RECORDER_NO_PFN, .order = -1
	};

	if (thing->from && thing->from->kind == THING_CACHE && thing->from->alive)
		event.owner = text_of(kmem_cache_name(thing->from->at));
	switch (thing->kind) {
	case THING_PAGES:
		event.pfn = thing->pfn;
		event.order = (int)thing->order;
		event.bytes = PAGE_SIZE << thing->order;
		break;
	case THING_RANGE:
		event.pfn = thing->pfn;
		event.bytes = thing->size * PAGE_SIZE;
		break;
	case THING_MEMORY:
	case THING_AREA:
		event.object = thing->at;
		event.bytes = thing->size;
		if (!is_vmalloc_addr(thing->at) && !ZERO_OR_NULL_PTR(thing->at))
			event.pfn = page_to_pfn(virt_to_page(thing->at));
		break;
	case THING_CACHE:
		event.owner = text_of(kmem_cache_name(thing->at));
		break;
	default:
		break;
	}
	return event;
}

static const struct param *param_named(const struct verb *verb, const char *name)
{
	for (size_t i = 0; i < VERB_PARAMS_MAX && verb->params[i].name; i++)
		if (strcmp(verb->params[i].name, name) == 0)
			return &verb->params[i];
	return NULL;
}

static unsigned int order_of(unsigned long bytes)
{
	unsigned int order = 0;

	while (order < 31 && PAGE_SIZE << order < bytes)
		order++;
	return order;
}

/* The order of the block that a request which failed was about. */
static unsigned int order_asked(const struct args *args)
{
	if (param_named(args->verb, "order"))
		return (unsigned int)args_number(args, "order");
	return param_named(args->verb, "size") ? order_of((unsigned long)args_number(args, "size"))
					       : 0;
}

void record_event(struct session *session, const struct recorder_event *event)
{
	if (!session->recorder)
		return;
	session_poll(session);
	recorder_event(session->recorder, event);
}

void record_call(struct session *session, const struct args *args, struct value result)
{
	const struct thing nothing = { .kind = NR_THING_KINDS };
	bool is_request = param_named(args->verb, "gfp");
	struct recorder_event event;

	if (!session->recorder || args->verb->is_aside || args->verb->needs_no_machine)
		return;
	event = record_of(args->verb->name, result.kind == VALUE_THING ? result.thing : &nothing);
	event.has_gfp = is_request;
	event.gfp = is_request ? (gfp_t)args_number(args, "gfp") : 0;
	event.failed = is_request && result.kind == VALUE_NULL;
	record_event(session, &event);
	if (event.failed)
		recorder_failure(session->recorder,
				 &(struct recorder_failure){ .event = &event,
							     .order = order_asked(args) });
}
