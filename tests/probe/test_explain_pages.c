/* SPDX-License-Identifier: MIT */
/*
 * Proves what the slow path, reclaim, compaction, the OOM policy and the stealing of
 * pageblocks note of an explained request (page/note.c): each kind of note is left where it
 * belongs, and its numbers are those of the zone and the counters.
 */
#include <kalloc/context.h>
#include <kalloc/fragment.h>

#include "page/follower.h"

#include "explaining.h"

#define QUIET __GFP_NOWARN

/* Everything is given back. */
static void down(void)
{
	kalloc_explain_stop();
	rig_release(&taken, 0);
	rig_down(&rig);
}

/* A request that is to fail. */
static void fail_with(gfp_t gfp, unsigned int order)
{
	assert_null(alloc_pages(gfp | QUIET, order));
	record_check();
}

/* --- the slow path ---------------------------------------------------------- */

static void test_give_up(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int order;
		enum kalloc_give_up reason;
		const char *words;
	} rows[] = {
		{ GFP_KERNEL, 11, KALLOC_GIVE_UP_ORDER, "no blocks of this order" },
		{ GFP_NOWAIT, 0, KALLOC_GIVE_UP_SLEEP, "may not wait" },
		{ GFP_KERNEL | __GFP_NORETRY, 0, KALLOC_GIVE_UP_NORETRY, "__GFP_NORETRY" },
		{ GFP_KERNEL, 4, KALLOC_GIVE_UP_COSTLY, "above 3" },
		{ GFP_KERNEL | __GFP_NORETRY, 4, KALLOC_GIVE_UP_COMPACT,
		  "compaction does not run" },
		{ GFP_KERNEL | __GFP_RETRY_MAYFAIL, 0, KALLOC_GIVE_UP_NO_OOM, "would not help" },
		{ GFP_KERNEL, 0, KALLOC_GIVE_UP_OOM, "nothing more can be freed" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kalloc_note *note;

		up("mem=16M nr_cpus=1");
		exhaust();
		fail_with(rows[i].gfp, rows[i].order);
		assert_note(rows[i].words, KALLOC_NOTE_GIVE_UP, rows[i].reason);
		assert_note(rows[i].words, KALLOC_NOTE_PAGES_END, false);
		assert_non_null(strstr(record_text(), rows[i].words));
		assert_non_null(strstr(record_text(), "So there is no block: NULL\n"));
		note = note_find(KALLOC_NOTE_ZONE, KALLOC_ZONE_MARK);
		if (rows[i].order < 11) {
			assert_int_equal(note->zone.free, 0);
			assert_int_equal(note->zone.largest, -1);
		}
		down();
	}
}

/* The thread that reclaims may use all there is, and does not reclaim. */
static void test_reclaiming(void **state)
{
	unsigned int scope;

	up("mem=16M nr_cpus=1");
	exhaust();
	scope = memalloc_noreclaim_save();
	fail_with(GFP_KERNEL, 0);
	memalloc_noreclaim_restore(scope);
	assert_note("noreclaim", KALLOC_NOTE_GIVE_UP, KALLOC_GIVE_UP_RECLAIM);
	assert_int_equal(note_find(KALLOC_NOTE_STEP, KALLOC_STEP_RESERVES)->step.mark,
			 KALLOC_MARK_NONE);
	down();
}

static void test_no_zone(void **state)
{
	up("kalloc.nodes=16M,0 nr_cpus=1");
	assert_null(alloc_pages_node(1, GFP_KERNEL | __GFP_THISNODE | QUIET, 0));
	record_check();
	assert_int_equal(record.notes[0].pages.nid, 1);
	assert_note("no zone", KALLOC_NOTE_GIVE_UP, KALLOC_GIVE_UP_ZONE);
	down();
}

/* How deep each may go: the numbers are the zone's. */
static void test_least(void **state)
{
	static const struct {
		gfp_t gfp;
		int eighths;
	} rows[] = {
		{ GFP_NOWAIT, 8 },
		{ GFP_KERNEL | __GFP_HIGH | __GFP_NORETRY, 4 },
		{ GFP_ATOMIC, 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct zone *zone;
		const struct kalloc_note *note;
		long mark;

		up("mem=16M nr_cpus=1");
		zone = rig_zone(&rig, 0, ZONE_DMA);
		assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
		mark = (long)zone_mark(zone, WMARK_MIN);
		exhaust();
		fail_with(rows[i].gfp, 0);
		note = note_find(KALLOC_NOTE_STEP, KALLOC_STEP_MIN);
		/* The zone behind it. */
		note++;
		assert_int_equal(note->kind, KALLOC_NOTE_ZONE);
		assert_int_equal(note->zone.full, mark);
		assert_in_range(note->zone.least, mark * rows[i].eighths / 8,
				mark * rows[i].eighths / 8 + 1);
		down();
	}
}

/* kswapd that has failed often enough is not woken any more. */
static void test_kswapd_rests(void **state)
{
	up("mem=16M nr_cpus=1");
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	exhaust();
	for (int i = 0; i <= KSWAPD_MAX_FAILURES; i++)
		fail_with(GFP_KERNEL | __GFP_NORETRY, 0);
	assert_note("kswapd", KALLOC_NOTE_KSWAPD, 1);
	down();
}

static void test_boost(void **state)
{
	const struct kalloc_note *note;
	struct zone *zone;
	struct page *page;

	up("mem=16M nr_cpus=1 kalloc.daemons=step");
	zone = rig_zone(&rig, 0, ZONE_DMA);
	exhaust();
	assert_true(zone->watermark_boost > 0);
	fail_with(GFP_NOWAIT, 0);
	note = note_find(KALLOC_NOTE_ZONE, KALLOC_ZONE_MARK);
	assert_int_equal(note->zone.boost, zone->watermark_boost);
	assert_int_equal(note->zone.full, zone_mark(zone, WMARK_LOW));
	assert_note("boost", KALLOC_NOTE_KSWAPD, 0);

	/* An atomic request for a frame passes the mark without the boost. */
	for (int i = 0; i < 200; i++) {
		page = list_first_entry(&taken, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
	}
	pcp_drain(zone, 0);
	page = alloc_page(GFP_ATOMIC | QUIET);
	assert_non_null(page);
	record_check();
	assert_note("below the boost", KALLOC_NOTE_STEP, KALLOC_STEP_MIN);
	note = note_find(KALLOC_NOTE_ZONE, KALLOC_ZONE_ALLOWS);
	assert_int_equal(note->zone.boost, 0);
	assert_int_equal(note->zone.full, zone_mark(zone, WMARK_MIN) - zone->watermark_boost);
	__free_page(page);
	down();
}

/* Enough is free, and no block is large enough. */
static void test_pieces(void **state)
{
	const struct kalloc_note *note;
	struct zone *zone;

	up("mem=16M nr_cpus=1");
	zone = rig_zone(&rig, 0, ZONE_DMA);
	assert_true(kalloc_fragment(3, 1.0, 1) > 0.99);
	fail_with(GFP_ATOMIC, 3);
	note = note_find(KALLOC_NOTE_ZONE, KALLOC_ZONE_PIECES);
	assert_int_equal(note->zone.largest, 2);
	assert_int_equal(note->zone.block, 7);
	assert_int_equal(note->zone.free, zone->free_pages);
	assert_int_equal(note->zone.exact, zone_free_exact(zone));
	assert_non_null(strstr(record_text(),
			       "enough, but in pieces: no free block of order 3 or more, "
			       "the largest is of order 2\n"));
	fail_with(GFP_KERNEL, 3);
	assert_note("pieces", KALLOC_NOTE_COMPACT, KALLOC_COMPACT_COMPLETE);
	assert_note("pieces", KALLOC_NOTE_COMPACT, KALLOC_COMPACT_DEFERRED);
	kalloc_defragment();
	down();
}

/* Rounds that say the same are told in one line, and no note is lost by it. */
static void test_rounds(void **state)
{
	unsigned int nr = 0;

	up("mem=16M nr_cpus=1");
	exhaust();
	fail_with(GFP_NOFS, 0);
	for (unsigned int i = 0; i < record.nr_notes; i++)
		nr += record.notes[i].kind == KALLOC_NOTE_ROUND;
	assert_true(nr > 3);
	assert_note("nofs", KALLOC_NOTE_OOM, KALLOC_OOM_NO_FS);
	assert_non_null(strstr(record_text(), ": the same\n"));
	assert_non_null(strstr(record_text(), "  Rounds "));
	assert_true(strlen(record_text()) < 3000);
	down();
}

static void test_reclaim(void **state)
{
	static struct owner owner;
	unsigned long stolen;
	struct page *page;

	up("mem=16M nr_cpus=1 kalloc.daemons=step");
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	owner_init(&owner);
	exhaust();
	owner_add_list(&owner, &taken, 1000, KALLOC_PAGE_CLEAN);
	stolen = page_event(rig.m, PGSTEAL_DIRECT);
	page = alloc_pages(GFP_KERNEL, 0);
	record_check();
	assert_non_null(page);
	stolen = page_event(rig.m, PGSTEAL_DIRECT) - stolen;
	for (unsigned int i = 0; i < record.nr_notes; i++) {
		if (record.notes[i].kind == KALLOC_NOTE_RECLAIM)
			stolen -= record.notes[i].reclaim.pages;
	}
	assert_int_equal(stolen, 0);
	assert_note("reclaim", KALLOC_NOTE_STEP, KALLOC_STEP_RECLAIMED);
	assert_note("reclaim", KALLOC_NOTE_STEP, KALLOC_STEP_DRAINED);
	__free_page(page);

	/* With the daemons at work it is kswapd that frees. */
	kalloc_explain_stop();
	owner_fini(&owner);
	down();
	up("mem=16M nr_cpus=1");
	owner_init(&owner);
	exhaust();
	owner_add_list(&owner, &taken, 2000, KALLOC_PAGE_CLEAN);
	page = alloc_pages(GFP_KERNEL, 0);
	record_check();
	assert_int_equal(note_find(KALLOC_NOTE_KSWAPD, 2)->kswapd.pages,
			 page_event(rig.m, PGSTEAL_KSWAPD));
	__free_page(page);
	page = alloc_pages(GFP_KERNEL, 0);
	__free_page(page);
	owner_fini(&owner);
	down();
}

static void test_compact(void **state)
{
	static struct follower owner;
	const struct kalloc_note *note;
	struct zone *zone;
	struct page *page;

	up("mem=64M nr_cpus=1 kalloc.daemons=step");
	zone = rig_zone(&rig, 0, ZONE_DMA32);
	follower_init(&owner);
	follower_fragment(&owner, zone, 8, KALLOC_PAGE_CLEAN, &taken);
	page = alloc_pages(GFP_KERNEL | __GFP_MOVABLE, 9);
	record_check();
	assert_non_null(page);
	assert_note("compact", KALLOC_NOTE_COMPACT, KALLOC_COMPACT_SUCCESS);
	note = note_find(KALLOC_NOTE_COMPACT, KALLOC_COMPACT_SUCCESS);
	assert_true(note->compact.moved > 0 && note->compact.index > 500);
	assert_note("compact", KALLOC_NOTE_STEP, KALLOC_STEP_COMPACTED);
	__free_pages(page, 9);
	follower_release(&owner);
	rig_release(&taken, 0);

	/* Without a page to spare there is nothing to work with. */
	exhaust();
	fail_with(GFP_KERNEL, 1);
	assert_note("compact", KALLOC_NOTE_COMPACT, KALLOC_COMPACT_SKIPPED);
	down();
}

/* --- out of memory ---------------------------------------------------------- */

static struct list_head hoard = { &hoard, &hoard };

static int notify(struct notifier_block *nb, unsigned long action, void *data)
{
	*(unsigned long *)data += !list_empty(&hoard) ? 300 : 0;
	rig_release(&hoard, 0);
	return 0;
}

static void hoard_some(void)
{
	for (int i = 0; i < 300; i++) {
		struct page *page = list_first_entry(&taken, struct page, lru);

		list_move(&page->lru, &hoard);
	}
}

static void kill_task(struct kalloc_oom_task *task)
{
	rig_release(&hoard, 0);
}

static void test_oom(void **state)
{
	struct notifier_block nb = { .notifier_call = notify };
	struct page *page;

	up("mem=16M nr_cpus=1");
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	exhaust();
	hoard_some();
	assert_int_equal(register_oom_notifier(&nb), 0);
	page = alloc_pages(GFP_KERNEL, 0);
	record_check();
	assert_int_equal(note_find(KALLOC_NOTE_OOM, KALLOC_OOM_NOTIFIED)->oom.pages, 300);
	assert_note("oom", KALLOC_NOTE_STEP, KALLOC_STEP_HIGH);
	__free_page(page);
	assert_int_equal(unregister_oom_notifier(&nb), 0);
	exhaust();
	fail_with(GFP_KERNEL, 0);
	assert_note("oom", KALLOC_NOTE_OOM, KALLOC_OOM_FAILED);
	down();
}

static void test_oom_kill(void **state)
{
	struct kalloc_oom_task task = {
		.pid = 7, .comm = "hoarder", .nr_pages = 300, .kill = kill_task
	};
	const struct kalloc_note *note;
	struct page *page;

	up("mem=16M nr_cpus=1 kalloc.oom=kill");
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	exhaust();
	hoard_some();
	kalloc_oom_add(&task);
	page = alloc_pages(GFP_KERNEL, 0);
	record_check();
	note = note_find(KALLOC_NOTE_OOM, KALLOC_OOM_KILLED);
	assert_string_equal(note->oom.name, "hoarder");
	assert_int_equal(note->oom.pid, 7);
	assert_int_equal(note->oom.pages, 300);
	assert_non_null(strstr(record_text(), "task 7 (hoarder) is killed, which has 300 pages\n"));
	__free_page(page);
	kalloc_oom_del(&task);
	down();
}

/* Who may not fail has no mark to keep, after the policy has done nothing. */
static void test_nofail(void **state)
{
	struct page *page;

	up("mem=16M nr_cpus=1");
	assert_int_equal(page_set_watermark_boost_factor(rig.m, 0), 0);
	exhaust();
	for (int i = 0; i < 20; i++) {
		page = list_first_entry(&taken, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
	}
	page = alloc_pages(GFP_KERNEL | __GFP_NOFAIL | QUIET, 0);
	record_check();
	assert_note("nofail", KALLOC_NOTE_STEP, KALLOC_STEP_NO_MARK);
	__free_page(page);
	down();
}

/* --- stealing, nodes -------------------------------------------------------- */

static void test_steal(void **state)
{
	const struct kalloc_note *note;
	struct zone *zone;
	struct page *page, *pages[4];

	up("mem=16M nr_cpus=1");
	zone = rig_zone(&rig, 0, ZONE_DMA);
	/* A whole block: the machine's own objects took what was Unmovable. */
	page = alloc_pages(GFP_KERNEL | __GFP_RECLAIMABLE, 10);
	record_check();
	note = note_find(KALLOC_NOTE_STEAL, 1);
	assert_string_equal(note->steal.from, "Movable");
	assert_string_equal(note->steal.to, "Reclaimable");
	assert_int_equal(note->steal.order, 10);
	assert_int_equal(note->steal.retyped, 2);
	assert_int_equal(note->steal.pfn, page_to_pfn(page));
	assert_int_equal(block_type(&zone->buddy, note->steal.pfn), MIGRATE_RECLAIMABLE);
	__free_pages(page, 10);

	/* Movable pages everywhere: what is left of each pageblock is small. */
	rig_exhaust(&taken, GFP_HIGHUSER_MOVABLE & ~__GFP_RECLAIM, 0);
	for (int i = 0; i < 4; i++) {
		pages[i] = alloc_pages((i & 1 ? __GFP_RECLAIMABLE : 0) | __GFP_MEMALLOC, 0);
		assert_non_null(pages[i]);
		record_check();
	}
	for (int i = 0; i < 4; i++)
		__free_page(pages[i]);
	rig_release(&taken, 0);
	down();
}

/*
 * Where each second page is free: a pageblock is taken over if half of it is free or like
 * the request, and a movable request takes no more than the block.
 */
static void test_claim(void **state)
{
	static const gfp_t types[] = { 0, __GFP_RECLAIMABLE, __GFP_MOVABLE };
	unsigned long nr[4] = { 0 };

	up("mem=16M nr_cpus=1");
	follower_fragment(NULL, rig_zone(&rig, 0, ZONE_DMA), 2, KALLOC_PAGE_CLEAN, &taken);
	for (unsigned int i = 0; i < 3000; i++) {
		/* Movable ones last, when the others have taken all pageblocks over. */
		struct page *page =
			alloc_pages(__GFP_MEMALLOC | QUIET | types[i < 1500 ? i % 2 : 2], 0);

		if (!page)
			break;
		record_check();
		list_add(&page->lru, &taken);
		for (unsigned int how = 0; how < 4; how++)
			nr[how] += note_find(KALLOC_NOTE_STEAL, how) != NULL;
	}
	assert_true(nr[0] > 0 && nr[3] > 0);
	down();
}

/* A remote node is not gone to as long as mixing pageblocks here would do. */
static void test_mixing(void **state)
{
	struct list_head blocks[BUDDY_ORDERS];
	struct page *page;

	up("kalloc.nodes=6G,1G nr_cpus=2 kalloc.daemons=step");
	kalloc_explain_stop();
	/* DMA and DMA32 are full; in Normal no block of a pageblock is left. */
	for (int order = 10; order >= 0; order--) {
		list_init(&blocks[order]);
		rig_exhaust(&blocks[order], GFP_DMA32 | __GFP_MOVABLE, (unsigned int)order);
	}
	assert_true(kalloc_fragment(9, 1.0, 1) > 0.99);
	kalloc_explain_start(&record);
	page = alloc_pages(GFP_NOWAIT | __GFP_RECLAIMABLE, 6);
	record_check();
	assert_note("mixing", KALLOC_NOTE_ZONE, KALLOC_ZONE_REMOTE);
	assert_note("mixing", KALLOC_NOTE_STEP, KALLOC_STEP_MIXING);
	assert_true(note_find(KALLOC_NOTE_STEP, KALLOC_STEP_FIRST)->step.no_mixing);
	assert_int_equal(page_to_nid(page), 0);
	__free_pages(page, 6);
	kalloc_defragment();
	for (int order = 10; order >= 0; order--)
		rig_release(&blocks[order], (unsigned int)order);
	down();
}

static void test_dirty(void **state)
{
	static struct owner owner;
	struct page *page;

	up("mem=32M numa=fake=2 nr_cpus=2");
	owner_init(&owner);
	while (node_dirty_ok(&rig.m->page->nodes[0]))
		owner_add(&owner, alloc_page(GFP_KERNEL | __GFP_THISNODE), KALLOC_PAGE_DIRTY);
	page = alloc_page(GFP_KERNEL | __GFP_WRITE);
	record_check();
	assert_note("dirty", KALLOC_NOTE_ZONE, KALLOC_ZONE_DIRTY);
	assert_int_equal(page_to_nid(page), 1);
	__free_page(page);
	owner_fini(&owner);
	down();
}

/* Every note there is was seen by one of the tests above. */
static void test_all_seen(void **state)
{
	static const struct {
		enum kalloc_note_kind kind;
		unsigned int values; /* one past the last */
		unsigned int unseen; /* a bit for each that is not to be seen here */
	} rows[] = {
		/* LAST is met by who has then to stop the process; the others are not for blocks. */
		{ KALLOC_NOTE_STEP, KALLOC_STEP_LAST + 1,
		  1u << KALLOC_STEP_LAST | 1u << KALLOC_STEP_RUN | 1u << KALLOC_STEP_BULK },
		{ KALLOC_NOTE_ZONE, KALLOC_ZONE_REMOTE + 1, 0 },
		{ KALLOC_NOTE_GIVE_UP, KALLOC_GIVE_UP_OOM + 1, 0 },
		/* A part of a zone, or no page to move to: depends on where scanners stand. */
		{ KALLOC_NOTE_COMPACT, KALLOC_COMPACT_SUCCESS + 1,
		  1u << KALLOC_COMPACT_PARTIAL | 1u << KALLOC_COMPACT_STOPPED },
		/* BUSY takes a second thread at the right moment. */
		{ KALLOC_NOTE_OOM, KALLOC_OOM_FAILED + 1, 0 },
		{ KALLOC_NOTE_STEAL, 4, 0 },
		{ KALLOC_NOTE_TAKEN, 2, 0 },
		{ KALLOC_NOTE_KSWAPD, 3, 0 },
		{ KALLOC_NOTE_REFILL, 1, 0 },
		{ KALLOC_NOTE_ROUND, 1, 0 },
		{ KALLOC_NOTE_RECLAIM, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (unsigned int value = 0; value < rows[i].values; value++) {
			if (!(rows[i].unseen >> value & 1) && !seen[rows[i].kind][value])
				fail_msg("no note %d of %u was seen", rows[i].kind, value);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_give_up),	     cmocka_unit_test(test_reclaiming),
		cmocka_unit_test(test_no_zone),	     cmocka_unit_test(test_least),
		cmocka_unit_test(test_kswapd_rests), cmocka_unit_test(test_boost),
		cmocka_unit_test(test_pieces),	     cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_reclaim),	     cmocka_unit_test(test_compact),
		cmocka_unit_test(test_oom),	     cmocka_unit_test(test_oom_kill),
		cmocka_unit_test(test_nofail),	     cmocka_unit_test(test_steal),
		cmocka_unit_test(test_claim),	     cmocka_unit_test(test_mixing),
		cmocka_unit_test(test_dirty),	     cmocka_unit_test(test_all_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
