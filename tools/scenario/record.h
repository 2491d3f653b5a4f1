/* SPDX-License-Identifier: MIT */
/* Tells the session's recorder what verbs did. Without one nothing happens. */
#ifndef SCENARIO_RECORD_H
#define SCENARIO_RECORD_H

#include "recorder.h"
#include "verb.h"

/* A verb was called with @args and returned @result. */
void record_call(struct session *session, const struct args *args, struct value result);

/* @event has happened. */
void record_event(struct session *session, const struct recorder_event *event);

/* What giving @thing back is to be told as; to be asked while it is alive. */
struct recorder_event record_of(const char *verb, const struct thing *thing);

#endif
