/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdlib.h>

#include "commands.h"
#include "contest.h"
#include "divergence.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	char ***files = state->input;

	switch (key) {
	case ARGP_KEY_ARGS:
		*files = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no FILE given");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Play all calls. Return: the first with another outcome, or the number of calls. */
static size_t play(struct contest *contest)
{
	const struct transcript *transcript = contest->transcript;
	size_t first = transcript->nr_calls;

	for (size_t i = 0; i < transcript->nr_calls; i++) {
		if (contest_call(contest) != transcript->calls[i].pfn && i < first)
			first = i;
	}
	return first;
}

static int compare(const char *path, const struct transcript *transcript)
{
	struct kalloc_zone_state state;
	struct contest contest;
	enum contest_status ready = contest_begin(&contest, transcript);
	size_t first;
	bool differ;

	if (ready != CONTEST_READY) {
		fprintf(stderr, "kalloc parity: %s: %s\n", path, contest.why);
		return ready == CONTEST_NO_HOST ? STATUS_FAILED : STATUS_USAGE;
	}
	first = play(&contest);
	state = contest_state(&contest);
	contest_end(&contest);

	differ = divergence_at_end(&transcript->after, &state, NULL);
	printf("%s: frames %lu/%lu, failures %lu/%lu, final lists %s\n", path,
	       contest.nr_frames_alike, contest.nr_frames, contest.nr_failures_alike,
	       contest.nr_failures, differ ? "differ" : "equal");
	if (first < transcript->nr_calls)
		divergence_tell_call(transcript, first, stdout);
	else if (differ)
		divergence_at_end(&transcript->after, &state, stdout);
	transcript_state_fini(&state);
	return differ || first < transcript->nr_calls ? STATUS_FAILED : STATUS_OK;
}

static int read_and_compare(const char *path)
{
	struct transcript transcript;
	char *message = transcript_read(&transcript, path);
	int status;

	if (message) {
		fprintf(stderr, "kalloc parity: %s\n", message);
		status = STATUS_USAGE;
	} else {
		status = compare(path, &transcript);
	}
	free(message);
	transcript_fini(&transcript);
	return status;
}

int command_parity(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "FILE...",
		.doc = "Compare the page allocator, frame by frame, with transcripts of a Linux "
		       "kernel.\v"
		       "FILE is a transcript, plain, gzip or xz: a zone's state, the allocations "
		       "and frees that a kernel did on it, and the zone's state afterwards "
		       "(tests/parity makes them). The state is put into a machine, the calls are "
		       "made, and every frame, every failure and the final state are compared. "
		       "For each file one line tells how many were alike; where the sides first "
		       "differ is told below it.\n\n"
		       "Exit status: 0 if everything was alike in all files, 1 if not, 2 for bad "
		       "arguments or a bad file.",
	};
	char **files = NULL;
	int worst = STATUS_OK;

	argp_parse(&argp, argc, argv, 0, NULL, &files);
	for (; *files; files++) {
		int status = read_and_compare(*files);

		worst = status > worst ? status : worst;
	}
	return worst;
}
