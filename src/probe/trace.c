/* SPDX-License-Identifier: MIT */
/* Switching, and writing records. */
#include "trace.h"
#include "trace_memory.h"

/* Rings are this large unless trace_buf_size= or buffer_size_kb say otherwise. */
#define RING_DEFAULT (2UL << 20)

/* All that can be wanted. */
#define ALL_EVENTS ((1ULL << NR_TRACE_EVENTS) - 2)

/* All calls whose beginning and end are marked. */
#define CALL_MARKS ((1ULL << NR_TRACE_IDS) - (1ULL << TRACE_ID_cache_exists))

void tracer_init(struct kalloc_machine *m, struct tracer *tracer)
{
	*tracer = (struct tracer){ .is_on = true, .ring_bytes = RING_DEFAULT };
	lock_init(&tracer->lock, RANK_NONE);
	lock_init(&tracer->names_lock, RANK_TRACE);
	m->tracer = tracer;
	m->traced = m->params.kasan ? TRACE_KASAN : 0;
}

void tracer_fini(struct kalloc_machine *m)
{
	struct tracer *tracer = m->tracer;
	struct trace_memory *memory = tracer->memory;

	m->traced = 0;
	tracer->recorded = 0;
	while (memory) {
		struct trace_memory *next = memory->next;

		map_free(memory, memory->bytes);
		memory = next;
	}
	if (tracer->names)
		map_free(tracer->names, sizeof(*tracer->names));
	tracer->memory = NULL;
	tracer->names = NULL;
}

void trace_follow(struct kalloc_machine *m, void (*follow)(struct kalloc_machine *m))
{
	struct tracer *tracer = m->tracer;

	for (u32 i = 0; i < tracer->nr_followers; i++) {
		if (tracer->followers[i] == follow)
			return;
	}
	TRAP_IF(tracer->nr_followers == TRACE_FOLLOWERS);
	tracer->followers[tracer->nr_followers++] = follow;
}

/* --- writing ------------------------------------------------------------- */

static never_inline u64 stamp_slow(struct tracer *tracer)
{
	if (READ_ONCE(tracer->clock) == TRACE_CLOCK_MONO)
		return clock_ns();
	if (is_alone())
		return ++tracer->count;
	return __atomic_add_fetch(&tracer->count, 1, __ATOMIC_RELAXED);
}

static inline u64 stamp_now(struct tracer *tracer)
{
	if (likely(READ_ONCE(tracer->clock) == TRACE_CLOCK_LOCAL))
		return ticks_now();
	return stamp_slow(tracer);
}

/* The clock that counts gives each event a number of its own. */
u64 trace_stamp(const struct kalloc_machine *m)
{
	return READ_ONCE(m->tracer->clock) == TRACE_CLOCK_LOCAL ? ticks_now() : 0;
}

static inline u64 context(void)
{
	unsigned int count = kalloc_self.task.preempt_count & ~TASK_NO_COUNT;

	if (likely(!count))
		return 0;
	return min(count & ~KALLOC_IRQ_MASK, 15u) | (count & KALLOC_IRQ_MASK ? TRACE_IN_IRQ : 0);
}

static inline void record_write(struct tracer *tracer, enum trace_id id, u64 stamp,
				const u64 *words, size_t nr)
{
	struct trace_memory *memory = __atomic_load_n(&tracer->memory, __ATOMIC_ACQUIRE);
	int pid = thread_numbers().pid;
	struct ring_slot *slot;
	u64 number;

	slot = ring_claim(&memory->rings[cpu_current(memory->nr_rings)], &number);
	ring_put(slot, 0, stamp ?: stamp_now(tracer));
	ring_put(slot, 1, (u32)pid | (u64)id << 32 | context() << 48);
	for (unsigned int i = 0; i < nr; i++)
		ring_put(slot, TRACE_HEAD_WORDS + i, words[i]);
	ring_publish(slot, number);
	trace_note_thread(tracer->names, pid);
}

void trace_write(struct kalloc_machine *m, enum trace_id id, u64 stamp, const void *words,
		 size_t nr_words)
{
	struct tracer *tracer = m->tracer;

	if (usdt_is_wanted())
		trace_fire(m, id, words);
	if (likely(READ_ONCE(tracer->recorded) & 1ULL << id))
		record_write(tracer, id, stamp, words, nr_words);
}

int trace_mark(struct kalloc_machine *m, const char *text, size_t len)
{
	struct tracer *tracer = m->tracer;
	int err;

	lock_take(&tracer->lock);
	err = trace_memory_make(m);
	lock_drop(&tracer->lock);
	if (err)
		return err;
	while (len && READ_ONCE(tracer->is_on)) {
		u64 words[TRACE_FIELDS_MOST] = { 0 };
		size_t piece = min(len, (size_t)TRACE_TEXT_BYTES - 1);

		memcpy(words, text, piece);
		record_write(tracer, TRACE_ID_print, 0, words, ARRAY_SIZE(words));
		text += piece;
		len -= piece;
	}
	return 0;
}

/* --- switching ----------------------------------------------------------- */

static u64 ring_bytes_for(u64 bytes)
{
	return roundup_pow2(clamp(bytes, (u64)TRACE_RING_LEAST, (u64)TRACE_RING_MOST));
}

static struct trace_memory *rings_make(unsigned long nr_cpus, u64 ring_bytes)
{
	size_t head = PAGE_ALIGN(sizeof(struct trace_memory) + nr_cpus * sizeof(struct ring));
	size_t bytes = head + nr_cpus * ring_bytes;
	struct trace_memory *memory = map_alloc(bytes);

	if (!memory)
		return NULL;
	memory->bytes = bytes;
	memory->nr_rings = (unsigned int)nr_cpus;
	for (unsigned long cpu = 0; cpu < nr_cpus; cpu++)
		ring_init(&memory->rings[cpu],
			  (struct ring_slot *)((char *)memory + head + cpu * ring_bytes),
			  ring_bytes / RING_SLOT_BYTES);
	return memory;
}

static int names_make(struct tracer *tracer)
{
	struct trace_names *names;

	if (tracer->names)
		return 0;
	names = map_alloc(sizeof(*names));
	__atomic_store_n(&tracer->names, names, __ATOMIC_RELEASE);
	return names ? 0 : -ENOMEM;
}

int trace_memory_make(struct kalloc_machine *m)
{
	struct tracer *tracer = m->tracer;

	if (names_make(tracer))
		return -ENOMEM;
	if (!tracer->memory) {
		struct trace_memory *memory = rings_make(m->params.nr_cpus, tracer->ring_bytes);

		if (!memory)
			return -ENOMEM;
		ticks_prepare();
		__atomic_store_n(&tracer->memory, memory, __ATOMIC_RELEASE);
	}
	return 0;
}

/* Under tracer->lock. Let everybody know who wants what. */
static void spread(struct kalloc_machine *m)
{
	struct tracer *tracer = m->tracer;
	u64 recorded = tracer->is_on ? tracer->wanted : 0;
	u64 traced;

	if (recorded & TRACE_OBJECTS)
		recorded |= CALL_MARKS;
	traced = recorded;
	/* Without names they do without names. */
	if (usdt_is_wanted() && names_make(tracer) == 0)
		traced |= ALL_EVENTS | TRACE_PROBED;
	if (tracer->observer)
		traced |= TRACE_OBSERVED;
	if (m->params.kasan)
		traced |= TRACE_KASAN;
	WRITE_ONCE(tracer->recorded, recorded);
	if (traced == m->traced)
		return;
	__atomic_store_n(&m->traced, traced, __ATOMIC_RELEASE);
	for (u32 i = 0; i < tracer->nr_followers; i++)
		tracer->followers[i](m);
}

void trace_poll(struct kalloc_machine *m)
{
	struct tracer *tracer = m->tracer;

	if (usdt_is_wanted() == !!(READ_ONCE(m->traced) & TRACE_PROBED) || task_must_not_sleep() ||
	    !lock_try(&tracer->lock))
		return;
	spread(m);
	lock_drop(&tracer->lock);
}

int trace_want(struct kalloc_machine *m, u64 which, u64 wanted)
{
	struct tracer *tracer = m->tracer;
	int err = 0;

	which &= ALL_EVENTS;
	lock_take(&tracer->lock);
	wanted = (tracer->wanted & ~which) | (wanted & which);
	if (wanted)
		err = trace_memory_make(m);
	if (!err) {
		WRITE_ONCE(tracer->wanted, wanted);
		spread(m);
	}
	lock_drop(&tracer->lock);
	return err;
}

void trace_observe(struct kalloc_machine *m, const struct kalloc_observer *observer)
{
	struct tracer *tracer = m->tracer;

	lock_take(&tracer->lock);
	WRITE_ONCE(tracer->observer, observer);
	spread(m);
	lock_drop(&tracer->lock);
}

void trace_switch(struct kalloc_machine *m, bool on)
{
	struct tracer *tracer = m->tracer;

	lock_take(&tracer->lock);
	WRITE_ONCE(tracer->is_on, on);
	spread(m);
	lock_drop(&tracer->lock);
}

/* Under tracer->lock. Whoever still writes to the old rings writes for nobody. */
static int replace_rings(struct kalloc_machine *m, u64 ring_bytes)
{
	struct tracer *tracer = m->tracer;
	struct trace_memory *memory = rings_make(m->params.nr_cpus, ring_bytes);

	if (!memory)
		return -ENOMEM;
	memory->next = tracer->memory;
	if (is_alone()) {
		memory->next = tracer->memory->next;
		map_free(tracer->memory, tracer->memory->bytes);
	}
	__atomic_store_n(&tracer->memory, memory, __ATOMIC_RELEASE);
	tracer->nr_lost = 0;
	return 0;
}

int trace_resize(struct kalloc_machine *m, u64 bytes)
{
	struct tracer *tracer = m->tracer;
	u64 ring_bytes = ring_bytes_for(bytes);
	int err = 0;

	lock_take(&tracer->lock);
	if (tracer->memory && ring_bytes != tracer->ring_bytes)
		err = replace_rings(m, ring_bytes);
	if (!err)
		tracer->ring_bytes = ring_bytes;
	lock_drop(&tracer->lock);
	return err;
}

/* Under tracer->lock. */
static void clear(struct tracer *tracer)
{
	struct trace_memory *memory = tracer->memory;

	for (unsigned int cpu = 0; memory && cpu < memory->nr_rings; cpu++)
		memory->rings[cpu].read = ring_end(&memory->rings[cpu]);
	tracer->nr_lost = 0;
}

void trace_clear(struct kalloc_machine *m)
{
	lock_take(&m->tracer->lock);
	clear(m->tracer);
	lock_drop(&m->tracer->lock);
}

void trace_set_clock(struct kalloc_machine *m, enum trace_clock clock)
{
	struct tracer *tracer = m->tracer;

	lock_take(&tracer->lock);
	if (tracer->clock != clock) {
		WRITE_ONCE(tracer->clock, clock);
		clear(tracer);
	}
	lock_drop(&tracer->lock);
}

/* --- fork ---------------------------------------------------------------- */

void trace_freeze(struct kalloc_machine *m)
{
	lock_take_nested(&m->tracer->lock);
	lock_take_nested(&m->tracer->names_lock);
}

void trace_thaw(struct kalloc_machine *m)
{
	lock_drop(&m->tracer->names_lock);
	lock_drop(&m->tracer->lock);
}

void trace_adopt(struct kalloc_machine *m)
{
	struct trace_memory *memory = m->tracer->memory;

	for (unsigned int cpu = 0; memory && cpu < memory->nr_rings; cpu++)
		ring_adopt(&memory->rings[cpu]);
}
