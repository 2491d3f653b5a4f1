/* SPDX-License-Identifier: MIT */
/* A whole replay in a test: plan, machine, play. */
#ifndef TESTS_TOOLS_REPLAYING_H
#define TESTS_TOOLS_REPLAYING_H

#include <kalloc/kalloc.h>
#include <kalloc/trace.h>

#include "files.h"
#include "player.h"

struct replaying {
	bool is_recorded; /* the replay is, in its turn */
	struct plan plan;
	struct player player;
	struct kalloc_machine *machine;
};

static inline void replaying_quiet(struct plan_watch *watch, double fraction)
{
	assert_true(fraction >= 0 && fraction <= 1);
}

/* Play the trace at @path. Return: NULL, or the message of its defect, to be freed. */
static inline char *replaying_begin(struct replaying *run, const char *path, bool born)
{
	struct plan_watch watch = { .update = replaying_quiet };
	char *message = plan_make(&run->plan, path, &watch);
	struct trace_event event;
	char cmdline[4096];
	struct log *log;

	run->machine = NULL;
	if (message)
		return message;
	plan_cmdline(&run->plan, cmdline, sizeof(cmdline));
	run->machine = kalloc_boot(cmdline);
	if (!run->machine)
		return strdup("no machine");
	kalloc_enter(run->machine);
	if (run->is_recorded)
		assert_int_equal(kalloc_trace_resize(64 << 20) ?: kalloc_trace_start("*:*"), 0);
	player_init(&run->player, &run->plan, born);
	log = log_open(path);
	while (log_next(log, &event) > 0)
		player_take(&run->player, &event);
	log_close(log);
	assert_int_equal(tally_sum(&run->player.tally, 0, TALLY_REASONS - 1), run->plan.nr_events);
	return NULL;
}

static inline void replaying_end(struct replaying *run)
{
	if (run->machine) {
		player_fini(&run->player);
		kalloc_enter(NULL);
		kalloc_halt(run->machine);
	}
	plan_fini(&run->plan);
}

#endif
