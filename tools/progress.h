/* SPDX-License-Identifier: MIT */
/*
 * A progress bar on standard error, if that is a terminal; nothing otherwise.
 * The work is a number of like rounds, and the bar is one for all of them.
 */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>

struct progress {
	const char *label;
	int rounds, round; /* round is -1 before the first */
	int drawn;	   /* per mille last drawn */
	bool on;
};

void progress_begin(struct progress *progress, const char *label, int rounds);

/* @fraction of the present round is done; exactly 0 begins the next one. */
void progress_update(struct progress *progress, double fraction);

/* Take the bar away. */
void progress_end(struct progress *progress);

#endif
