/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <kalloc/gfp.h>
#include <kalloc/page.h>

#include "events.h"
#include "memory.h"

void events_init(struct events *events)
{
	*events = (struct events){ 0 };
	events->rows = memory_new(RECORDER_EVENTS, sizeof(*events->rows));
	events->traced = memory_new(RECORDER_TRACED, sizeof(*events->traced));
	json_piece_begin(&events->failures);
}

void events_fini(struct events *events)
{
	for (size_t i = 0; i < RECORDER_TRACED; i++)
		free(events->traced[i].rest);
	free(events->traced);
	free(events->rows);
	free(events->failures.text);
	names_fini(&events->texts);
	names_fini(&events->flags);
}

static int text_number(struct events *events, struct recorder_text text)
{
	return text.text ? (int)names_id(&events->texts, text.text, text.len) : -1;
}

static int gfp_number(struct events *events, gfp_t gfp)
{
	char text[512];
	int len;

	len = snprintf(text, sizeof(text), "0x%x ", gfp);
	kalloc_gfp_show(gfp, text + len, sizeof(text) - (size_t)len);
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
		.gfp = event->has_gfp ? gfp_number(events, event->gfp) : -1,
		.failed = event->failed,
	};
}

void events_add(struct events *events, const struct recorder_event *event)
{
	unsigned long at = events->nr_ops++ % RECORDER_EVENTS;

	events->rows[at] = row_of(events, event);
}

/* --- events of the machine ------------------------------------------------- */

static int field_number(struct events *events, const struct kalloc_trace_event *event,
			unsigned int i)
{
	char text[512];

	kalloc_trace_show_field(event, i, text, sizeof(text));
	return (int)names_id(&events->texts, text, strlen(text));
}

/* Put a field where it has a column. Return: false: it has none. */
static bool put_field(struct events *events, struct event_row *row,
		      const struct kalloc_trace_event *event, unsigned int i)
{
	const char *name = event->fields[i].name;
	long long value = event->fields[i].value;

	if (strcmp(name, "pfn") == 0)
		row->pfn = (unsigned long)value;
	else if (strcmp(name, "order") == 0)
		row->order = (int)value;
	else if (strcmp(name, "bytes_req") == 0)
		row->bytes = (unsigned long)value;
	else if (strcmp(name, "ptr") == 0)
		row->object = (const void *)(uintptr_t)value;
	else if (strcmp(name, "gfp_flags") == 0 || strcmp(name, "gfp_mask") == 0)
		row->gfp = gfp_number(events, (gfp_t)value);
	else if (strcmp(name, "call_site") == 0)
		row->site = field_number(events, event, i);
	else if (strcmp(name, "name") == 0)
		row->owner = field_number(events, event, i);
	else
		return false;
	return true;
}

/* " name=value" of a field. Return: the length of all that stands there. */
static size_t put_rest(char *rest, size_t size, size_t len, const struct kalloc_trace_event *event,
		       unsigned int i)
{
	char value[256];

	if (event->fields[i].as == KALLOC_TRACE_HIDDEN || len >= size)
		return len;
	kalloc_trace_show_field(event, i, value, sizeof(value));
	return len + (size_t)snprintf(rest + len, size - len, "%s%s=%s", len ? " " : "",
				      event->fields[i].name, value);
}

static bool is_of(const struct kalloc_trace_event *event, const char *name)
{
	return strcmp(event->name, name) == 0;
}

/* A request that got nothing. */
static bool has_failed(const struct kalloc_trace_event *event, const struct event_row *row)
{
	if (is_of(event, "mm_page_alloc"))
		return row->pfn == RECORDER_NO_PFN;
	return (is_of(event, "kmalloc") || is_of(event, "kmem_cache_alloc")) && !row->object;
}

void events_trace(struct events *events, const struct kalloc_trace_event *event)
{
	struct traced_row *at = &events->traced[events->nr_traced++ % RECORDER_TRACED];
	struct event_row *row = &at->row;
	char rest[1024] = "";
	size_t len = 0;

	*row = (struct event_row){
		.op = events->nr_ops + 1,
		.pfn = RECORDER_NO_PFN,
		.cpu = (int)event->cpu,
		.order = -1,
		.what = (int)names_id(&events->texts, event->name, strlen(event->name)),
		.owner = -1,
		.site = -1,
		.gfp = -1,
	};
	for (unsigned int i = 0; i < event->nr_fields; i++) {
		if (!put_field(events, row, event, i))
			len = put_rest(rest, sizeof(rest), len, event, i);
	}
	if (row->pfn != RECORDER_NO_PFN && row->order >= 0)
		row->bytes = PAGE_SIZE << row->order;
	row->failed = has_failed(event, row);
	free(at->rest);
	at->rest = memory_new(strlen(rest) + 1, 1);
	strcpy(at->rest, rest);
}

/* --- writing --------------------------------------------------------------- */

static void write_cells(const struct event_row *row, struct json *json)
{
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
}

static void write_row(const char *key, const struct event_row *row, struct json *json)
{
	json_begin(json, key, '[');
	write_cells(row, json);
	json_end(json, ']');
}

/* Those of the operations from @first on. */
static void write_traced(const struct events *events, unsigned long first, struct json *json)
{
	unsigned long kept =
		events->nr_traced < RECORDER_TRACED ? events->nr_traced : RECORDER_TRACED;

	json_begin(json, "traced", '[');
	for (unsigned long i = events->nr_traced - kept; i < events->nr_traced; i++) {
		const struct traced_row *traced = &events->traced[i % RECORDER_TRACED];

		if (traced->row.op < first)
			continue;
		json_begin(json, NULL, '[');
		write_cells(&traced->row, json);
		json_string(json, NULL, traced->rest);
		json_end(json, ']');
	}
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
	write_traced(events, events->nr_ops - kept + 1, json);
	json_number(json, "nr_failures", (long long)events->nr_failures);
	json_begin(json, "failures", '[');
	if (events->failures.len)
		json_raw(json, NULL, events->failures.text, events->failures.len);
	json_end(json, ']');
	write_names(&events->texts, "texts", json);
	write_names(&events->flags, "gfp", json);
}
