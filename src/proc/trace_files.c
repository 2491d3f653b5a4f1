/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>

#include "trace_files.h"

#include "trace_text.h"

static void show_heading(struct text *text, struct kalloc_machine *m)
{
	struct trace_counts counts = trace_count(m);

	text_add(text,
		 "# tracer: nop\n"
		 "#\n"
		 "# entries-in-buffer/entries-written: %llu/%llu   #P:%lu\n"
		 "#\n",
		 (unsigned long long)counts.in_buffer, (unsigned long long)counts.written,
		 m->params.nr_cpus);
	/* What the kernel knows of itself, and who replays this has to know. */
	text_add(text, "# kalloc: frame 0 at 0x%lx, booted with: %s\n#\n", (unsigned long)m->linear,
		 m->cmdline);
	text_add(text, "#                                _-----=> irqs-off/BH-disabled\n"
		       "#                               / _----=> need-resched\n"
		       "#                              | / _---=> hardirq/softirq\n"
		       "#                              || / _--=> preempt-depth\n"
		       "#                              ||| / _-=> migrate-disable\n"
		       "#                              |||| /     delay\n"
		       "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
		       "#              | |         |   |||||     |         |\n");
}

static void show_record(struct text *text, struct trace_text *reading,
			const struct trace_record *record)
{
	const struct trace_source source = { reading, record };
	struct kalloc_trace_event event;

	trace_text_decode(&source, &event);
	trace_text_show(text, &event);
	text_add(text, "\n");
}

void trace_show(struct text *text, struct kalloc_machine *m)
{
	const struct trace_record *record;
	struct trace_reader reader;
	struct trace_text reading;
	u64 lost;

	show_heading(text, m);
	trace_text_begin(&reading, m);
	if (trace_read_begin(m, &reader, false)) {
		text_add(text, "# kalloc: no memory to read the rings\n");
		return;
	}
	while ((record = trace_read_look(&reader, &lost)) != NULL) {
		show_record(text, &reading, record);
		trace_read_on(&reader);
	}
	trace_read_end(&reader);
}

/* Any write, "" included: opening the file to write is what forgets in a kernel. */
int trace_store(struct kalloc_machine *m, const char *input)
{
	trace_clear(m);
	return 0;
}

long trace_pipe_take(struct kalloc_machine *m, char *buf, size_t size)
{
	const struct trace_record *record;
	struct trace_reader reader;
	struct trace_text reading;
	size_t taken = 0;
	u64 lost;
	int err = trace_read_begin(m, &reader, true);

	if (err)
		return err;
	trace_text_begin(&reading, m);
	while ((record = trace_read_look(&reader, &lost)) != NULL) {
		char lines[2048];
		struct text text = text_on(lines, sizeof(lines));

		if (lost)
			text_add(&text, "CPU:%u [LOST %llu EVENTS]\n", record->cpu,
				 (unsigned long long)lost);
		show_record(&text, &reading, record);
		if (text.len >= sizeof(lines) || taken + text.len > size)
			break;
		memcpy(buf + taken, lines, text.len);
		taken += text.len;
		trace_read_on(&reader);
	}
	trace_read_end(&reader);
	return (long)taken;
}

int trace_marker_store(struct kalloc_machine *m, const char *input)
{
	size_t len = strlen(input);

	return trace_mark(m, input, len && input[len - 1] == '\n' ? len - 1 : len);
}

/* Length of @input without the newline at its end. */
static size_t line_len(const char *input)
{
	return strcspn(input, "\n");
}

/* "0" or "1", as most of these files take. Return: 0 or -EINVAL. */
static int switch_parse(const char *input, bool *on)
{
	if ((*input != '0' && *input != '1') || (input[1] && strcmp(input + 1, "\n")))
		return -EINVAL;
	*on = *input == '1';
	return 0;
}

void tracing_on_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%d\n", READ_ONCE(m->tracer->is_on));
}

int tracing_on_store(struct kalloc_machine *m, const char *input)
{
	bool on;

	int err = switch_parse(input, &on);

	if (!err)
		trace_switch(m, on);
	return err;
}

void set_event_show(struct text *text, struct kalloc_machine *m)
{
	u64 wanted = READ_ONCE(m->tracer->wanted);

	for (unsigned int id = 1; id < NR_TRACE_EVENTS; id++) {
		if (wanted >> id & 1)
			text_add(text, "%s:%s\n", trace_descriptors[id].group,
				 trace_descriptors[id].name);
	}
}

int set_event_store(struct kalloc_machine *m, const char *input)
{
	const char *wrong;
	size_t wrong_len;
	u64 wanted;
	int err = trace_parse(input, strlen(input), &wanted, &wrong, &wrong_len);

	return err ?: trace_want(m, TRACE_ALL, wanted);
}

void available_events_show(struct text *text, struct kalloc_machine *m)
{
	for (unsigned int id = 1; id < NR_TRACE_EVENTS; id++)
		text_add(text, "%s:%s\n", trace_descriptors[id].group, trace_descriptors[id].name);
}

void buffer_size_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%llu\n", (unsigned long long)READ_ONCE(m->tracer->ring_bytes) >> 10);
}

void buffer_total_size_show(struct text *text, struct kalloc_machine *m)
{
	text_add(text, "%llu\n",
		 (unsigned long long)READ_ONCE(m->tracer->ring_bytes) * m->params.nr_cpus >> 10);
}

int buffer_size_store(struct kalloc_machine *m, const char *input)
{
	unsigned long kib;
	char *end;

	if (!isdigit((unsigned char)*input))
		return -EINVAL;
	kib = strtoul(input, &end, 10);
	if (line_len(end) || !kib || kib > TRACE_RING_MOST >> 10)
		return -EINVAL;
	return trace_resize(m, (u64)kib << 10);
}

static const char *const clocks[NR_TRACE_CLOCKS] = {
	[TRACE_CLOCK_LOCAL] = "local",
	[TRACE_CLOCK_COUNTER] = "counter",
	[TRACE_CLOCK_MONO] = "mono",
};

void trace_clock_show(struct text *text, struct kalloc_machine *m)
{
	u32 now = READ_ONCE(m->tracer->clock);

	for (u32 i = 0; i < NR_TRACE_CLOCKS; i++)
		text_add(text, i == now ? "%s[%s]" : "%s%s", i ? " " : "", clocks[i]);
	text_add(text, "\n");
}

int trace_clock_store(struct kalloc_machine *m, const char *input)
{
	for (u32 i = 0; i < NR_TRACE_CLOCKS; i++) {
		if (strlen(clocks[i]) != line_len(input) ||
		    strncmp(clocks[i], input, line_len(input)) != 0)
			continue;
		trace_set_clock(m, (enum trace_clock)i);
		return 0;
	}
	return -EINVAL;
}

#define EVENTS TRACING "events/"

/* The files there are, in the order of their names: of each group, of each event, of all. */
#define PATH_OF(group, name) EVENTS #group "/" #name "/enable",
static const char *const enable_paths[] = { EVENTS "compaction/enable",
					    TRACE_COMPACTION_EVENTS(PATH_OF) EVENTS "enable",
					    EVENTS "kmem/enable",
					    TRACE_KMEM_EVENTS(PATH_OF) EVENTS "vmscan/enable",
					    TRACE_VMSCAN_EVENTS(PATH_OF) };

const char *trace_enable_path(unsigned int index)
{
	return index < ARRAY_SIZE(enable_paths) ? enable_paths[index] : NULL;
}

/* The events that a path is about; 0: it is no file's. */
static u64 events_of(const char *path)
{
	const char *wrong, *name = path + strlen(EVENTS);
	size_t wrong_len;
	char word[64] = "*:*";
	u64 events;

	for (size_t i = 0; i < ARRAY_SIZE(enable_paths); i++) {
		if (strcmp(path, enable_paths[i]) != 0)
			continue;
		if (strchr(name, '/')) {
			size_t len = (size_t)(strrchr(name, '/') - name);
			char *slash;

			memcpy(word, name, len);
			word[len] = '\0';
			slash = strchr(word, '/');
			if (slash)
				*slash = ':';
		}
		return trace_parse(word, strlen(word), &events, &wrong, &wrong_len) ? 0 : events;
	}
	return 0;
}

int trace_enable_show(struct text *text, struct kalloc_machine *m, const char *path)
{
	u64 events = events_of(path), wanted = READ_ONCE(m->tracer->wanted) & events;

	if (!events)
		return -ENOENT;
	text_add(text, "%s\n", wanted == events ? "1" : wanted ? "X" : "0");
	return 0;
}

int trace_enable_store(struct kalloc_machine *m, const char *path, const char *input)
{
	u64 events = events_of(path);
	bool on;

	if (!events)
		return -ENOENT;
	return switch_parse(input, &on) ?: trace_want(m, events, on ? TRACE_ALL : 0);
}
