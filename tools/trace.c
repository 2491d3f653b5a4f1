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

/* "12.345678: name:" at @at? Return: the name, or NULL. */
static const char *skip_stamp(const char *at)
{
	const char *dot = at + strspn(at, "0123456789");
	const char *name, *end;

	if (dot == at || *dot != '.')
		return NULL;
	name = dot + 1 + strspn(dot + 1, "0123456789");
	if (name == dot + 1 || name[0] != ':' || name[1] != ' ')
		return NULL;
	name += 1 + strspn(name + 1, " ");
	for (end = name; is_name_char(*end); end++)
		;
	return end > name && *end == ':' ? name : NULL;
}

/* The number in "[003]", the last such column before @end; -1 if there is none. */
static int read_cpu(const char *line, const char *end)
{
	for (const char *at = end; at > line; at--) {
		size_t digits = at[-1] == '[' ? strspn(at, "0123456789") : 0;

		if (digits >= 1 && digits <= 5 && at[digits] == ']')
			return atoi(at);
	}
	return -1;
}

/*
 * Find the event's name. A task's name stands before it and may hold anything, so
 * what counts is a time stamp with a name and a colon behind it.
 * Return: the name, or NULL if this is no event line.
 */
static const char *skip_header(const char *line, int *cpu)
{
	for (const char *at = strchr(line, ' '); at; at = strchr(at + 1, ' ')) {
		const char *name = skip_stamp(at + 1);

		if (name) {
			*cpu = read_cpu(line, at);
			return name;
		}
	}
	return NULL;
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
	event->call_site = field(fields, "call_site");
	if (event->call_site.len == 0)
		return "no field call_site=";
	if (!read_number(field(fields, "bytes_req"), 10, &event->bytes_req))
		return "no number bytes_req=";
	if (!read_number(field(fields, "bytes_alloc"), 10, &event->bytes_alloc))
		return "no number bytes_alloc=";
	if (event->bytes_alloc == 0 || event->bytes_req > event->bytes_alloc)
		return "bytes_alloc= is less than bytes_req=";
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

	*event = (struct trace_event){ .kind = TRACE_TEXT, .cpu = -1 };
	if (line[0] == '#')
		return NULL;
	name = skip_header(line, &event->cpu);
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
