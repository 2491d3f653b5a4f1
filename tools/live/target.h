/* SPDX-License-Identifier: MIT */
/*
 * A process that is looked at: where its machines are (kalloc/look.h says how they are
 * found) and what its address space holds, as /proc/PID/maps had it.
 */
#ifndef LIVE_TARGET_H
#define LIVE_TARGET_H

#include <stdbool.h>
#include <sys/types.h>

struct span {
	unsigned long start, end;
};

struct target {
	pid_t pid;
	char comm[32];
	unsigned long *heads; /* of the machines, by address */
	size_t nr_heads, heads_room;
	struct span *spans; /* what can be read, neighbours as one */
	size_t nr_spans, spans_room;
};

/*
 * Read what there is to know of process @pid.
 * Return: 0 with @target filled, to be given to target_free(), also if it has no machine;
 * -1 with errno set: ESRCH, EACCES ...
 */
int target_read(struct target *target, pid_t pid);
void target_free(struct target *target);

/* Call @found for each process that has machines and may be looked at, by number. */
void target_each(void (*found)(const struct target *target, void *ctx), void *ctx);

#endif
