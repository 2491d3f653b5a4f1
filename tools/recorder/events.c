/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <kalloc/gfp.h>

#include "events.h"
#include "memory.h"

void events_init(struct events *events)
{
	*events = (struct events){ 0 };
	events->rows = memory_new(RECORDER_EVENTS, sizeof(*events->rows));
	json_piece_begin(&events->failures);
}

void events_fini(struct events *events)
{
	free(events->rows);
	free(events->failures.text);
	names_fini(&events->texts);
	names_fini(&events->flags);
}

static int text_number(struct events *events, struct recorder_text text)
{
	return text.text ? (int)names_id(&events->texts, text.text, text.len) : -1;
}

static int gfp_number(struct events *events, const struct recorder_event *event)
{
	char text[512];
	int len;

	if (!event->has_gfp)
		return -1;
	len = snprintf(text, sizeof(text), "0x%x ", event->gfp);
	kalloc_gfp_show(event->gfp, text + len, sizeof(text) - (size_t)len);
	return (int)names_id(&events->flags, text, strlen(text));
}

static struct event_row row_of(struct events *events, const struct recorder_event *event)
{
	return (struct event_row){
		.op = events->nr_ops,
		.pfn = event->pfn,
		.bytes = event->bytes,
		.object = event->object,
		.cpu = event->cpu,
		.order = event->order,
		.what = text_number(events, event->what),
		.owner = text_number(events, event->owner),
		.site = text_number(events, event->site),
		.gfp = gfp_number(events, event),
		.failed = event->failed,
	};
}

void events_add(struct events *events, const struct recorder_event *event)
{
	unsigned long at = events->nr_ops++ % RECORDER_EVENTS;

	events->rows[at] = row_of(events, event);
}

static void write_row(const char *key, const struct event_row *row, struct json *json)
{
	json_begin(json, key, '[');
	json_number(json, NULL, (long long)row->op);
	json_number(json, NULL, row->what);
	json_number(json, NULL, row->cpu);
	json_number(json, NULL, row->pfn == RECORDER_NO_PFN ? -1 : (long long)row->pfn);
	json_number(json, NULL, row->order);
	json_number(json, NULL, (long long)row->bytes);
	json_number(json, NULL, row->gfp);
	json_number(json, NULL, row->owner);
	json_number(json, NULL, row->site);
	json_number(json, NULL, row->failed);
	if (row->object)
		json_address(json, NULL, row->object);
	else
		json_string(json, NULL, "");
	json_end(json, ']');
}

void events_fail(struct events *events, const struct recorder_failure *failure, unsigned long step,
		 const char *why)
{
	struct event_row row = row_of(events, failure->event);
	struct json *json = &events->failures.json;

	if (events->nr_failures++ >= RECORDER_FAILURES)
		return;
	json_begin(json, NULL, '{');
	json_number(json, "step", (long long)step);
	json_number(json, "order", failure->order);
	write_row("event", &row, json);
	json_string(json, "why", why);
	json_end(json, '}');
}

static void write_names(const struct names *names, const char *key, struct json *json)
{
	json_begin(json, key, '[');
	for (size_t i = 0; i < names->count; i++)
		json_string(json, NULL, names->texts[i]);
	json_end(json, ']');
}

void events_write(struct events *events, struct json *json)
{
	unsigned long kept = events->nr_ops < RECORDER_EVENTS ? events->nr_ops : RECORDER_EVENTS;

	json_piece_end(&events->failures);
	json_number(json, "nr_ops", (long long)events->nr_ops);
	json_begin(json, "events", '[');
	for (unsigned long op = events->nr_ops - kept; op < events->nr_ops; op++)
		write_row(NULL, &events->rows[op % RECORDER_EVENTS], json);
	json_end(json, ']');
	json_number(json, "nr_failures", (long long)events->nr_failures);
	json_begin(json, "failures", '[');
	if (events->failures.len)
		json_raw(json, NULL, events->failures.text, events->failures.len);
	json_end(json, ']');
	write_names(&events->texts, "texts", json);
	write_names(&events->flags, "gfp", json);
}
