/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define MAX_TRACE_ORDER 18

static const struct {
	const char *name;
	enum trace_kind kind;
} known_events[] = {
	{ "kmem_cache_alloc", TRACE_ALLOC },
	{ "kmalloc", TRACE_KMALLOC },
	{ "kfree", TRACE_KFREE },
	{ "kmem_cache_free", TRACE_FREE },
	{ "mm_page_alloc", TRACE_PAGE_ALLOC },
	{ "mm_page_free", TRACE_PAGE_FREE },
	{ "mm_page_free_batched", TRACE_BATCHED },
	{ "kmem_cache_alloc_node", TRACE_ALLOC },
	{ "kmalloc_node", TRACE_KMALLOC },
	{ "mm_page_alloc_zone_locked", TRACE_PAGE_TAKEN },
	{ "mm_page_pcpu_drain", TRACE_INNER },
	{ "mm_page_alloc_extfrag", TRACE_INNER },
	{ "rss_stat", TRACE_INNER },
	{ "tracing_mark_write", TRACE_CALL },
};

#define NR_KNOWN_EVENTS (sizeof(known_events) / sizeof(known_events[0]))

static enum trace_kind kind_of(struct trace_span name)
{
	for (size_t i = 0; i < NR_KNOWN_EVENTS; i++)
		if (strlen(known_events[i].name) == name.len &&
		    memcmp(known_events[i].name, name.text, name.len) == 0)
			return known_events[i].kind;
	return TRACE_UNKNOWN;
}

const char *trace_kind_name(enum trace_kind kind)
{
	for (size_t i = 0; i < NR_KNOWN_EVENTS; i++)
		if (known_events[i].kind == kind)
			return known_events[i].name;
	return "?";
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* "12.345678: name:" at @at, or "12: name:" if @counts? Return: the name, or NULL. */
static const char *skip_stamp(const char *at, bool counts)
{
	size_t digits = strspn(at, "0123456789");
	const char *name = at + digits, *end;

	if (!digits)
		return NULL;
	if (!counts) {
		if (*name != '.')
			return NULL;
		digits = strspn(name + 1, "0123456789");
		name += 1 + digits;
	}
	if (!digits || name[0] != ':' || name[1] != ' ')
		return NULL;
	name += 1 + strspn(name + 1, " ");
	for (end = name; is_name_char(*end); end++)
		;
	return end > name && *end == ':' ? name : NULL;
}

/* The number that ends before @end, blanks left out; -1 if there is none. */
static int read_number_before(const char *line, const char *end)
{
	const char *at;

	while (end > line && end[-1] == ' ')
		end--;
	for (at = end; at > line && isdigit((unsigned char)at[-1]); at--)
		;
	return at < end && end - at < 10 ? atoi(at) : -1;
}

/* The numbers of "1234 [003]": thread and CPU, in the last such column before @end. */
static void read_columns(const char *line, const char *end, struct trace_event *event)
{
	for (const char *at = end; at > line; at--) {
		size_t digits = at[-1] == '[' ? strspn(at, "0123456789") : 0;

		if (digits >= 1 && digits <= 5 && at[digits] == ']') {
			event->cpu = atoi(at);
			event->pid = read_number_before(line, at - 1);
			return;
		}
	}
}

static const char *find_stamp(const char *line, bool counts, struct trace_event *event)
{
	for (const char *at = strchr(line, ' '); at; at = strchr(at + 1, ' ')) {
		const char *name = skip_stamp(at + 1, counts);

		if (name) {
			read_columns(line, at, event);
			return name;
		}
	}
	return NULL;
}

/*
 * Find the event's name. A task's name stands before it and may hold anything, so
 * what counts is a time stamp with a name and a colon behind it. A count is like many
 * another number: there a CPU has to stand before it.
 * Return: the name, or NULL if this is no event line.
 */
static const char *skip_header(const char *line, struct trace_event *event)
{
	const char *name = find_stamp(line, false, event);

	if (name)
		return name;
	name = find_stamp(line, true, event);
	return event->cpu >= 0 ? name : NULL;
}

/* The value of "name=" among the fields; len 0 if it is not there. */
static struct trace_span field(const char *fields, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = fields; *at; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (strncmp(at, name, len) == 0 && at[len] == '=')
			return (struct trace_span){ at + len + 1, strcspn(at + len + 1, " ") };
	}
	return (struct trace_span){ 0 };
}

static bool read_number(struct trace_span span, int base, uint64_t *value)
{
	char *end;

	if (span.len == 0 || !isxdigit((unsigned char)span.text[0]))
		return false;
	errno = 0;
	*value = strtoull(span.text, &end, base);
	return errno == 0 && end == span.text + span.len;
}

static const char *read_ptr(const char *fields, struct trace_event *event)
{
	struct trace_span span = field(fields, "ptr");

	if (span.len == 0)
		return "no field ptr=";
	if (span.text[0] == '(') /* "(null)", "(nil)" */
		return NULL;
	return read_number(span, 16, &event->ptr) ? NULL : "ptr= is not an address";
}

static const char *read_gfp(const char *fields, struct trace_event *event)
{
	struct trace_span span = field(fields, "gfp_flags");
	char text[512];

	if (span.len == 0)
		return "no field gfp_flags=";
	if (span.len >= sizeof(text))
		return "gfp_flags= is too long";
	memcpy(text, span.text, span.len);
	text[span.len] = '\0';
	return kalloc_gfp_parse(text, &event->gfp) == 0 ? NULL : "gfp_flags= names an unknown flag";
}

static const char *read_object(const char *fields, struct trace_event *event)
{
	uint64_t node;

	event->call_site = field(fields, "call_site");
	if (event->call_site.len == 0)
		return "no field call_site=";
	if (!read_number(field(fields, "bytes_req"), 10, &event->bytes_req))
		return "no number bytes_req=";
	if (!read_number(field(fields, "bytes_alloc"), 10, &event->bytes_alloc))
		return "no number bytes_alloc=";
	if (event->bytes_alloc == 0 || event->bytes_req > event->bytes_alloc)
		return "bytes_alloc= is less than bytes_req=";
	if (read_number(field(fields, "node"), 10, &node))
		event->node = (int)node;
	return read_gfp(fields, event);
}

static const char *read_page(const char *fields, struct trace_event *event)
{
	struct trace_span page = field(fields, "page");
	uint64_t order = 0;

	/* Kernels before 4.x print "page=(null) pfn=0" for a failure, later ones zeros. */
	if (page.len == 0)
		return "no field page=";
	if (!read_number(field(fields, "pfn"), 0, &event->pfn))
		return "no number pfn=";
	if (event->pfn >> 52)
		return "pfn= is beyond any machine";
	if (event->kind != TRACE_BATCHED && !read_number(field(fields, "order"), 10, &order))
		return "no number order=";
	if (order > MAX_TRACE_ORDER)
		return "order= is beyond any block";
	event->order = (unsigned int)order;
	return event->kind == TRACE_PAGE_ALLOC ? read_gfp(fields, event) : NULL;
}

static const struct {
	const char *text;
	enum trace_verb verb;
} verbs[] = {
	{ "kmem_cache_exists: ", TRACE_EXISTS },
	{ "kmem_cache_create: ", TRACE_CREATE },
	{ "kmem_cache_destroy: ", TRACE_DESTROY },
	{ "kmem_cache_shrink: ", TRACE_SHRINK },
};

/* Numbers that are not there are 0. */
static const char *read_call(const char *fields, struct trace_call *call)
{
	static const char name[] = " name=";
	const char *last = strstr(fields, name);

	if (!read_number(field(fields, "id"), 10, &call->id) || !call->id)
		return "no number id=";
	if (!last || !last[sizeof(name) - 1])
		return "no field name=";
	/* The last field: blanks are part of it. */
	call->name.text = last + sizeof(name) - 1;
	call->name.len = strlen(call->name.text);
	read_number(field(fields, "size"), 10, &call->size);
	read_number(field(fields, "align"), 10, &call->align);
	read_number(field(fields, "flags"), 0, &call->flags);
	read_number(field(fields, "useroffset"), 10, &call->useroffset);
	read_number(field(fields, "usersize"), 10, &call->usersize);
	read_number(field(fields, "ctor"), 10, &call->ctor);
	read_number(field(fields, "slab_size"), 10, &call->slab_size);
	read_number(field(fields, "users"), 10, &call->users);
	return NULL;
}

/* Return: what stands behind @mark at the beginning of @text, or NULL. */
static const char *behind(const char *text, const char *mark)
{
	size_t len = strlen(mark);

	return strncmp(text, mark, len) == 0 ? text + len : NULL;
}

static const char *read_mark(const char *text, struct trace_event *event)
{
	const char *fields, *rest, *wrong;

	text += strspn(text, " ");
	fields = behind(text, "kmem_cache_alloc: ");
	if (fields) {
		event->kind = TRACE_NAME;
		wrong = read_ptr(fields, event);
		return wrong ? wrong : read_call(fields, &event->call);
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]) && !fields; i++) {
		fields = behind(text, verbs[i].text);
		event->call.verb = verbs[i].verb;
	}
	if (!fields) {
		event->kind = TRACE_UNKNOWN;
		return NULL;
	}
	rest = behind(fields, "end ");
	event->call.is_end = rest != NULL;
	return read_call(rest ? rest : fields, &event->call);
}

static const char *read_fields(const char *fields, struct trace_event *event)
{
	const char *wrong;

	switch (event->kind) {
	case TRACE_KMALLOC:
	case TRACE_ALLOC:
		wrong = read_ptr(fields, event);
		return wrong ? wrong : read_object(fields, event);
	case TRACE_FREE:
		event->cache = field(fields, "name");
		return read_ptr(fields, event);
	case TRACE_KFREE:
		return read_ptr(fields, event);
	case TRACE_PAGE_ALLOC:
	case TRACE_PAGE_FREE:
	case TRACE_PAGE_TAKEN:
	case TRACE_BATCHED:
		return read_page(fields, event);
	case TRACE_CALL:
		return read_mark(fields, event);
	default:
		return NULL;
	}
}

static const char *read_text(const char *line, struct trace_event *event)
{
	const char *lost = strstr(line, "[LOST ");

	if (!lost)
		return NULL;
	event->kind = TRACE_LOST;
	event->lost = strtoull(lost + 6, NULL, 10);
	return NULL;
}

const char *trace_parse(const char *line, struct trace_event *event)
{
	const char *name, *colon;

	*event = (struct trace_event){ .kind = TRACE_TEXT, .cpu = -1, .pid = -1, .node = -1 };
	if (line[0] == '#')
		return NULL;
	name = skip_header(line, event);
	if (!name)
		return read_text(line, event);
	colon = strchr(name, ':');
	if (is_name_char(colon[1])) { /* perf: "kmem:kmalloc:" */
		name = colon + 1;
		colon = name + strcspn(name, ": ");
		if (*colon != ':')
			return "no colon behind its name";
	}
	event->name = (struct trace_span){ name, (size_t)(colon - name) };
	event->kind = kind_of(event->name);
	return read_fields(colon + 1, event);
}
