/* SPDX-License-Identifier: MIT */
#include "owner.h"
#include "plat.h"

struct owner_table {
	unsigned long nr_frames;
	struct owner_record records[]; /* by frame */
};

#define RECORD_WORDS (sizeof(struct owner_record) / sizeof(u64))
_Static_assert(sizeof(struct owner_record) % sizeof(u64) == 0, "copied by words");
_Static_assert(offsetof(struct owner_record, version) == 0, "the first of them, written last");

static size_t table_bytes(unsigned long nr_frames)
{
	return sizeof(struct owner_table) + nr_frames * sizeof(struct owner_record);
}

int owner_boot(struct kalloc_machine *m, unsigned long nr_frames)
{
	struct owner_table *table = map_alloc(table_bytes(nr_frames));

	if (!table)
		return -ENOMEM;
	table->nr_frames = nr_frames;
	stack_prepare();
	m->owners = table;
	return 0;
}

void owner_halt(struct kalloc_machine *m)
{
	if (m->owners)
		map_free(m->owners, table_bytes(m->owners->nr_frames));
	m->owners = NULL;
}

/* Fill a record for those that read it meanwhile: all of it or nothing. */
static void record_write(struct owner_record *record, const struct owner_record *from)
{
	const u64 *word = (const u64 *)from;
	u64 *to_word = (u64 *)record;
	/* Odd already, if a fork caught a thread here that the child has not. */
	u64 filling = record->version | 1;

	WRITE_ONCE(record->version, filling);
	/* Pairs with the acquire fence in owner_read(): who saw a word sees this version. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	for (size_t i = 1; i < RECORD_WORDS; i++)
		WRITE_ONCE(to_word[i], word[i]);
	/* Pairs with the acquire in owner_read(): who sees this version sees the words. */
	__atomic_store_n(&record->version, filling + 1, __ATOMIC_RELEASE);
}

racy_read bool owner_read(const struct kalloc_machine *m, unsigned long pfn,
			  struct owner_record *copy)
{
	const struct owner_table *table = m->owners;
	u64 *to_word = (u64 *)copy;
	volatile const u64 *word;

	if (!table || pfn >= table->nr_frames)
		return false;
	word = (volatile const u64 *)&table->records[pfn];
	copy->version = __atomic_load_n(word, __ATOMIC_ACQUIRE);
	if (!copy->version || copy->version & 1)
		return false;
	for (size_t i = 1; i < RECORD_WORDS; i++)
		to_word[i] = word[i];
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return copy->allocated && *word == copy->version;
}

cold_path void owner_fill(struct owner_table *table, unsigned long pfn, unsigned int order,
			  gfp_t gfp)
{
	struct owner_record *record = &table->records[pfn];
	struct thread_numbers who = thread_numbers();
	struct owner_record filled = {
		.ts_ns = clock_ns(),
		.free_ts_ns = record->free_ts_ns,
		.gfp = gfp,
		.pid = who.pid,
		.tgid = who.tgid,
		.order = (u8)order,
		.migrate_reason = OWNER_NOT_MIGRATED,
		.allocated = true,
	};

	memccpy(filled.comm, task_name(), '\0', sizeof(filled.comm) - 1);
	filled.nr_stack = (u8)stack_save(filled.stack, __builtin_return_address(0));
	record_write(record, &filled);
}

cold_path void owner_clear(struct owner_table *table, unsigned long pfn, unsigned int order)
{
	struct owner_record *record = &table->records[pfn];
	u64 now = clock_ns();

	for (unsigned long nr = 1UL << order; nr--; record++) {
		WRITE_ONCE(record->allocated, false);
		WRITE_ONCE(record->free_ts_ns, now);
	}
}

cold_path void owner_spread(struct owner_table *table, unsigned long pfn, unsigned int order)
{
	struct owner_record *record = &table->records[pfn], single = *record;

	if (!single.allocated)
		return;
	single.order = 0;
	for (unsigned long i = 0; i < 1UL << order; i++) {
		single.free_ts_ns = record[i].free_ts_ns;
		record_write(&record[i], &single);
	}
}

cold_path void owner_move(struct owner_table *table, unsigned long from, unsigned long to,
			  int reason)
{
	struct owner_record moved = table->records[from];

	if (!moved.allocated)
		return;
	moved.migrate_reason = (s8)reason;
	/* 6.1 says so, and so do its files: the time of a moved page is told twice. */
	moved.free_ts_ns = moved.ts_ns;
	record_write(&table->records[to], &moved);
}

cold_path void owner_note_reason(struct owner_table *table, unsigned long pfn, int reason)
{
	WRITE_ONCE(table->records[pfn].migrate_reason, (s8)reason);
}
