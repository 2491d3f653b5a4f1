/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assign.h"
#include "learn.h"
#include "memory.h"
#include "plan.h"

/* One reading of the whole trace. Return: NULL, or the message. */
static char *read_all(struct plan *plan, const char *path, struct plan_watch *watch,
		      void (*take)(struct plan *, void *, const struct trace_event *), void *reader,
		      void (*end)(struct plan *, void *, struct log *))
{
	struct log *log = log_open(path);
	struct trace_event event;
	char *message = NULL;
	int got;

	watch->update(watch, 0);
	while ((got = log_next(log, &event)) > 0) {
		take(plan, reader, &event);
		if (log->events % 1024 == 0)
			watch->update(watch, log_fraction(log));
	}
	if (got < 0)
		message = memory_text(log_error(log), strlen(log_error(log)));
	else
		end(plan, reader, log);
	log_close(log);
	return message;
}

char *plan_make(struct plan *plan, const char *path, struct plan_watch *watch)
{
	struct learn learn = { 0 };
	struct assign assign = { 0 };
	char *message;

	*plan = (struct plan){ 0 };
	message = read_all(plan, path, watch, learn_take, &learn, learn_end);
	learn_fini(&learn);
	if (!message)
		message = read_all(plan, path, watch, assign_take, &assign, assign_end);
	assign_fini(&assign);
	return message;
}

bool plan_owns_page(const struct plan *plan, uint64_t index)
{
	return index / 8 < plan->page_owned_bytes && (plan->page_owned[index / 8] >> index % 8 & 1);
}

/* What is recorded need not record itself. */
static void copy_cmdline(const char *cmdline, char *buf, size_t size)
{
	static const char own[] = "trace_";
	size_t len = 0;

	buf[0] = '\0';
	while (*cmdline) {
		size_t word = strcspn(cmdline, " ");

		if (word && strncmp(cmdline, own, sizeof(own) - 1) != 0 && len + word + 2 <= size)
			len += (size_t)sprintf(buf + len, "%s%.*s", len ? " " : "", (int)word,
					       cmdline);
		cmdline += word + strspn(cmdline + word, " ");
	}
}

void plan_cmdline(const struct plan *plan, char *buf, size_t size)
{
	const struct state *state = states_find(&plan->states, "before");
	struct state_layout layout;
	unsigned long long kib = 1024 * 1024;
	int len;

	if (plan->cmdline) {
		copy_cmdline(plan->cmdline, buf, size);
		return;
	}

	if (!state)
		state = states_find(&plan->states, "after");
	if (state_layout(state, &layout)) {
		kib = (unsigned long long)layout.end_pfn * (PAGE_SIZE / 1024);
	} else {
		layout.nr_nodes = 1;
		while (kib / (PAGE_SIZE / 1024) <= plan->top_pfn)
			kib *= 2;
	}
	len = snprintf(buf, size, "mem=%lluK nr_cpus=%u slab_nomerge", kib,
		       plan->nr_cpus ? plan->nr_cpus : 1);
	if (layout.nr_nodes > 1)
		snprintf(buf + len, size - (size_t)len, " numa=fake=%u", layout.nr_nodes);
}

void plan_fini(struct plan *plan)
{
	caches_fini(&plan->caches);
	linear_fini(&plan->linear);
	states_fini(&plan->states);
	free(plan->cmdline);
	free(plan->page_owned);
	*plan = (struct plan){ 0 };
}
