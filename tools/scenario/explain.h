/* SPDX-License-Identifier: MIT */
/* Why the last call of a script went the way it did. */
#ifndef SCENARIO_EXPLAIN_H
#define SCENARIO_EXPLAIN_H

#include "session.h"

/* A call begins: what is noted from now on is its own. */
void explain_begin(struct session *session);

/* The call gives @thing back. */
void explain_gone(struct session *session, struct thing *thing);

/*
 * The last call in words: what the library noted of a request; of a block of pages that was
 * given back, where its frames are now. Return: the text, "" if there is nothing to say;
 * free() gives it back.
 */
char *explain_text(const struct session *session);

#endif
