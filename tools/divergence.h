/* SPDX-License-Identifier: MIT */
/*
 * Where a transcript and its play first differ, as text for the user. Up to there all
 * was alike, so the state before a call that differs is that of both sides; what the
 * transcript's side had on its lists afterwards shows in the frames it gave next.
 */
#ifndef TOOLS_DIVERGENCE_H
#define TOOLS_DIVERGENCE_H

#include <stdio.h>

#include "transcript.h"

/* Tell of call number @at, the first with another outcome: plays the transcript again. */
void divergence_tell_call(const struct transcript *transcript, size_t at, FILE *out);

/*
 * Compare the states at the end. Return: whether they differ; then the first difference is
 * told, unless @out is NULL.
 */
bool divergence_at_end(const struct kalloc_zone_state *theirs, const struct kalloc_zone_state *ours,
		       FILE *out);

#endif
