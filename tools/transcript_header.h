/* SPDX-License-Identifier: MIT */
/* The first line of a frame transcript, "# zone ..." (transcript.h). */
#ifndef TOOLS_TRANSCRIPT_HEADER_H
#define TOOLS_TRANSCRIPT_HEADER_H

#include "source.h"
#include "transcript.h"

/* Fill in both states but for their arrays. What is wrong is noted by source_fail(). */
void transcript_header_read(struct transcript *transcript, struct source *source,
			    const char *header);

/* Write the line. */
void transcript_header_write(const struct transcript *transcript, FILE *out);

#endif
