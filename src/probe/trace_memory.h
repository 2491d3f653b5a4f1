/* SPDX-License-Identifier: MIT */
/* What the parts of the tracer (trace.h) share: its memory. */
#ifndef PROBE_TRACE_MEMORY_H
#define PROBE_TRACE_MEMORY_H

#include "trace.h"

/* The rings, one for each CPU; their slots lie behind. */
struct trace_memory {
	struct trace_memory *next; /* abandoned before this one */
	size_t bytes;		   /* of all of it */
	unsigned int nr_rings;
	struct ring rings[];
};

/* The name that a thread was last seen with; of threads with like numbers, the last one. */
struct trace_thread {
	u64 pid; /* 0: nobody; stored last */
	u64 comm[2];
};

struct trace_names {
	struct trace_thread threads[TRACE_THREADS];
	struct trace_cache caches[TRACE_CACHES]; /* by number; none is 0 */
};

void trace_rename_thread(struct trace_thread *thread, int pid, const u64 comm[2]);

/* Remember what the calling thread, @pid, is called now; "": nothing. */
static inline void trace_note_thread(struct trace_names *names, int pid)
{
	struct trace_thread *thread = &names->threads[(unsigned int)pid % TRACE_THREADS];
	u64 comm[2];

	memcpy(comm, kalloc_self.task.comm, sizeof(comm));
	if (unlikely(READ_ONCE(thread->pid) != (u64)pid || READ_ONCE(thread->comm[0]) != comm[0] ||
		     READ_ONCE(thread->comm[1]) != comm[1]))
		trace_rename_thread(thread, pid, comm);
}

/* Under tracer->lock. Have rings and names. Return: 0 or -ENOMEM. */
int trace_memory_make(struct kalloc_machine *m);

#endif
