/* SPDX-License-Identifier: MIT */
/* Words: each note of an explained request (kalloc/explain.h) as a line. */
#ifndef PROC_WORDS_H
#define PROC_WORDS_H

#include <kalloc/explain.h>

#include "text.h"

/*
 * Add what @note says, without an end of line. @order is that of the request for pages that
 * it is on the way of.
 */
void words_add(struct text *text, const struct kalloc_note *note, unsigned int order);

/* "GFP_KERNEL|__GFP_NOWARN" */
void words_add_gfp(struct text *text, gfp_t gfp);

#endif
