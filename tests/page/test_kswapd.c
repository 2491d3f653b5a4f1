/* SPDX-License-Identifier: MIT */
/*
 * Proves of kswapd: who wakes it, on whose thread it runs and when (a request that may
 * sleep, else kalloc_step()), that it ends above the high mark, that a steady loader
 * stays above min with it, that it works off a boost without writing, gives a node up
 * that yields nothing, and takes it up again.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "owner.h"

static struct kswapd *kswapd(const struct rig *rig)
{
	return &rig->m->page->nodes[0].kswapd;
}

static void waste_frames(struct rig *rig, struct list_head *taken, struct owner *owner)
{
	owner_init(owner);
	/* Down to the low mark: no request so far had reason to wake anybody. */
	for (struct zone *zone = rig_zone(rig, 0, ZONE_DMA);;) {
		struct page *page;

		if (!zone_has_fast(zone, 0, zone_mark(zone, WMARK_LOW), zone_ranks[ZONE_NORMAL], 0,
				   GFP_KERNEL))
			break;
		page = alloc_page(GFP_KERNEL);
		list_add(&page->lru, taken);
	}
	owner_add_list(owner, taken, 3000, KALLOC_PAGE_CLEAN);
	assert_false(kswapd(rig)->woken);
}

static long free_above(const struct rig *rig, enum zone_mark mark)
{
	struct zone *zone = rig_zone(rig, 0, ZONE_DMA);

	return zone_free_exact(zone) - (long)zone_mark(zone, mark);
}

static void finish(struct rig *rig, struct list_head *taken, struct owner *owner)
{
	lru_check(rig, owner_left(owner));
	owner_fini(owner);
	rig_release(taken, 0);
	rig_down(rig);
}

static void test_who_runs(void **state)
{
	static const struct {
		const char *daemons;
		gfp_t gfp;
		bool atomic;
		unsigned int scope;
		bool runs; /* inline */
		bool woken;
	} rows[] = {
		{ "inline", GFP_KERNEL, false, 0, true, true },
		/* A caller that must not call the file system may hold a lock of its. */
		{ "inline", GFP_NOFS, false, 0, false, true },
		{ "inline", GFP_NOIO, false, 0, false, true },
		{ "inline", GFP_KERNEL, false, PF_MEMALLOC_NOFS, false, true },
		{ "inline", GFP_KERNEL, false, PF_MEMALLOC_NOIO, false, true },
		{ "inline", GFP_ATOMIC, false, 0, false, true },
		{ "inline", GFP_NOWAIT, false, 0, false, true },
		{ "inline", GFP_ATOMIC, true, 0, false, true },
		{ "inline", GFP_KERNEL, false, PF_MEMALLOC, false, true },
		{ "inline", __GFP_DIRECT_RECLAIM, false, 0, false, false },
		{ "inline", 0, false, 0, false, false },
		{ "step", GFP_KERNEL, false, 0, false, true },
		{ "step", GFP_ATOMIC, false, 0, false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct list_head taken = LIST_INIT(taken);
		struct owner owner;
		char cmdline[64];
		struct page *page;
		unsigned int scope;
		struct rig rig;

		snprintf(cmdline, sizeof(cmdline), "mem=16M nr_cpus=1 kalloc.daemons=%s",
			 rows[i].daemons);
		rig = rig_up_unboosted(cmdline);
		waste_frames(&rig, &taken, &owner);
		scope = kalloc_scope_enter(rows[i].scope);
		if (rows[i].atomic)
			kalloc_atomic_enter();
		page = alloc_page(rows[i].gfp);
		if (rows[i].atomic)
			kalloc_atomic_leave();
		kalloc_scope_leave(rows[i].scope, scope);
		assert_non_null(page);
		list_add(&page->lru, &taken);

		assert_int_equal(page_event(rig.m, PAGEOUTRUN), rows[i].runs);
		assert_int_equal(kswapd(&rig)->woken, rows[i].woken && !rows[i].runs);
		assert_int_equal(kalloc_step(), rows[i].woken && !rows[i].runs);
		assert_int_equal(page_event(rig.m, PAGEOUTRUN), rows[i].woken);
		assert_int_equal(free_above(&rig, WMARK_HIGH) > 0, rows[i].woken);
		assert_int_equal(page_event(rig.m, PGSTEAL_KSWAPD), owner.nr_evicted);
		assert_int_equal(page_event(rig.m, PGSTEAL_DIRECT), 0);
		assert_int_equal(kalloc_step(), 0);
		assert_false(kalloc_task()->flags);
		finish(&rig, &taken, &owner);
	}
}

/* Everything goes to the page cache, for ever: no request waits, none digs. */
static void test_steady_loader(void **state)
{
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);
	struct owner owner;

	owner_init(&owner);
	for (int i = 0; i < 12000; i++) {
		struct page *page = alloc_page(GFP_KERNEL);

		assert_non_null(page);
		assert_true(free_above(&rig, WMARK_MIN) > 0);
		if (owner.nr == OWNER_SLOTS) { /* use again the slots of what was evicted */
			unsigned int left = 0;

			for (unsigned int slot = 0; slot < OWNER_SLOTS; slot++) {
				if (!owner.slot[slot])
					continue;
				owner.slot[left] = owner.slot[slot];
				owner.slot[left]->index = left;
				left++;
			}
			assert_true(left < OWNER_SLOTS);
			owner.nr = left;
		}
		owner_add(&owner, page, KALLOC_PAGE_CLEAN);
	}
	assert_true(page_event(rig.m, PAGEOUTRUN) > 1);
	assert_int_equal(page_event(rig.m, ALLOCSTALL + ZONE_NORMAL), 0);
	finish(&rig, &taken, &owner);
}

/* A boost is worked off by clean pages alone, then gone from the marks. */
static void test_boost(void **state)
{
	struct rig rig = rig_up("mem=64M nr_cpus=1 kalloc.swap=4M kalloc.daemons=step");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct list_head taken = LIST_INIT(taken);
	struct owner clean, dirty;
	struct page *page;

	owner_init(&clean);
	owner_init(&dirty);
	for (int i = 0; i < 4000; i++) {
		owner_add(&clean, alloc_page(GFP_KERNEL), KALLOC_PAGE_CLEAN);
		owner_add(&dirty, alloc_page(GFP_KERNEL),
			  i % 2 ? KALLOC_PAGE_DIRTY : KALLOC_PAGE_ANON);
	}
	lock_take(&zone->lock);
	assert_true(zone_boost(zone));
	__atomic_fetch_or(&zone->flags, ZONE_BOOSTED, __ATOMIC_RELAXED);
	lock_drop(&zone->lock);

	page = alloc_page(0); /* nothing said of kswapd: nobody is woken */
	__free_page(page);
	assert_false(kswapd(&rig)->woken);
	page = alloc_page(GFP_KERNEL); /* far from low, but the flag is set */
	__free_page(page);
	assert_true(kswapd(&rig)->woken);
	assert_false(zone->flags & ZONE_BOOSTED);
	assert_int_equal(zone->watermark_boost, 512);

	assert_int_equal(kalloc_step(), 1);
	assert_int_equal(zone->watermark_boost, 0);
	assert_true(clean.nr_evicted >= 512);
	assert_int_equal(dirty.nr_evicted + dirty.nr_written, 0);
	owner_fini(&dirty);
	finish(&rig, &taken, &clean);
}

/* Without anything to reclaim 16 runs are made; progress starts the count anew. */
static void test_gives_up(void **state)
{
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	struct owner owner;
	unsigned int runs;

	owner_init(&owner);
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	assert_int_equal(kalloc_step(), 1);
	assert_int_equal(kswapd(&rig)->failures, 1);
	for (runs = 1; runs < 100; runs++) {
		assert_null(alloc_page(GFP_NOWAIT | __GFP_NOWARN));
		if (!kalloc_step())
			break;
	}
	assert_int_equal(runs, KSWAPD_MAX_FAILURES);
	assert_int_equal(page_event(rig.m, PAGEOUTRUN), KSWAPD_MAX_FAILURES);

	owner_add_list(&owner, &taken, 200, KALLOC_PAGE_CLEAN);
	list_add(&alloc_page(GFP_NOIO)->lru, &taken); /* reclaims by itself */
	assert_int_equal(kswapd(&rig)->failures, 0);
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	assert_int_equal(kalloc_step(), 1);
	finish(&rig, &taken, &owner);
}

/* A callback that steps the daemons finds them at work. */
static unsigned int nested = 99;

static unsigned long stepping(struct shrinker *shrinker, struct shrink_control *sc)
{
	nested = kalloc_step();
	return 0;
}

static void test_not_nested(void **state)
{
	struct shrinker shrinker = { .count_objects = stepping };
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);

	register_shrinker(&shrinker, "stepping");
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	assert_int_equal(kalloc_step(), 1);
	assert_int_equal(nested, 0);
	unregister_shrinker(&shrinker);
	rig_release(&taken, 0);
	rig_down(&rig);
}

static bool forks;
static int child_status = -1;

/* In the child nobody else is at work any more, whoever was when it was made. */
static unsigned long forking(struct shrinker *shrinker, struct shrink_control *sc)
{
	pid_t child;

	if (!forks)
		return 0;
	forks = false;
	child = fork();
	if (!child) {
		bool free_to_run = !lock_is_held(&shrinker->machine->page->daemon_lock);
		struct page *page = alloc_page(GFP_KERNEL);

		kalloc_step();
		unregister_shrinker(shrinker); /* would wait for the call it is in */
		_exit(free_to_run && page ? 0 : 1);
	}
	waitpid(child, &child_status, 0);
	return 0;
}

static void test_fork(void **state)
{
	struct shrinker shrinker = { .count_objects = forking };
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1");
	struct list_head taken = LIST_INIT(taken);

	register_shrinker(&shrinker, "forking");
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	forks = true;
	assert_int_equal(kalloc_step(), 1);
	assert_int_equal(child_status, 0);
	unregister_shrinker(&shrinker);
	rig_release(&taken, 0);
	rig_down(&rig);
}

static unsigned int daemon_flags;

static void note_flags(struct owner *owner, struct page *page)
{
	daemon_flags = kalloc_task()->flags;
}

/* The daemon is another task than its host: none of the host's scopes hold in it. */
static void test_scopes_left_behind(void **state)
{
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	struct owner owner;
	unsigned int scope;

	waste_frames(&rig, &taken, &owner);
	owner.hook = note_flags;
	for (unsigned int i = 0; i < owner.nr; i++)
		kalloc_lru_dirty(owner.slot[i]);
	list_add(&alloc_page(GFP_KERNEL)->lru, &taken);
	scope = memalloc_nofs_save();
	assert_int_equal(kalloc_step(), 1);
	memalloc_nofs_restore(scope);
	assert_int_not_equal(owner.nr_written, 0);
	assert_int_equal(daemon_flags, PF_MEMALLOC | PF_KSWAPD);
	finish(&rig, &taken, &owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scopes_left_behind),
		cmocka_unit_test(test_who_runs),
		cmocka_unit_test(test_steady_loader),
		cmocka_unit_test(test_boost),
		cmocka_unit_test(test_gives_up),
		cmocka_unit_test(test_not_nested),
		cmocka_unit_test(test_fork),
	};

	return cmocka_run_group_tests_name("kswapd", tests, NULL, NULL);
}
