/* SPDX-License-Identifier: MIT */
/* What the numbers in records stand for: caches and threads. */
#include "trace.h"
#include "trace_memory.h"

/* Under names_lock. A cache whose size is known may turn out to be another one's twin. */
static void find_twins(struct trace_cache *caches, u32 nr_caches, u32 number)
{
	struct trace_cache *cache = &caches[number];

	for (u32 i = 1; i <= nr_caches; i++) {
		if (i == number || caches[i].size != cache->size)
			continue;
		WRITE_ONCE(caches[i].is_twin, true);
		WRITE_ONCE(cache->is_twin, true);
	}
}

/* Under names_lock. */
static u32 number_new(struct tracer *tracer, struct trace_cache *caches, const char *name)
{
	struct trace_cache *cache;

	if (tracer->nr_caches + 1 >= TRACE_CACHES)
		return 0;
	cache = &caches[++tracer->nr_caches];
	strncpy(cache->name, name, sizeof(cache->name) - 1);
	return tracer->nr_caches;
}

cold_path u32 trace_cache_number(struct kalloc_machine *m, u32 *number, const char *name, u32 size)
{
	struct tracer *tracer = m->tracer;
	struct trace_names *names = __atomic_load_n(&tracer->names, __ATOMIC_ACQUIRE);
	u32 known = READ_ONCE(*number);

	if (!names || (known && READ_ONCE(names->caches[known].size) == size))
		return known;
	lock_take(&tracer->names_lock);
	if (!*number)
		WRITE_ONCE(*number, number_new(tracer, names->caches, name));
	known = *number;
	if (known && names->caches[known].size != size) {
		WRITE_ONCE(names->caches[known].size, size);
		find_twins(names->caches, tracer->nr_caches, known);
	}
	lock_drop(&tracer->names_lock);
	return known;
}

const struct trace_cache *trace_cache_of(const struct kalloc_machine *m, u32 number)
{
	static const struct trace_cache unknown;
	const struct trace_names *names = m->tracer->names;

	return names && number < TRACE_CACHES ? &names->caches[number] : &unknown;
}

void trace_rename_thread(struct trace_thread *thread, int pid, const u64 comm[2])
{
	/* Who reads meanwhile finds that it is nobody's, or another's name, cut at worst. */
	WRITE_ONCE(thread->pid, 0);
	WRITE_ONCE(thread->comm[0], comm[0]);
	WRITE_ONCE(thread->comm[1], comm[1]);
	__atomic_store_n(&thread->pid, (u64)pid, __ATOMIC_RELEASE);
}

void trace_thread_name(const struct kalloc_machine *m, int pid, char comm[16])
{
	const struct trace_names *names = m->tracer->names;
	const struct trace_thread *thread;
	u64 words[ARRAY_SIZE(thread->comm)] = { 0 };

	if (names) {
		thread = &names->threads[(unsigned int)pid % TRACE_THREADS];
		if (__atomic_load_n(&thread->pid, __ATOMIC_ACQUIRE) == (u64)pid) {
			words[0] = READ_ONCE(thread->comm[0]);
			words[1] = READ_ONCE(thread->comm[1]);
		}
	}
	memcpy(comm, words, sizeof(words));
	comm[15] = '\0';
	if (!names || thread->pid != (u64)pid)
		strcpy(comm, "<...>");
	else if (!comm[0])
		strcpy(comm, "kalloc");
}
