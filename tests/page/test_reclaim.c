/* SPDX-License-Identifier: MIT */
/*
 * Proves of direct reclaim: which pages each set of flags may take back (clean always,
 * dirty with __GFP_FS, anonymous with __GFP_IO and swap space), that touched, pinned,
 * changed and unwritable pages stay, that only zones of use are touched, that callbacks
 * may allocate without reclaiming again, and what is counted.
 */
#include "owner.h"
#include "page/reclaim.h"
#include "page/swap.h"

#define NR 40 /* pages of each kind */

struct mix {
	struct rig rig;
	struct owner owner[3]; /* by kind */
	struct list_head taken;
};

/* A machine down to its min mark, with NR pages of each kind on the lists. */
static void mix_up(struct mix *mix, const char *cmdline)
{
	mix->rig = rig_up_unboosted(cmdline);
	list_init(&mix->taken);
	rig_exhaust(&mix->taken, GFP_NOWAIT, 0);
	for (int kind = 0; kind < 3; kind++) {
		owner_init(&mix->owner[kind]);
		owner_add_list(&mix->owner[kind], &mix->taken, NR, (enum kalloc_page_kind)kind);
	}
}

static void mix_down(struct mix *mix)
{
	unsigned long left = 0;

	for (int kind = 0; kind < 3; kind++)
		left += owner_left(&mix->owner[kind]);
	lru_check(&mix->rig, left);
	for (int kind = 0; kind < 3; kind++)
		owner_fini(&mix->owner[kind]);
	rig_release(&mix->taken, 0);
	rig_down(&mix->rig);
}

static void test_flags(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int scope;
		const char *swap;
		bool left[3]; /* clean, dirty, anonymous */
	} rows[] = {
		{ GFP_KERNEL, 0, "1M", { false, false, false } },
		{ GFP_KERNEL, 0, "0", { false, false, true } },
		{ GFP_NOFS, 0, "1M", { false, true, false } },
		{ GFP_NOIO, 0, "1M", { false, true, true } },
		{ GFP_KERNEL, PF_MEMALLOC_NOFS, "1M", { false, true, false } },
		{ GFP_KERNEL, PF_MEMALLOC_NOIO, "1M", { false, true, true } },
		{ GFP_NOWAIT, 0, "1M", { true, true, true } },
		{ GFP_ATOMIC, 0, "1M", { true, true, true } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char cmdline[96];
		struct mix mix;
		unsigned int scope;

		snprintf(cmdline, sizeof(cmdline),
			 "mem=16M nr_cpus=1 kalloc.daemons=step kalloc.swap=%s", rows[i].swap);
		mix_up(&mix, cmdline);
		scope = kalloc_scope_enter(rows[i].scope);
		rig_exhaust(&mix.taken, rows[i].gfp | __GFP_NORETRY, 0);
		kalloc_scope_leave(rows[i].scope, scope);
		for (int kind = 0; kind < 3; kind++)
			assert_int_equal(owner_left(&mix.owner[kind]), rows[i].left[kind] ? NR : 0);
		assert_int_equal(mix.owner[KALLOC_PAGE_CLEAN].nr_written, 0);
		assert_int_equal(mix.owner[KALLOC_PAGE_DIRTY].nr_written,
				 rows[i].left[KALLOC_PAGE_DIRTY] ? 0 : NR);
		assert_int_equal(page_event(mix.rig.m, PSWPOUT),
				 rows[i].left[KALLOC_PAGE_ANON] ? 0 : NR);
		assert_false(kalloc_task()->flags);
		mix_down(&mix);
	}
}

static void test_counted(void **state)
{
	struct kalloc_machine *m;
	struct mix mix;
	struct page *page;

	mix_up(&mix, "mem=16M nr_cpus=1 kalloc.daemons=step kalloc.swap=1M");
	m = mix.rig.m;
	page = alloc_page(GFP_KERNEL);
	assert_non_null(page);
	__free_page(page);
	assert_int_equal(page_event(m, ALLOCSTALL + ZONE_NORMAL), 1);
	assert_int_equal(page_event(m, ALLOCSTALL + ZONE_DMA), 0);
	assert_true(page_event(m, PGSTEAL_DIRECT) >= RECLAIM_CLUSTER);
	assert_int_equal(page_event(m, PGSTEAL_KSWAPD), 0);
	assert_int_equal(page_event(m, PGSTEAL_DIRECT),
			 page_event(m, PGSTEAL_ANON) + page_event(m, PGSTEAL_FILE));
	assert_int_equal(page_event(m, PGSCAN_DIRECT),
			 page_event(m, PGSCAN_ANON) + page_event(m, PGSCAN_FILE));
	assert_int_equal(page_event(m, PGSTEAL_ANON), mix.owner[KALLOC_PAGE_ANON].nr_evicted);
	assert_int_equal(page_event(m, NR_VMSCAN_WRITE),
			 mix.owner[KALLOC_PAGE_ANON].nr_written +
				 mix.owner[KALLOC_PAGE_DIRTY].nr_written);
	assert_int_equal(swap_left(m->page), 256 - page_event(m, PSWPOUT));
	kalloc_swap_drop(page_event(m, PSWPOUT));
	assert_int_equal(swap_left(m->page), 256);
	mix_down(&mix);
}

/* Swap space ends: so much goes, not more. */
static void test_swap_ends(void **state)
{
	struct mix mix;

	mix_up(&mix, "mem=16M nr_cpus=1 kalloc.daemons=step kalloc.swap=40K");
	rig_exhaust(&mix.taken, GFP_KERNEL | __GFP_NORETRY, 0);
	assert_int_equal(mix.owner[KALLOC_PAGE_ANON].nr_evicted, 10);
	assert_int_equal(swap_left(mix.rig.m->page), 0);
	mix_down(&mix);
}

static void dirty_again(struct owner *owner, struct page *page)
{
	assert_true(kalloc_lru_dirty(page));
}

static void pin(struct owner *owner, struct page *page)
{
	get_page(page);
}

/* What happens to a page while it is written, or its writing failing, keeps it. */
static void test_kept(void **state)
{
	static void (*const hooks[])(struct owner * owner,
				     struct page * page) = { NULL, dirty_again, pin };

	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		struct mix mix;

		mix_up(&mix, "mem=16M nr_cpus=1 kalloc.daemons=step kalloc.swap=1M");
		for (int kind = KALLOC_PAGE_DIRTY; kind <= KALLOC_PAGE_ANON; kind++) {
			mix.owner[kind].refuses = !hooks[i];
			mix.owner[kind].hook = hooks[i];
		}
		rig_exhaust(&mix.taken, GFP_KERNEL | __GFP_NORETRY, 0);
		assert_int_equal(owner_left(&mix.owner[KALLOC_PAGE_CLEAN]), 0);
		assert_int_equal(owner_left(&mix.owner[KALLOC_PAGE_DIRTY]), NR);
		assert_int_equal(owner_left(&mix.owner[KALLOC_PAGE_ANON]), NR);
		assert_int_equal(swap_left(mix.rig.m->page), 256);
		assert_int_equal(mix.rig.m->page->nodes[0].lru.nr_dirty, hooks[i] == pin ? 0 : NR);
		for (int kind = 1; kind <= 2 && hooks[i] == pin; kind++) {
			for (unsigned int slot = 0; slot < NR; slot++) {
				while (page_count(mix.owner[kind].slot[slot]) > 1)
					put_page(mix.owner[kind].slot[slot]);
			}
		}
		mix_down(&mix);
	}
}

/* One touch saves a page from the first look: those untouched go before it. */
static void test_second_chance(void **state)
{
	struct mix mix;
	struct page *page;
	struct owner *owner = &mix.owner[KALLOC_PAGE_CLEAN];

	mix_up(&mix, "mem=16M nr_cpus=1 kalloc.daemons=step");
	for (unsigned int i = 0; i < NR; i += 5)
		kalloc_lru_touch(owner->slot[i]);
	page = alloc_page(GFP_NOIO);
	assert_non_null(page);
	__free_page(page);
	assert_int_equal(owner->nr_evicted, NR - NR / 5);
	for (unsigned int i = 0; i < NR; i++)
		assert_int_equal(owner->slot[i] != NULL, i % 5 == 0);
	assert_int_equal(page_event(mix.rig.m, PGACTIVATE), NR / 5);
	rig_exhaust(&mix.taken, GFP_NOIO | __GFP_NORETRY, 0);
	assert_int_equal(owner_left(owner), 0);
	assert_int_equal(page_event(mix.rig.m, PGDEACTIVATE), NR / 5);
	mix_down(&mix);
}

/* A request for DMA frees nothing in DMA32. */
static void test_zones(void **state)
{
	struct rig rig = rig_up_unboosted("mem=64M nr_cpus=1 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	struct owner owner;
	struct page *page, *tmp;
	unsigned int nr_low = 0;

	owner_init(&owner);
	rig_exhaust(&taken, GFP_NOWAIT, 0);
	rig_exhaust(&taken, GFP_NOWAIT | GFP_DMA, 0);
	list_for_each_entry_safe(page, tmp, &taken, lru) {
		if (owner.nr == 600)
			break;
		nr_low += page_zonenum(page) == ZONE_DMA;
		list_del(&page->lru);
		owner_add(&owner, page, KALLOC_PAGE_CLEAN);
	}
	assert_in_range(nr_low, 100, 599);
	rig_exhaust(&taken, GFP_NOIO | GFP_DMA | __GFP_NORETRY, 0);
	assert_int_equal(owner.nr_evicted, nr_low);
	owner_fini(&owner);
	rig_release(&taken, 0);
	rig_down(&rig);
}

static int depth, deepest;

static unsigned long count_one(struct shrinker *shrinker, struct shrink_control *sc)
{
	return 1;
}

/* Asks for memory as if it had none of its own, at the worst time. */
static unsigned long scan_allocating(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct page *page;

	deepest = max(deepest, ++depth);
	assert_true(kalloc_task()->flags & PF_MEMALLOC);
	page = alloc_page(GFP_KERNEL);
	assert_non_null(page); /* from the reserves */
	__free_page(page);
	depth--;
	return 0;
}

static void test_no_recursion(void **state)
{
	struct shrinker shrinker = { .count_objects = count_one,
				     .scan_objects = scan_allocating,
				     .seeks = DEFAULT_SEEKS };
	struct mix mix;

	mix_up(&mix, "mem=16M nr_cpus=1 kalloc.daemons=step");
	register_shrinker(&shrinker, "allocating");
	rig_exhaust(&mix.taken, GFP_KERNEL | __GFP_NORETRY, 0);
	assert_int_equal(deepest, 1);
	unregister_shrinker(&shrinker);
	mix_down(&mix);
}

static int nr_counted, nr_scanned;

static unsigned long count_calls(struct shrinker *shrinker, struct shrink_control *sc)
{
	nr_counted++;
	return 1000;
}

static unsigned long scan_calls(struct shrinker *shrinker, struct shrink_control *sc)
{
	nr_scanned++;
	return SHRINK_STOP;
}

/*
 * As measured: a request of the largest order, with memory enough but in pieces, looks at
 * the shrinkers once, for the sake of zone DMA, and leaves the rest to compaction.
 */
static void test_costly(void **state)
{
	struct shrinker shrinker = { .count_objects = count_calls,
				     .scan_objects = scan_calls,
				     .seeks = DEFAULT_SEEKS };
	struct rig rig = rig_up("mem=512M nr_cpus=1 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	struct page *block;

	while ((block = alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, 10))) {
		split_page(block, 10);
		for (int i = 0; i < 1024; i += 2) {
			list_add(&block[i].lru, &taken);
			__free_page(block + i + 1);
		}
	}
	register_shrinker(&shrinker, "counting");
	assert_null(alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, 10));
	assert_int_equal(nr_counted, 1);
	assert_int_equal(nr_scanned, 0);

	/* Without I/O there is no compaction to wait for: all priorities, 12 to 0. */
	nr_counted = 0;
	assert_null(alloc_pages(GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN, 10));
	assert_int_equal(nr_counted, 13);
	unregister_shrinker(&shrinker);
	rig_release(&taken, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),	      cmocka_unit_test(test_counted),
		cmocka_unit_test(test_swap_ends),     cmocka_unit_test(test_kept),
		cmocka_unit_test(test_second_chance), cmocka_unit_test(test_zones),
		cmocka_unit_test(test_no_recursion),  cmocka_unit_test(test_costly),
	};

	return cmocka_run_group_tests_name("reclaim", tests, NULL, NULL);
}
