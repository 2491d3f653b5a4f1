/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/migrate.c: what a page on the LRU lists takes along when it is moved,
 * and what happens while it is; the calls that the owner of a movable page gets, in
 * which order and with what references, when it refuses, is asked again, or lets go;
 * and that a page which was cleared can be freed.
 */
#include "follower.h"

#include <kalloc/context.h>

#include "page/migrate.h"

static struct rig rig;
static struct follower owner;

static int up(void **state)
{
	rig = rig_up("mem=64M nr_cpus=2");
	follower_init(&owner);
	return 0;
}

static int down(void **state)
{
	follower_release(&owner);
	pages_drain(rig.m);
	lists_check(&rig);
	rig_down(&rig);
	return 0;
}

/* --- where pages go: a frame that was laid ready ----------------------------- */

static struct page *ready;
static unsigned int nr_taken, nr_given;

static struct page *ready_take(void *ctx)
{
	struct page *page = ready;

	nr_taken += page != NULL;
	ready = NULL;
	return page;
}

static void ready_give(void *ctx, struct page *page)
{
	nr_given++;
	ready = page;
}

static const struct migrate_to to_ready = { .take = ready_take, .give = ready_give };

static bool isolate(struct migrate_batch *batch, struct page *page)
{
	struct frame_view view = frame_look(page);

	return migrate_isolate(batch, page_zone(page), page, &view, MIGRATE_SYNC);
}

static int move_one(struct page *page)
{
	struct migrate_batch batch = { 0 };

	assert_true(isolate(&batch, page));
	assert_int_equal(batch.nr, 1);
	nr_taken = nr_given = 0;
	return migrate_pages(&batch, &to_ready, MIGRATE_SYNC);
}

/* --- pages on the LRU lists ---------------------------------------------------- */

static void test_lru_takes_along(void **state)
{
	static const struct {
		enum kalloc_page_kind kind;
		int touches;
		enum lru_list list;
	} rows[] = {
		{ KALLOC_PAGE_CLEAN, 0, LRU_INACTIVE_FILE },
		{ KALLOC_PAGE_CLEAN, 2, LRU_ACTIVE_FILE },
		{ KALLOC_PAGE_DIRTY, 1, LRU_INACTIVE_FILE },
		{ KALLOC_PAGE_ANON, 0, LRU_INACTIVE_ANON },
		{ KALLOC_PAGE_ANON, 3, LRU_ACTIVE_ANON },
	};
	unsigned long flags_of = PG_REFERENCED | PG_DIRTY | PG_LRU | PG_ACTIVE | PG_SWAPBACKED;
	struct lru *lru = &rig.m->page->nodes[0].lru;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct page *from = alloc_page(GFP_KERNEL | __GFP_MOVABLE), *to;
		unsigned long flags;

		follower_add(&owner, from, rows[i].kind);
		for (int n = 0; n < rows[i].touches; n++)
			kalloc_lru_touch(from);
		from->private = i + 5;
		flags = from->flags & flags_of;
		to = ready = alloc_page(GFP_KERNEL | __GFP_MOVABLE);
		assert_int_equal(move_one(from), 0);
		assert_int_equal(to->flags & flags_of, flags);
		assert_int_equal(to->private, i + 5);
		assert_int_equal(lru->nr[rows[i].list], 1);
		assert_int_equal(lru->nr_dirty, rows[i].kind == KALLOC_PAGE_DIRTY);
		assert_ptr_equal(owner.slot[i], to);
		assert_ptr_equal(to->mapping, (void *)&owner.mapping);
		assert_null(from->mapping);
		assert_int_equal(from->flags & flags_of, 0);
		assert_int_equal(page_count(from), 0);
		owner.nr--;
		assert_true(follower_has_contents(&owner, i));
		assert_true(kalloc_lru_remove(to));
		assert_int_equal(lru->nr_dirty, 0);
		__free_page(to);
		owner.slot[i] = NULL;
		owner.nr++;
	}
	assert_int_equal(page_event(rig.m, PGMIGRATE_SUCCESS), ARRAY_SIZE(rows));
}

/* A page with another reference stays, as it was. */
static void test_lru_held(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	follower_add(&owner, page, KALLOC_PAGE_DIRTY);
	ready = alloc_page(GFP_KERNEL);
	get_page(page);
	assert_int_equal(move_one(page), 1);
	assert_int_equal(nr_taken, 10);
	assert_int_equal(nr_given, 10);
	assert_int_equal(owner.nr_moved, 0);
	assert_int_equal(page_event(rig.m, PGMIGRATE_FAIL), 1);
	put_page(page);
	follower_check(&owner);
	assert_true(page->flags & PG_LRU);
	__free_page(ready);
}

/* Without a frame to go to, everything goes back. */
static void test_no_frame(void **state)
{
	struct migrate_batch batch = { 0 };

	for (int i = 0; i < 3; i++) {
		follower_add(&owner, alloc_page(GFP_KERNEL), KALLOC_PAGE_ANON);
		assert_true(isolate(&batch, owner.slot[i]));
		assert_false(kalloc_lru_remove(owner.slot[i]));
	}
	ready = alloc_page(GFP_KERNEL);
	assert_int_equal(migrate_pages(&batch, &to_ready, MIGRATE_SYNC), -ENOMEM);
	assert_int_equal(batch.nr, 0);
	assert_int_equal(owner.nr_moved, 1);
	follower_check(&owner);
}

/* What is said of a page while it is on its way is not lost, whichever frame it is said of. */
static struct page *late;

static void moved_and_used(struct kalloc_mapping *mapping, struct page *from, struct page *to)
{
	struct page *used = late ? from : to;

	follower_moved(mapping, from, to);
	kalloc_lru_touch(used);
	kalloc_lru_dirty(used);
	kalloc_lru_dirty(to);
	assert_false(kalloc_lru_remove(to));
	assert_true(kalloc_task()->flags & PF_MEMALLOC);
}

static void test_lru_used_meanwhile(void **state)
{
	static const struct kalloc_mapping_ops ops = { .moved = moved_and_used };
	struct lru *lru = &rig.m->page->nodes[0].lru;

	owner.mapping.ops = &ops;
	for (int i = 0; i < 4; i++) {
		bool anon = i & 1;

		follower_add(&owner, alloc_page(GFP_KERNEL),
			     anon ? KALLOC_PAGE_ANON : KALLOC_PAGE_CLEAN);
		ready = alloc_page(GFP_KERNEL);
		late = i & 2 ? ready : NULL;
		assert_int_equal(move_one(owner.slot[i]), 0);
		assert_int_equal(owner.slot[i]->flags & (PG_REFERENCED | PG_DIRTY),
				 PG_REFERENCED | PG_DIRTY);
		assert_int_equal(lru->nr_dirty, !anon);
		assert_true(kalloc_lru_remove(owner.slot[i]));
		assert_int_equal(lru->nr_dirty, 0);
		__free_page(owner.slot[i]);
		owner.slot[i] = NULL;
	}
}

/* To another node: each node's lists count their own. */
static int up_nodes(void **state)
{
	rig = rig_up("mem=128M numa=fake=2 nr_cpus=2");
	follower_init(&owner);
	return 0;
}

static void test_lru_to_another_node(void **state)
{
	struct node *nodes = rig.m->page->nodes;

	follower_add(&owner, alloc_pages_node(0, GFP_KERNEL, 0), KALLOC_PAGE_DIRTY);
	ready = alloc_pages_node(1, GFP_KERNEL, 0);
	assert_int_equal(page_to_nid(ready), 1);
	assert_int_equal(nodes[0].lru.nr_dirty, 1);
	assert_int_equal(move_one(owner.slot[0]), 0);
	assert_int_equal(nodes[0].lru.nr_dirty, 0);
	assert_int_equal(nodes[1].lru.nr_dirty, 1);
	assert_int_equal(nodes[0].lru.nr[LRU_INACTIVE_FILE], 0);
	assert_int_equal(nodes[1].lru.nr[LRU_INACTIVE_FILE], 1);
	follower_check(&owner);
	lists_check(&rig);
}

/* --- pages of other owners ------------------------------------------------------- */

static struct {
	unsigned int isolates, migrates, put_backs;
	unsigned int again; /* how often to say -EAGAIN */
	int err;	    /* what to say then */
	bool refuse;
	bool keep_marked;  /* not to clear the page left behind */
	struct page *page; /* where the contents are */
} mover;

static const struct movable_operations mover_ops;

static bool mover_isolate(struct page *page, isolate_mode_t mode)
{
	mover.isolates++;
	assert_ptr_equal(page, mover.page);
	assert_int_equal(page_count(page), 2);
	assert_true(kalloc_task()->flags & PF_MEMALLOC);
	return !mover.refuse;
}

static int mover_migrate(struct page *dst, struct page *src, enum migrate_mode mode)
{
	mover.migrates++;
	assert_ptr_equal(src, mover.page);
	assert_int_equal(mode, MIGRATE_SYNC);
	assert_true(kalloc_task()->flags & PF_MEMALLOC);
	if (mover.again) {
		mover.again--;
		return -EAGAIN;
	}
	if (mover.err)
		return mover.err;
	memcpy(page_address(dst), page_address(src), PAGE_SIZE);
	get_page(dst);
	__SetPageMovable(dst, &mover_ops);
	mover.page = dst;
	if (!mover.keep_marked)
		__ClearPageMovable(src);
	put_page(src);
	return MIGRATEPAGE_SUCCESS;
}

static void mover_put_back(struct page *page)
{
	mover.put_backs++;
	assert_ptr_equal(page, mover.page);
}

static const struct movable_operations mover_ops = {
	.isolate_page = mover_isolate,
	.migrate_page = mover_migrate,
	.putback_page = mover_put_back,
};

static int up_mover(void **state)
{
	up(state);
	memset(&mover, 0, sizeof(mover));
	mover.page = alloc_page(GFP_KERNEL);
	memset(page_address(mover.page), 0x5a, PAGE_SIZE);
	__SetPageMovable(mover.page, &mover_ops);
	ready = alloc_page(GFP_KERNEL);
	return 0;
}

static int down_mover(void **state)
{
	if (mover.page) {
		assert_int_equal(page_count(mover.page), 1);
		assert_int_equal(*(unsigned char *)page_address(mover.page), 0x5a);
		__ClearPageMovable(mover.page);
		__free_page(mover.page);
	}
	if (ready)
		__free_page(ready);
	assert_int_equal(said_count("BUG"), 0);
	return down(state);
}

static void test_movable(void **state)
{
	struct page *from = mover.page, *to = ready;

	mover.keep_marked = *state != NULL;
	assert_int_equal(frame_look(from).kind, FRAME_IS_MOVABLE);
	assert_int_equal(move_one(from), 0);
	assert_ptr_equal(mover.page, to);
	assert_int_equal(mover.isolates, 1);
	assert_int_equal(mover.migrates, 1);
	assert_int_equal(mover.put_backs, 0);
	assert_int_equal(page_count(from), 0);
	assert_null(from->mapping);
	assert_int_equal(page_event(rig.m, PGMIGRATE_SUCCESS), 1);
}

static void test_movable_kept_marked(void **state)
{
	bool kept = true;
	void *arg = &kept;

	test_movable(&arg);
}

static void test_movable_refuses(void **state)
{
	struct migrate_batch batch = { 0 };

	mover.refuse = true;
	assert_false(isolate(&batch, mover.page));
	assert_int_equal(batch.nr, 0);
	assert_int_equal(mover.isolates, 1);
	assert_int_equal(mover.put_backs, 0);
	mover.refuse = false;
	assert_true(isolate(&batch, mover.page));
	/* not twice */
	assert_false(isolate(&batch, mover.page));
	assert_int_equal(mover.isolates, 2);
	migrate_put_back(&batch);
	assert_int_equal(mover.put_backs, 1);
}

static void test_movable_again(void **state)
{
	mover.again = 3;
	assert_int_equal(move_one(mover.page), 0);
	assert_int_equal(mover.migrates, 4);
	assert_int_equal(mover.put_backs, 0);
	assert_int_equal(nr_given, 3);
	assert_int_equal(page_event(rig.m, PGMIGRATE_FAIL), 0);
}

static void test_movable_fails(void **state)
{
	struct page *from = mover.page;

	mover.again = 100;
	assert_int_equal(move_one(from), 1);
	assert_int_equal(mover.migrates, 10);
	assert_int_equal(mover.put_backs, 1);
	mover.again = 0;
	mover.err = -EBUSY;
	assert_int_equal(move_one(from), 1);
	assert_int_equal(mover.migrates, 11);
	assert_int_equal(mover.put_backs, 2);
	assert_ptr_equal(mover.page, from);
	assert_int_equal(page_event(rig.m, PGMIGRATE_FAIL), 2);
}

/* The owner frees a page that is isolated: nobody asks it any more. */
static void test_movable_let_go(void **state)
{
	struct migrate_batch batch = { 0 };
	struct page *page = mover.page;

	for (int i = 0; i < 2; i++) {
		assert_true(isolate(&batch, page));
		__ClearPageMovable(page);
		__free_page(page);
		assert_int_equal(page_count(page), 1);
		if (i)
			migrate_put_back(&batch);
		else
			assert_int_equal(migrate_pages(&batch, &to_ready, MIGRATE_SYNC), 0);
		assert_int_equal(page_count(page), 0);
		assert_int_equal(mover.migrates + mover.put_backs, 0);
		mover.page = page = i ? NULL : alloc_page(GFP_KERNEL);
		if (page)
			__SetPageMovable(page, &mover_ops);
	}
}

/* A page that is still movable must not be freed: it is reported and left out. */
static void test_free_unclear(void **state)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__SetPageMovable(page, &mover_ops);
	__free_page(page);
	assert_int_equal(said_count("BUG: Bad page state"), 1);
	assert_int_equal(said_count("non-NULL mapping"), 1);
	rig.nr_free--;
}

#define on(name, start, end) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on(test_lru_takes_along, up, down),
		on(test_lru_held, up, down),
		on(test_no_frame, up, down),
		on(test_lru_used_meanwhile, up, down),
		on(test_lru_to_another_node, up_nodes, down),
		on(test_movable, up_mover, down_mover),
		on(test_movable_kept_marked, up_mover, down_mover),
		on(test_movable_refuses, up_mover, down_mover),
		on(test_movable_again, up_mover, down_mover),
		on(test_movable_fails, up_mover, down_mover),
		on(test_movable_let_go, up_mover, down_mover),
		on(test_free_unclear, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
