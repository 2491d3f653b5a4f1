/* SPDX-License-Identifier: MIT */
/*
 * The top of the house: what machine.c and fork.c share.
 *
 * The directory is the list of the machines that have booted, and the table of
 * addresses in base/machine.h. One lock guards both and is held while a machine
 * boots or halts and around a fork: whoever has it sees whole machines only. It is
 * the outermost lock of the library.
 */
#ifndef TOP_H
#define TOP_H

#include "machine.h"
#include "plat.h"
#include "trace.h"

/* The rooms that keep something in a machine, lowest first. */
struct room {
	void (*measure)(const struct kalloc_machine *m, struct tables *tables); /* what boot cuts */
	int (*boot)(struct kalloc_machine *m);
	void (*halt)(struct kalloc_machine *m);
	void (*freeze)(struct kalloc_machine *m);
	void (*thaw)(struct kalloc_machine *m);
};

#define NR_ROOMS 3
extern const struct room rooms[NR_ROOMS];

/* A machine as it lies at the head of its tables: what every room sees, and the top's own. */
struct machine_top {
	struct kalloc_machine m;
	struct ram copy; /* fork.c: of its memory, from prepare to parent or child */
	bool has_copy;
	char build[16]; /* look.c: of the library that boots it, not terminated */
	struct tracer tracer;
	char cmdline[];
};

/* True in the child of a fork for a machine whose memory could not be copied (fork.c). */
static inline bool machine_is_lost(const struct kalloc_machine *m)
{
	return !m->page;
}

extern struct lock directory_lock;
extern struct kalloc_machine *directory_machines; /* through next; under directory_lock */

/* Have machine_of() find @value for all addresses of @m. */
void directory_set(const struct kalloc_machine *m, struct kalloc_machine *value);

/* Say in @top which build this is. */
void look_sign(struct machine_top *top);

/* Make a machine of private memory findable, whose memory is mapped. */
void look_mark(struct kalloc_machine *m);

/* Have every fork from now on give the child its own machines. Return: 0 or -ENOMEM. */
int fork_watch(void);

#endif
