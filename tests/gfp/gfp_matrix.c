/* SPDX-License-Identifier: MIT */
/*
 * Proves that each GFP flag has the same effect at every layer, and the effect that
 * Linux gives it: every row of a table that was derived from Linux's rules (class of
 * flags x state of memory x order x layer) is run on a machine of its own in that
 * state, and what can be seen of it is compared with the table, column by column.
 *
 *	gfp_matrix TABLE [STATE]	ends with "N rows"; exit status 0 if all hold
 *
 * Under Valgrind and ThreadSanitizer one row in SLOW_STRIDE is run. A row that ends in a
 * panic has a process of its own.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "states.h"

/* A prime, so that every state, layer and class has its turn. */
#define SLOW_STRIDE 13

#ifdef __has_feature
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_THREAD__) || HAS_FEATURE(thread_sanitizer)
#define IS_SLOW true
#else
#define IS_SLOW false
#endif

static struct table table;
static unsigned int nr_seen, nr_rows, nr_wrong;

struct row {
	const struct table_line *line;
	gfp_t gfp;
	const struct layer *layer;
};

static const struct row *running;

/* A panic that the table does not know of: say where, then stop. */
static void on_abort(int number)
{
	dprintf(STDERR_FILENO, "line %u: state %s, gfp 0x%x, layer %s: stopped\n",
		running->line->number, running->line->state->name, running->gfp,
		running->layer->name);
}

static void report(const struct row *row, const char *is)
{
	char flags[256], want[128];

	kalloc_gfp_show(row->gfp, flags, sizeof(flags));
	outcome_show(&row->line->outcome, want, sizeof(want));
	printf("line %u: %s, order %u, state %s, layer %s\n\ttable %s\n\tfound %s\n",
	       row->line->number, row->gfp ? flags : "none", row->line->order,
	       row->line->state->name, row->layer->name, want, is);
	nr_wrong++;
}

/* The request stops its process with SIGABRT, which is all that can be seen of it. */
static bool panics(struct situation *situation, const struct row *row, struct request *request)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		situation_enter(situation);
		row->layer->make(request);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGABRT;
}

static void compare(struct situation *situation, const struct row *row, struct request *request)
{
	struct outcome is;
	char text[128];
	bool granted;

	if (row->line->outcome.value[COLUMN_RESULT] == RESULT_PANIC) {
		if (!panics(situation, row, request))
			report(row, "no panic");
		return;
	}
	situation_enter(situation);
	granted = row->layer->make(request);
	situation_leave(situation);
	is = situation_outcome(situation, row->layer, request, granted);
	if (outcome_differs(&is, &row->line->outcome)) {
		outcome_show(&is, text, sizeof(text));
		report(row, text);
	}
}

/*
 * Writing all the frames of a machine costs more than the rest of a row, so contents
 * are looked at for __GFP_ZERO, and for the plain flags that it is compared with.
 */
static bool looks_at_contents(gfp_t gfp)
{
	return gfp & __GFP_ZERO || gfp == GFP_KERNEL || gfp == GFP_ATOMIC;
}

static void run_row(const struct row *row)
{
	struct request request = { .gfp = row->gfp, .order = row->line->order };
	struct situation situation;

	running = row;
	if (!situation_boot(&situation, row->line->state)) {
		report(row, "no machine");
		return;
	}
	situation.is_poisoned = looks_at_contents(row->gfp);
	request.m = situation.m;
	row->layer->prepare(&request);
	if (situation_reach(&situation))
		compare(&situation, row, &request);
	else
		report(row, "state not reached");
	situation_halt(&situation);
}

static void run_line(const struct table_line *line, unsigned int stride)
{
	unsigned int mask = table_layers(&table, line);

	for (unsigned int i = 0; i < line->class->nr; i++) {
		for (unsigned int layer = 0; layer < NR_LAYERS; layer++) {
			const struct row row = { line, line->class->gfp[i], &layers[layer] };

			if (!(mask >> layer & 1))
				continue;
			if (nr_seen++ % stride)
				continue;
			run_row(&row);
			nr_rows++;
		}
	}
}

/* The layers that the table says something of, of a class where @like is. */
static unsigned int layers_told(const struct table_class *class, const struct table_line *like)
{
	unsigned int mask = 0;

	for (unsigned int i = 0; i < table.nr_lines; i++) {
		const struct table_line *line = &table.lines[i];

		if (line->class == class && line->state == like->state &&
		    line->order == like->order)
			mask |= line->layers;
	}
	return mask;
}

/* Of every state and order that the table has, it tells all of every class and layer. */
static bool is_complete(void)
{
	bool complete = true;

	for (unsigned int i = 0; i < table.nr_lines; i++) {
		const struct table_line *line = &table.lines[i];

		if (i && line[-1].state == line->state && line[-1].order == line->order)
			continue;
		for (unsigned int class = 0; class < table.nr_classes; class ++) {
			if (layers_told(&table.classes[class], line) == (1u << NR_LAYERS) - 1)
				continue;
			fprintf(stderr, "line %u: nothing is said of class %s there\n",
				line->number, table.classes[class].name);
			complete = false;
		}
	}
	return complete;
}

int main(int argc, char **argv)
{
	unsigned int stride = IS_SLOW || getenv("KALLOC_UNDER_VALGRIND") ? SLOW_STRIDE : 1;

	if (argc < 2) {
		fprintf(stderr, "usage: gfp_matrix TABLE [STATE]\n");
		return 2;
	}
	if (!table_read(&table, argv[1]) || !is_complete())
		return 2;
	signal(SIGABRT, on_abort);
	for (unsigned int i = 0; i < table.nr_lines; i++) {
		if (argc < 3 || strcmp(argv[2], table.lines[i].state->name) == 0)
			run_line(&table.lines[i], stride);
	}
	if (nr_wrong)
		printf("%u rows do not hold\n", nr_wrong);
	printf("%u rows\n", nr_rows);
	return nr_wrong != 0;
}
