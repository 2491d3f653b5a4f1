/* SPDX-License-Identifier: MIT */
#include <kalloc/page.h>

#include "trace_text.h"

#define MARK "tracing_mark_write"

void trace_text_begin(struct trace_text *reading, const struct kalloc_machine *m)
{
	u32 clock = m->tracer->clock;

	*reading = (struct trace_text){
		.m = m,
		.is_count = clock == TRACE_CLOCK_COUNTER,
		.is_ticks = clock == TRACE_CLOCK_LOCAL,
	};
	if (reading->is_ticks)
		reading->scale = ticks_scale();
}

static bool is_word(enum trace_kind kind)
{
	return kind != TRACE_NUMBER;
}

static bool is_hidden(enum trace_kind kind)
{
	return kind == TRACE_HIDDEN || kind == TRACE_HIDDEN_ZONE || kind == TRACE_HIDDEN_CACHE;
}

void trace_text_decode(const struct trace_source *source, struct kalloc_trace_event *event)
{
	const struct trace_text *reading = source->reading;
	const struct trace_record *record = source->record;
	const struct trace_descriptor *of = &trace_descriptors[record->id];

	*event = (struct kalloc_trace_event){
		.group = of->group,
		.name = record->id < NR_TRACE_EVENTS ? of->name : MARK,
		.time = reading->is_ticks ? ticks_ns(&reading->scale, record->stamp)
					  : record->stamp,
		.cpu = record->cpu,
		.pid = record->pid,
		.preempt_depth = record->context & ~TRACE_IN_IRQ,
		.in_irq = record->context & TRACE_IN_IRQ,
		.nr_fields = of->nr_fields,
		.source = source,
	};
	trace_thread_name(reading->m, record->pid, event->comm);
	for (unsigned int i = 0; i < of->nr_fields; i++) {
		enum trace_kind kind = of->fields[i].kind;

		event->fields[i] = (struct kalloc_trace_field){
			.name = of->fields[i].name,
			.as = is_hidden(kind) ? KALLOC_TRACE_HIDDEN
			      : is_word(kind) ? KALLOC_TRACE_WORD
					      : KALLOC_TRACE_NUMBER,
			.value = kind == TRACE_TEXT ? 0 : (long long)record->words[i],
		};
	}
}

/* The kernel pads names of zones, where they are in a column. */
static void show_padded(struct text *text, const struct trace_source *source,
			const struct trace_field *field, u64 value)
{
	size_t before = text->len;

	trace_value_show(text, source, field->kind, value);
	if (field->kind == TRACE_ZONE && text->len - before < 8)
		text_add(text, "%*s", (int)(8 - (text->len - before)), "");
}

static void show_field(struct text *text, const struct trace_source *source, unsigned int i)
{
	const struct trace_field *field = &trace_descriptors[source->record->id].fields[i];
	u64 value = source->record->words[i];

	if (field->before)
		text_add(text, "%s", field->before);
	else if (field->kind != TRACE_PAGE)
		text_add(text, "%s%s=", i ? " " : "", field->name);
	else
		text_add(text, "page=%016lx pfn=",
			 value == ~0ULL ? 0 : (unsigned long)(source->reading->m->vmemmap + value));
	show_padded(text, source, field, value);
}

static void show_head(struct text *text, const struct kalloc_trace_event *event)
{
	const struct trace_source *source = event->source;
	char depth = event->preempt_depth ? "0123456789abcdef"[event->preempt_depth] : '.';

	text_add(text, "%16s-%-7d [%03u] ..%c%c. ", event->comm, event->pid, event->cpu,
		 event->in_irq ? 'h' : '.', depth);
	if (source->reading->is_count)
		text_add(text, "%12llu: ", event->time);
	else
		text_add(text, "%5llu.%06llu: ", event->time / 1000000000,
			 event->time / 1000 % 1000000);
}

/* Which cache an object is of, if its size does not tell. */
static void show_twin(struct text *text, const struct kalloc_trace_event *event)
{
	const struct trace_source *source = event->source;
	struct trace_kmem_cache_alloc alloc;
	const struct trace_cache *cache;

	if (source->record->id != TRACE_ID_kmem_cache_alloc)
		return;
	memcpy(&alloc, source->record->words, sizeof(alloc));
	cache = trace_cache_of(source->reading->m, alloc.name);
	if (!READ_ONCE(cache->is_twin))
		return;
	show_head(text, event);
	text_add(text, MARK ": kmem_cache_alloc: ptr=%016lx id=%llu name=%s\n",
		 (unsigned long)alloc.ptr, (unsigned long long)alloc.name, cache->name);
}

void trace_text_show(struct text *text, const struct kalloc_trace_event *event)
{
	const struct trace_source *source = event->source;
	const struct trace_descriptor *of = &trace_descriptors[source->record->id];

	show_twin(text, event);
	show_head(text, event);
	text_add(text, "%s: ", event->name);
	for (unsigned int i = 0; i < of->nr_fields; i++) {
		if (!is_hidden(of->fields[i].kind))
			show_field(text, source, i);
	}
}

int kalloc_trace_show(const struct kalloc_trace_event *event, char *buf, size_t size)
{
	struct text text = text_on(buf, size);

	trace_text_show(&text, event);
	return (int)text.len;
}

int kalloc_trace_show_field(const struct kalloc_trace_event *event, unsigned int index, char *buf,
			    size_t size)
{
	const struct trace_source *source = event->source;
	const struct trace_descriptor *of = &trace_descriptors[source->record->id];
	struct text text = text_on(buf, size);

	if (index >= of->nr_fields)
		return -EINVAL;
	trace_value_show(&text, source, of->fields[index].kind, source->record->words[index]);
	return (int)text.len;
}
