/* SPDX-License-Identifier: MIT */
/*
 * The files under /sys/kernel/tracing, with the kernel's names and rules:
 *
 *   trace             what was recorded; reading takes nothing out, writing forgets it
 *   trace_pipe        the same, taken out as it is read; does not wait for more
 *   trace_marker      takes a text as a mark
 *   tracing_on        0: nothing is recorded, whatever is wanted; rings stay
 *   set_event         the events that are wanted; a write replaces them
 *   available_events  those there are
 *   events/<group>/<event>/enable, events/<group>/enable, events/enable
 *                     1, 0; X: some of them
 *   buffer_size_kb    of each CPU's ring; buffer_total_size_kb: of all of them
 *   trace_clock       [local] counter mono: the one in brackets makes the stamps
 *
 * Differs from Linux 6.1: what those files do that are not here; a write to set_event is
 * always one by ">", which forgets what was wanted before; rings are rounded to powers of 2.
 */
#ifndef PROC_TRACE_FILES_H
#define PROC_TRACE_FILES_H

#include "machine.h"
#include "text.h"

#define TRACING "/sys/kernel/tracing/"

void trace_show(struct text *text, struct kalloc_machine *m);
int trace_store(struct kalloc_machine *m, const char *input);
int trace_marker_store(struct kalloc_machine *m, const char *input);
void tracing_on_show(struct text *text, struct kalloc_machine *m);
int tracing_on_store(struct kalloc_machine *m, const char *input);
void set_event_show(struct text *text, struct kalloc_machine *m);
int set_event_store(struct kalloc_machine *m, const char *input);
void available_events_show(struct text *text, struct kalloc_machine *m);
void buffer_size_show(struct text *text, struct kalloc_machine *m);
int buffer_size_store(struct kalloc_machine *m, const char *input);
void buffer_total_size_show(struct text *text, struct kalloc_machine *m);
void trace_clock_show(struct text *text, struct kalloc_machine *m);
int trace_clock_store(struct kalloc_machine *m, const char *input);

/*
 * Take whole lines of trace_pipe, as many as fit in @buf. Return: bytes stored, not
 * terminated; 0 if there are none or the first one does not fit; -ENOMEM.
 */
long trace_pipe_take(struct kalloc_machine *m, char *buf, size_t size);

/*
 * Files of events: TRACING "events/<group>/<event>/enable" and the like.
 * Return: 0; -ENOENT if @path is none of them; -EINVAL for a bad @input; -ENOMEM.
 */
int trace_enable_show(struct text *text, struct kalloc_machine *m, const char *path);
int trace_enable_store(struct kalloc_machine *m, const char *path, const char *input);

/* The path of number @index of them, or NULL past the last. */
const char *trace_enable_path(unsigned int index);

#endif
