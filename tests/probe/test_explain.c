/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/explain.c, and what most requests for pages note: a record has the last
 * request, of its own thread alone, with the numbers of its zone and its block; without one
 * nothing is noted, and with one the same frames are handed out.
 */
#include <pthread.h>

#include <kalloc/context.h>
#include <kalloc/fragment.h>

#include "explain.h"
#include "explaining.h"

#define QUIET __GFP_NOWARN

/* Everything is given back. */
static void down(void)
{
	kalloc_explain_stop();
	rig_release(&taken, 0);
	rig_down(&rig);
}

/* --- what most requests meet ------------------------------------------------ */

static void test_first_attempt(void **state)
{
	const struct kalloc_note *note;
	struct zone *zone;
	struct page *page;

	up("mem=64M nr_cpus=1");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 0);
	record_check();
	assert_int_equal(record.notes[0].kind, KALLOC_NOTE_PAGES);
	assert_int_equal(record.notes[0].pages.gfp, GFP_KERNEL | __GFP_ZERO);
	assert_string_equal(record.notes[0].pages.type, "Unmovable");
	assert_int_equal(record.notes[0].pages.nid, NUMA_NO_NODE);
	note = note_find(KALLOC_NOTE_STEP, KALLOC_STEP_FIRST);
	assert_true(note && note->step.mark == KALLOC_MARK_LOW && !note->step.high &&
		    !note->step.atomic && !note->step.no_mixing);
	note = note_find(KALLOC_NOTE_ZONE, KALLOC_ZONE_ALLOWS);
	assert_string_equal(note->zone.name, "DMA32");
	assert_int_equal(note->zone.full, zone_mark(zone, WMARK_LOW));
	assert_int_equal(note->zone.least, note->zone.full);
	assert_int_equal(note->zone.protection, zone->lowmem_reserve[zone_ranks[ZONE_NORMAL]]);
	note = note_find(KALLOC_NOTE_REFILL, 0);
	assert_int_equal(note->refill.pages, max(zone->pcp[0].batch, 2u));
	note = note_find(KALLOC_NOTE_TAKEN, true);
	assert_int_equal(note->taken.count, zone->pcp[0].count);
	assert_int_equal(note->taken.pfn, page_to_pfn(page));
	note = note_find(KALLOC_NOTE_PAGES_END, true);
	assert_int_equal(note->end.pfn, page_to_pfn(page));
	__free_pages(page, 0);

	/* The list is no longer empty, so it is not refilled; and the record has this alone. */
	page = alloc_pages(GFP_KERNEL, 0);
	record_check();
	assert_null(note_find(KALLOC_NOTE_REFILL, 0));
	assert_int_equal(record.nr_notes, 5);
	__free_pages(page, 0);
	down();
}

static void test_zone_block(void **state)
{
	const struct kalloc_note *note;
	unsigned long free[BUDDY_ORDERS];
	struct zone *zone;
	struct page *page;

	up("mem=64M nr_cpus=1");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
		free[order] = zone->buddy.area[order].nr_free;
	page = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 5);
	record_check();
	note = note_find(KALLOC_NOTE_TAKEN, false);
	assert_int_equal(note->taken.pfn, page_to_pfn(page));
	assert_int_equal(zone->buddy.area[note->taken.split].nr_free, free[note->taken.split] - 1);
	for (int order = 5; order < note->taken.split; order++)
		assert_int_equal(zone->buddy.area[order].nr_free, free[order] + 1);
	assert_non_null(strstr(record_text(), "split off a block of order 10"));
	__free_pages(page, 5);
	down();
}

static void test_bulk(void **state)
{
	struct page *pages[20] = { NULL };

	up("mem=64M nr_cpus=1");
	assert_int_equal(alloc_pages_bulk_array(GFP_KERNEL, 20, pages), 20);
	record_check();
	assert_int_equal(record.notes[0].pages.nr, 20);
	assert_note("bulk", KALLOC_NOTE_STEP, KALLOC_STEP_BULK);
	assert_int_equal(note_find(KALLOC_NOTE_ZONE, KALLOC_ZONE_ALLOWS)->zone.block, 20);
	assert_int_equal(note_find(KALLOC_NOTE_PAGES_END, true)->end.nr, 20);
	for (int i = 0; i < 20; i++)
		__free_page(pages[i]);
	down();
}

/* Two attempts are told as one where the second met the same; scopes narrow the flags. */
static void test_scope(void **state)
{
	unsigned int scope;
	struct page *page;

	up("mem=64M nr_cpus=1");
	scope = memalloc_nofs_save();
	page = alloc_pages(GFP_KERNEL, 0);
	memalloc_nofs_restore(scope);
	assert_int_equal(record.notes[0].pages.gfp, GFP_NOFS);
	__free_page(page);
	down();
}

/* --- the record ------------------------------------------------------------- */

/* A record that is full keeps how the request ended, and says how much it lacks. */
static void test_full(void **state)
{
	struct page *page;
	char end[128];

	up("mem=64M nr_cpus=1");
	page = alloc_pages(GFP_KERNEL, 0);
	__free_page(page);
	/* As if it had asked for much before. */
	record.level = 1;
	record.nr_notes = KALLOC_EXPLAIN_NOTES - 3;
	page = alloc_pages(GFP_KERNEL, 0);
	assert_int_equal(record.nr_notes, KALLOC_EXPLAIN_NOTES);
	assert_int_equal(record.nr_lost, 2);
	record.level = 0;
	__free_page(page);
	record.nr_notes = KALLOC_EXPLAIN_NOTES;
	record.nr_lost = 3;
	/* The last request's END takes the place of a note. */
	page = alloc_pages(GFP_KERNEL, 11 - 1);
	assert_int_equal(record.nr_lost, 0);
	__free_pages(page, 10);
	kalloc_explain_stop();
	kalloc_explain_start(&record);
	explain_begin(&(struct kalloc_note){ .kind = KALLOC_NOTE_PAGES });
	while (!record.nr_lost)
		explain_add(&(struct kalloc_note){ .kind = KALLOC_NOTE_KSWAPD });
	explain_end(&(struct kalloc_note){ .kind = KALLOC_NOTE_PAGES_END,
					   .end = { .nr = 1, .pfn = 77 } });
	assert_int_equal(record.nr_notes, KALLOC_EXPLAIN_NOTES);
	assert_int_equal(record.nr_lost, 2);
	snprintf(end, sizeof(end), "(2 more notes had no room)\nSo it gets frame 77\n");
	assert_string_equal(record_text() + strlen(record_text()) - strlen(end), end);
	down();
}

/* As snprintf: the length of all of it, whatever the size. */
static void test_sizes(void **state)
{
	char whole[4096], part[64];
	struct page *page;
	size_t len;

	up("mem=64M nr_cpus=1");
	assert_int_equal(kalloc_explain_text(&record, whole, sizeof(whole)), 0);
	assert_string_equal(whole, "");
	page = alloc_pages(GFP_KERNEL, 0);
	len = kalloc_explain_text(&record, whole, sizeof(whole));
	assert_int_equal(len, strlen(whole));
	assert_int_equal(kalloc_explain_text(&record, NULL, 0), len);
	for (size_t size = 1; size <= sizeof(part); size++) {
		assert_int_equal(kalloc_explain_text(&record, part, size), len);
		assert_int_equal(strlen(part), size - 1);
		assert_memory_equal(part, whole, size - 1);
	}
	__free_page(page);
	down();
}

/* Nothing is noted without a record, nor while another thread asks. */
static void *ask(void *m)
{
	struct page *page;

	kalloc_enter(m);
	page = alloc_page(GFP_KERNEL);
	__free_page(page);
	return NULL;
}

static void test_off(void **state)
{
	struct page *page;

	up("mem=64M nr_cpus=1");
	assert_true(kalloc_task()->preempt_count == KALLOC_WATCHED);
	kalloc_explain_stop();
	assert_true(kalloc_task()->preempt_count == 0);
	page = alloc_page(GFP_KERNEL);
	__free_page(page);
	assert_int_equal(record.nr_notes, 0);

	/* The mark is for both who watch: it goes with the last of them. */
	kalloc_explain_start(&record);
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "1"), 1);
	assert_null(alloc_page(GFP_KERNEL));
	record_check();
	assert_note("fail-nth", KALLOC_NOTE_FAULT, 0);
	assert_true(kalloc_task()->preempt_count == KALLOC_WATCHED);
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "5"), 1);
	kalloc_explain_stop();
	assert_true(kalloc_task()->preempt_count == KALLOC_WATCHED);
	assert_int_equal(kalloc_write("/proc/thread-self/fail-nth", "0"), 1);
	assert_true(kalloc_task()->preempt_count == 0);
	down();
}

static void test_other_thread(void **state)
{
	pthread_t thread;

	up("mem=64M nr_cpus=1");
	assert_int_equal(pthread_create(&thread, NULL, ask, rig.m), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(record.nr_notes, 0);
	down();
}

/* What a profile takes for itself is no request: the record stays that of the last one. */
static void test_profiles(void **state)
{
	static const char *const words[] = { "aged steps=3000", "target order=3 index=0.9",
					     "checkerboard" };
	static struct kalloc_explain before;

	up("mem=64M nr_cpus=1");
	__free_page(alloc_page(GFP_KERNEL));
	before = record;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct kalloc_fragment_profile profile;
		struct kalloc_fragmentation *fragmentation;

		assert_int_equal(kalloc_fragment_parse(&profile, words[i]), 0);
		assert_int_equal(kalloc_fragment_apply(&profile, &fragmentation), 0);
		kalloc_fragment_release(fragmentation);
		assert_memory_equal(&record, &before, sizeof(before));
	}
	down();
}

/* The same calls give the same frames, with a record and without. */
static void test_same_frames(void **state)
{
	unsigned long pfn[2][600];

	for (int way = 0; way < 2; way++) {
		struct page *pages[600];

		up("mem=16M nr_cpus=1");
		if (way)
			kalloc_explain_stop();
		for (unsigned int i = 0; i < 600; i++) {
			unsigned int order = i * 7 % 5;

			pages[i] = alloc_pages(
				i % 3 ? GFP_KERNEL | QUIET : GFP_HIGHUSER_MOVABLE | QUIET, order);
			pfn[way][i] = pages[i] ? page_to_pfn(pages[i]) : 0;
			if (i % 4 == 3 && pages[i - 2]) {
				__free_pages(pages[i - 2], (i - 2) * 7 % 5);
				pages[i - 2] = NULL;
			}
		}
		for (unsigned int i = 0; i < 600; i++) {
			if (pages[i])
				__free_pages(pages[i], i * 7 % 5);
		}
		down();
	}
	assert_memory_equal(pfn[0], pfn[1], sizeof(pfn[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_attempt),
		cmocka_unit_test(test_zone_block),
		cmocka_unit_test(test_bulk),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_same_frames),
		cmocka_unit_test(test_profiles),
		/* Last: from then on the thread is not alone. */
		cmocka_unit_test(test_other_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
