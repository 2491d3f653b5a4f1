/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/kalloc.h>

#include "commands.h"
#include "fit.h"
#include "fragment_report.h"
#include "layout.h"
#include "load.h"
#include "memory.h"
#include "pagemap.h"
#include "recorder.h"
#include "same_file.h"

/* The profile that this command makes of a trace: "aged" with the trace's mix. */
#define FITTED	    "fitted"

#define DEFAULT_MEM "256M"
#define LOAD_ROUNDS 10

/*
 * The zone of --mem is node 1's and begins where a layout of it can be restored: behind
 * node 0, 32 MiB, or as much above 4 GiB if it is too large to end below the PCI hole.
 */
#define LOW_NODE      "32M"
#define HIGH_NODE     "3104M"
#define LOW_NODE_MOST (3UL << 30)

struct fragment {
	const char *name; /* the profile, maybe with words */
	char *words;	  /* those that are options */
	size_t max_words;
	const char *mem, *cmdline, *trace, *save, *restore;
	unsigned long load;
	enum pagemap_by map;
	struct recorder_setup page; /* of the report */

	struct recorder *recorder;
	struct kalloc_fragment_profile profile;
	bool has_profile;
	struct kalloc_fragmentation *fragmentation;
};

/* The words of a profile are options, too: --seed N is seed=N. */
static const struct argp_option options[] = {
	{ "seed", 's', "N", 0, "Seed of all random choices (0)", 0 },
	{ "order", 'k', "K", 0, "Order of a target, or of a checkerboard's squares", 0 },
	{ "index", 'x', "X", 0, "Index of a target, 0 to 1", 0 },
	{ "of", 'o', "WHICH", 0, "The target is of unusable (the default) or extfrag", 0 },
	{ "fraction", 'f', "X", 0, "Share of the frames or pageblocks, 0 to 1", 0 },
	{ "ratio", 'r', "M:U", 0, "Movable frames to unmovable ones (0:1)", 0 },
	{ "steps", 'n', "N", 0, "Requests of an aged profile (100000)", 0 },
	{ "mix", 'm', "SIZES", 0, "Their sizes: ORDER[u|m|r]:WEIGHT[:LIFE],...", 0 },
	{ "node", 'N', "N", 0, "The zone's node", 0 },
	{ "zone", 'z', "NAME", 0, "The zone (the largest)", 0 },
	{ "mem", 'M', "SIZE", 0, "Memory to fragment (" DEFAULT_MEM "): a node of its own", 1 },
	{ "cmdline", 'c', "CMDLINE", 0, "Boot this machine instead", 1 },
	{ "trace", 't', "FILE", 0, "The kernel trace that " FITTED " goes by", 1 },
	{ "load", 'l', "N", 0,
	  "Then make N requests of others, and sustain the level after each tenth", 1 },
	{ "map", 'p', "BY", 0, "Page map by type, by order, or none (the default)", 1 },
	{ "save", 'S', "FILE", 0, "Write the layout to a file", 1 },
	{ "restore", 'R', "FILE", 0, "Read a layout or a transcript, in the place of PROFILE", 1 },
	{ 0 },
};

static void add_text(char **text, size_t *max, const char *more)
{
	size_t len = *text ? strlen(*text) : 0;

	*text = memory_grow(*text, max, len + strlen(more) + 1, 1);
	strcpy(*text + len, more);
}

/* Options that are words of a profile come first in the table. */
static bool add_word(struct fragment *fragment, int key, const char *value)
{
	for (const struct argp_option *option = options; option->group == 0 && option->name;
	     option++) {
		if (option->key != key)
			continue;
		add_text(&fragment->words, &fragment->max_words, " ");
		add_text(&fragment->words, &fragment->max_words, option->name);
		add_text(&fragment->words, &fragment->max_words, "=");
		add_text(&fragment->words, &fragment->max_words, value);
		return true;
	}
	return false;
}

/* Whether the profile is the one of a trace. */
static bool is_fitted(const char *name)
{
	return strncmp(name, FITTED, strlen(FITTED)) == 0 && strchr(" ", name[strlen(FITTED)]);
}

/* What is read stays, and each file that is written is another one. */
static void check_files(struct fragment *fragment, const struct argp_state *state)
{
	fragment->page.source = fragment->restore ? fragment->restore : fragment->trace;
	if (same_file(fragment->save, fragment->page.source))
		argp_error(state, "--save=%s: it is what is read", fragment->save);
	if (same_file(fragment->save, fragment->page.path))
		argp_error(state, "--save=%s: it is the report, too", fragment->save);
}

static void check_arguments(struct fragment *fragment, const struct argp_state *state)
{
	const char *name = fragment->name;

	check_files(fragment, state);
	if (fragment->restore &&
	    (name || fragment->words || fragment->mem || fragment->cmdline || fragment->trace))
		argp_error(state, "--restore: the file says which profile and which machine");
	if (fragment->restore)
		return;
	if (!name)
		argp_error(state, "no PROFILE given");
	if (fragment->mem && fragment->cmdline)
		argp_error(state, "--mem and --cmdline: one machine at a time");
	if (is_fitted(name) && !fragment->trace)
		argp_error(state, FITTED " needs --trace");
	if (!is_fitted(name) && fragment->trace)
		argp_error(state, "--trace says nothing to %s", name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fragment *fragment = state->input;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &fragment->page;
		return 0;
	case 'M':
		fragment->mem = arg;
		return 0;
	case 'c':
		fragment->cmdline = arg;
		return 0;
	case 't':
		fragment->trace = arg;
		return 0;
	case 'l':
		fragment->load = strtoul(arg, &end, 10);
		if (end == arg || *end || arg[0] == '-')
			argp_error(state, "--load=%s: not a number", arg);
		return 0;
	case 'p':
		if (pagemap_parse(arg, &fragment->map))
			argp_error(state, "--map=%s: not type, order or none", arg);
		return 0;
	case 'S':
		fragment->save = arg;
		return 0;
	case 'R':
		fragment->restore = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (fragment->name)
			argp_error(state, "'%s': one profile at a time, in quotes if it has words",
				   arg);
		fragment->name = arg;
		return 0;
	case ARGP_KEY_END:
		check_arguments(fragment, state);
		return 0;
	default:
		return arg && add_word(fragment, key, arg) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

/* --- the profile -------------------------------------------------------- */

static int complain(const char *message)
{
	fprintf(stderr, "kalloc fragment: %s\n", message);
	return STATUS_USAGE;
}

static int fit(struct kalloc_fragment_profile *profile, const char *trace)
{
	char *message;
	int status = STATUS_OK;

	if (profile->nr_sizes)
		return complain("mix=: " FITTED " reads that from the trace");
	message = fit_trace(profile, trace);
	if (message)
		status = complain(message);
	free(message);
	return status;
}

static int read_profile(struct fragment *fragment)
{
	struct kalloc_fragment_profile *profile = &fragment->profile;
	bool fitted = is_fitted(fragment->name);
	char *text = NULL;
	size_t max = 0;
	int err;

	add_text(&text, &max, fitted ? "aged" : fragment->name);
	add_text(&text, &max, fitted ? fragment->name + strlen(FITTED) : "");
	add_text(&text, &max, fragment->words ? fragment->words : "");
	err = kalloc_fragment_parse(profile, text);
	free(text);
	if (err)
		return STATUS_USAGE;
	fragment->has_profile = true;
	return fitted ? fit(profile, fragment->trace) : STATUS_OK;
}

/* --- the machine -------------------------------------------------------- */

/* A size as kalloc_boot() reads it, in bytes; 0 for one that it will refuse. */
static unsigned long bytes_of(const char *size)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	char *end;
	unsigned long number = strtoul(size, &end, 0);

	if (end == size || (*end && end[1]))
		return 0;
	suffix = *end ? strchr(suffixes, *end | 0x20) : NULL;
	return suffix ? number << (10 * (suffix - suffixes + 1)) : number;
}

static struct kalloc_machine *boot(struct fragment *fragment)
{
	const char *mem = fragment->mem ? fragment->mem : DEFAULT_MEM;
	char cmdline[160];

	if (fragment->cmdline)
		return kalloc_boot(fragment->cmdline);
	if (fragment->profile.nid == KALLOC_FRAGMENT_LARGEST)
		fragment->profile.nid = CONTEST_NODE;
	snprintf(cmdline, sizeof(cmdline), "nr_cpus=1 kalloc.nodes=%s,%s",
		 bytes_of(mem) <= LOW_NODE_MOST ? LOW_NODE : HIGH_NODE, mem);
	return kalloc_boot(cmdline);
}

/* --- what is shown ------------------------------------------------------ */

static void show(const struct fragment *fragment)
{
	struct kalloc_fragment_report report;
	char text[128];

	kalloc_fragment_measure(fragment->fragmentation, &report);
	if (fragment->has_profile) {
		/* Of a long mix the beginning. */
		size_t len = kalloc_fragment_show(&fragment->profile, text, sizeof(text));

		printf("%s%s\n", text, len < sizeof(text) ? "" : "...");
	}
	fragment_report(&report, stdout);
	pagemap_show(fragment->map, stdout);
}

/* Return: whether the level could be sustained. */
static bool show_round(struct fragment *fragment, const struct load *load)
{
	struct kalloc_fragment_report before, after;
	int err;

	kalloc_fragment_measure(fragment->fragmentation, &before);
	err = kalloc_fragment_sustain(fragment->fragmentation);
	kalloc_fragment_measure(fragment->fragmentation, &after);
	printf("%10lu %8lu", load->steps, load->frames);
	fragment_show_index(fragment_level_now(&before), 10, stdout);
	fragment_show_index(fragment_level_now(&after), 11, stdout);
	printf("%10lu%s\n",
	       after.nr_held[MIGRATE_UNMOVABLE] + after.nr_held[MIGRATE_MOVABLE] +
		       after.nr_held[MIGRATE_RECLAIMABLE],
	       err ? "  out of reach" : "");
	return !err;
}

static bool sustain(struct fragment *fragment)
{
	struct kalloc_fragment_report report;
	bool sustained = true;
	struct load load;

	kalloc_fragment_measure(fragment->fragmentation, &report);
	load_begin(&load, report.nid, fragment->profile.seed, report.nr_free / 4);
	puts("\n  requests   in use    before  sustained      held");
	for (unsigned long round = 1; round <= LOAD_ROUNDS; round++) {
		load_run(&load, fragment->load * round / LOAD_ROUNDS - load.steps);
		recorder_step(fragment->recorder, "load");
		sustained = show_round(fragment, &load) && sustained;
		recorder_step(fragment->recorder, "sustained");
	}
	load_end(&load);
	return sustained;
}

/* With the profile applied. */
static int work(struct fragment *fragment)
{
	char *message;

	recorder_step(fragment->recorder, "applied");
	show(fragment);
	if (fragment->save) {
		message = layout_save(fragment->fragmentation,
				      fragment->has_profile ? &fragment->profile : NULL,
				      fragment->save);
		if (message) {
			complain(message);
			free(message);
			return STATUS_FAILED;
		}
	}
	return fragment->load && !sustain(fragment) ? STATUS_FAILED : STATUS_OK;
}

static int apply(struct fragment *fragment)
{
	struct kalloc_machine *machine;
	int status = read_profile(fragment), err;

	if (status != STATUS_OK)
		return status;
	machine = boot(fragment);
	if (!machine)
		return errno == ENOMEM ? STATUS_FAILED : STATUS_USAGE;
	kalloc_enter(machine);
	kalloc_set_cpu(0);
	if (recorder_open(&fragment->recorder, &fragment->page)) {
		status = STATUS_FAILED;
	} else {
		err = kalloc_fragment_apply(&fragment->profile, &fragment->fragmentation);
		if (err)
			status = err == -ENOMEM ? STATUS_FAILED : STATUS_USAGE;
		else
			status = work(fragment);
		if (recorder_close(fragment->recorder, !err))
			status = STATUS_FAILED;
	}
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return status;
}

static int restore(struct fragment *fragment)
{
	struct layout layout;
	int status;
	char *message = layout_restore(&layout, fragment->restore, &status);

	if (message) {
		complain(message);
		free(message);
		return status;
	}
	fragment->profile = layout.profile;
	fragment->has_profile = layout.has_profile;
	fragment->fragmentation = layout.fragmentation;
	if (recorder_open(&fragment->recorder, &fragment->page)) {
		status = STATUS_FAILED;
	} else {
		status = work(fragment);
		if (recorder_close(fragment->recorder, true))
			status = STATUS_FAILED;
	}
	layout_end(&layout);
	return status;
}

int command_fragment(int argc, char **argv)
{
	static const struct argp_child children[] = { { &recorder_argp, 0, NULL, 2 }, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.args_doc = "PROFILE",
		.doc = "Fragment memory as a profile says, and print how far it got.\v"
		       "PROFILE is checkerboard, random, unmovable-scatter, movable-only, aged, "
		       "target or " FITTED ", an aged one whose sizes and lives are those of a "
		       "trace. Words may follow in quotes or be given as options: 'target order=9 "
		       "index=0.8' is target --order 9 --index 0.8. kalloc/fragment.h tells what "
		       "they mean.\n\n"
		       "For each order the free blocks, and the unusable_index and extfrag_index of "
		       "Linux: what the profile aims at, and what is.\n\n"
		       "  kalloc fragment target --order 9 --index 0.8 --save L; kalloc parity L",
	};
	struct fragment fragment = { .map = PAGEMAP_NONE, .page.command = "kalloc fragment" };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &fragment);
	fragment.page.title = fragment.restore ? fragment.restore : fragment.name;
	status = fragment.restore ? restore(&fragment) : apply(&fragment);
	free(fragment.words);
	return status;
}
