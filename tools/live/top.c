/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../commands.h"
#include "choose.h"
#include "look.h"
#include "sample.h"
#include "screen.h"
#include "target.h"
#include "view.h"

#define PAGE_LINES 10

static const char keys[] = "views: s caches  b zones  c CPUs   order: z size  o objects  a active  "
			   "u use  n name   arrows scroll   q quit";

struct top {
	pid_t pid;
	unsigned int machine;
	double delay_s;
	bool once;
	struct view view;
	size_t line; /* of the table, at the top of the screen */
	size_t line_most;
	struct sample now, before;
	bool has_before;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct top *top = state->input;
	char *end;

	switch (key) {
	case '1':
		top->once = true;
		return 0;
	case 'd':
		top->delay_s = strtod(arg, &end);
		if (end == arg || *end || !(top->delay_s >= 0.05 && top->delay_s <= 3600))
			argp_error(state, "--delay=%s: not a number of seconds from 0.05 to 3600",
				   arg);
		return 0;
	case 'm':
		if (choose_number(arg, &top->machine))
			argp_error(state, "--machine=%s: not a number", arg);
		return 0;
	case 's':
		if (view_sort_parse(arg, &top->view.sort))
			argp_error(state, "--sort=%s: not size, objects, active, use or name", arg);
		return 0;
	case 'v':
		if (view_kind_parse(arg, &top->view.kind))
			argp_error(state, "--view=%s: not caches, zones or cpus", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (top->pid || choose_pid(arg, &top->pid))
			argp_error(state, "'%s' is no process number", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Return: 0, or -1 with errno as look() sets it. What was shown stays then. */
static int sample_next(struct top *top)
{
	struct sample sample;

	if (sample_take(&sample, top->pid, top->machine))
		return -1;
	sample_free(&top->before);
	top->before = top->now;
	top->has_before = top->before.time > 0;
	top->now = sample;
	return 0;
}

static void redraw(struct top *top)
{
	struct view_lines lines;

	view_make(&lines, &top->view, &top->now, top->has_before ? &top->before : NULL);
	top->line_most = screen_show(&lines, top->line, keys);
	if (top->line > top->line_most)
		top->line = top->line_most;
	view_free(&lines);
}

static void scroll_by(struct top *top, long lines)
{
	long line = (long)top->line + lines;

	top->line = line < 0 ? 0 : (size_t)line > top->line_most ? top->line_most : (size_t)line;
}

static void view_switch(struct top *top, enum view_kind kind)
{
	top->view.kind = kind;
	top->line = 0;
}

/* Return: false if the user wants to end. */
static bool key_obey(struct top *top, int key)
{
	switch (key) {
	case 's':
		view_switch(top, VIEW_CACHES);
		return true;
	case 'b':
		view_switch(top, VIEW_ZONES);
		return true;
	case 'c':
		view_switch(top, VIEW_CPUS);
		return true;
	case 'z':
		top->view.sort = SORT_SIZE;
		return true;
	case 'o':
		top->view.sort = SORT_OBJECTS;
		return true;
	case 'a':
		top->view.sort = SORT_ACTIVE;
		return true;
	case 'u':
		top->view.sort = SORT_USE;
		return true;
	case 'n':
		top->view.sort = SORT_NAME;
		return true;
	case SCREEN_UP:
		scroll_by(top, -1);
		return true;
	case SCREEN_DOWN:
		scroll_by(top, 1);
		return true;
	case SCREEN_PAGE_UP:
		scroll_by(top, -PAGE_LINES);
		return true;
	case SCREEN_PAGE_DOWN:
		scroll_by(top, PAGE_LINES);
		return true;
	default:
		return key != 'q';
	}
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Return: the errno of the look that ended it, 0 if the user did. */
static int watch(struct top *top)
{
	double next = now_s() + top->delay_s;

	for (;;) {
		double left = next - now_s();
		int key;

		redraw(top);
		key = screen_key(left > 0 ? (int)(left * 1000) + 1 : 0);
		if (!key_obey(top, key))
			return 0;
		if (now_s() < next)
			continue;
		next = now_s() + top->delay_s;
		/* One that changes too fast now may be read the next time. */
		if (sample_next(top) && errno != EAGAIN)
			return errno;
	}
}

static void print_once(struct top *top)
{
	struct view_lines lines;

	view_make(&lines, &top->view, &top->now, NULL);
	for (size_t i = 0; i < lines.nr; i++)
		puts(lines.line[i]);
	view_free(&lines);
}

static int top_run(const char *command, struct top *top)
{
	int err;

	if (sample_next(top))
		return look_failed(command, top->pid, errno);
	if (top->once) {
		print_once(top);
		return STATUS_OK;
	}
	if (screen_open()) {
		fprintf(stderr, "%s: %s; --once prints to a file\n", command,
			screen_is_built ? "standard input and output are no terminal that will do"
					: "built without ncurses");
		return STATUS_FAILED;
	}
	err = watch(top);
	screen_close();
	if (err == ESRCH || err == ENXIO) {
		printf("process %d has ended\n", (int)top->pid);
		return STATUS_OK;
	}
	return err ? look_failed(command, top->pid, err) : STATUS_OK;
}

int command_top(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "delay", 'd', "SECONDS", 0, "Time from look to look (2)", 0 },
		{ "machine", 'm', "N", 0, "Its machine N, counted from 0 (the default)", 0 },
		{ "once", '1', NULL, 0, "Look once and print it, for files and pipes", 0 },
		{ "sort", 's', "BY", 0,
		  "Caches by size (the default), objects, active, use or name", 0 },
		{ "view", 'v', "VIEW", 0, "caches (the default), zones or cpus", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[PID]",
		.doc = "Watch the machine of a running process, which goes on meanwhile.\v"
		       "PID may be left out if only one process uses libkalloc.",
	};
	struct top top = { .delay_s = 2 };
	struct target target;
	char title[128];
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &top);
	if (!top.pid)
		top.pid = choose_only(argv[0]);
	if (!top.pid)
		return STATUS_USAGE;
	if (target_read(&target, top.pid))
		return look_failed(argv[0], top.pid, errno);
	snprintf(title, sizeof(title), "kalloc top: %s, process %d, machine %u", target.comm,
		 (int)top.pid, top.machine);
	target_free(&target);
	top.view.title = title;
	status = top_run(argv[0], &top);
	sample_free(&top.now);
	sample_free(&top.before);
	return status;
}
