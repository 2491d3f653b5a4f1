/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

#define BAR_WIDTH 40

void progress_begin(struct progress *progress, const char *label, int rounds)
{
	*progress = (struct progress){ .label = label, .rounds = rounds, .round = -1, .drawn = -1 };
	progress->on = isatty(STDERR_FILENO);
}

void progress_update(struct progress *progress, double fraction)
{
	int mille, full;

	progress->round += fraction == 0;
	mille = (int)((progress->round + fraction) * 1000 / progress->rounds);
	if (!progress->on || mille <= progress->drawn)
		return;
	progress->drawn = mille;
	full = mille * BAR_WIDTH / 1000;
	fprintf(stderr, "\r%s [%.*s%*s] %3d %%", progress->label, full,
		"########################################", BAR_WIDTH - full, "", mille / 10);
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->on && progress->drawn >= 0)
		fputs("\r\033[K", stderr);
	progress->on = false;
}
