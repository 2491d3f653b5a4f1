/* SPDX-License-Identifier: MIT */
/* What a replay has to tell: of the trace, of its events, of the machine at the end. */
#ifndef TOOLS_REPORT_H
#define TOOLS_REPORT_H

#include <stdio.h>

#include "player.h"

/* What the plan found out about the trace, and the machine made for it. */
void report_plan(const struct plan *plan, const char *path, const char *cmdline, FILE *out);

/* What became of the events, and the peak. */
void report_events(const struct player *player, FILE *out);

/* The current machine's files beside those of the log's state "after". */
void report_files(const struct plan *plan, unsigned long nr_caches, FILE *out);

/*
 * The last lines: slab pages here and there. @traced_only is the figure of the
 * play without the objects born before, 0 if there was none such.
 */
void report_verdict(const struct player *player, unsigned long traced_only, FILE *out);

#endif
