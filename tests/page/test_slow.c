/* SPDX-License-Identifier: MIT */
/*
 * Proves of the slow path: how deep each set of flags digs, how long it goes on (small
 * orders as long as reclaim gets anywhere, __GFP_NORETRY once, costly orders once),
 * that it ends when nothing can help, who reaches the OOM policy, __GFP_THISNODE, and
 * the pageblocks kept for high-order atomic requests.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "owner.h"
#include "page/oom.h"

static long free_in(const struct rig *rig, int nid)
{
	long nr = 0;

	for (int type = 0; type < MAX_NR_ZONES; type++)
		nr += zone_free_exact(rig_zone(rig, nid, (enum zone_type)type));
	return nr;
}

/* What is left when no more comes, in eighths of the min mark. */
static void test_depth(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int scope;
		int eighths;
	} rows[] = {
		{ GFP_NOWAIT, 0, 8 },
		{ 0, 0, 8 },
		{ GFP_KERNEL | __GFP_NORETRY, 0, 8 },
		{ GFP_KERNEL | __GFP_HIGH | __GFP_NORETRY, 0, 4 },
		{ __GFP_HIGH | __GFP_NOMEMALLOC, 0, 4 },
		{ GFP_ATOMIC, 0, 3 },
		{ GFP_ATOMIC | __GFP_NOMEMALLOC, 0, 4 },
		{ GFP_NOWAIT | __GFP_MEMALLOC, 0, 0 },
		{ GFP_KERNEL | __GFP_MEMALLOC | __GFP_NORETRY, 0, 0 },
		{ GFP_NOWAIT | __GFP_MEMALLOC | __GFP_NOMEMALLOC, 0, 8 },
		{ GFP_KERNEL, PF_MEMALLOC, 0 },
		{ GFP_NOWAIT, PF_MEMALLOC, 0 },
		{ GFP_KERNEL | __GFP_NOMEMALLOC, PF_MEMALLOC, 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1 kalloc.daemons=step");
		struct zone *zone = rig_zone(&rig, 0, ZONE_DMA);
		struct list_head taken = LIST_INIT(taken);
		unsigned int scope = kalloc_scope_enter(rows[i].scope);
		long mark = (long)zone_mark(zone, WMARK_MIN) * rows[i].eighths / 8;

		rig_exhaust(&taken, rows[i].gfp, 0);
		kalloc_scope_leave(rows[i].scope, scope);
		/* The folded count may lag by the threshold. */
		assert_in_range(free_in(&rig, 0) + 4, mark + 4 - (long)zone->stat_threshold,
				mark + 5 + (long)zone->stat_threshold);
		rig_release(&taken, 0);
		rig_down(&rig);
	}
}

/* Nothing free at all, @nr clean pages on the lists. */
static struct rig empty_up(struct list_head *taken, struct owner *owner, unsigned int nr)
{
	struct rig rig = rig_up_unboosted("mem=16M nr_cpus=1 kalloc.daemons=step");

	list_init(taken);
	owner_init(owner);
	rig_exhaust(taken, GFP_NOWAIT | __GFP_MEMALLOC, 0);
	assert_int_equal(free_in(&rig, 0), 0);
	owner_add_list(owner, taken, nr, KALLOC_PAGE_CLEAN);
	return rig;
}

static void empty_down(struct rig *rig, struct list_head *taken, struct owner *owner)
{
	owner_fini(owner);
	rig_release(taken, 0);
	rig_down(rig);
}

static void test_rounds(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int order;
		unsigned int nr_clean;
		bool succeeds;
		unsigned int least_stalls, most_stalls;
		bool oom;
	} rows[] = {
		/* min is 123 frames, a round frees 32 to some more: several rounds */
		{ GFP_KERNEL, 0, 1000, true, 2, 4, false },
		{ GFP_NOIO, 0, 1000, true, 2, 4, false },
		{ GFP_KERNEL | __GFP_RETRY_MAYFAIL, 0, 1000, true, 2, 4, false },
		{ GFP_KERNEL | __GFP_NORETRY, 0, 1000, false, 1, 1, false },
		{ GFP_KERNEL, 4, 1000, false, 1, 1, false },
		{ GFP_KERNEL | __GFP_NOMEMALLOC, 0, 1000, true, 2, 4, false },
		/* not enough even if all goes: it ends, and the policy decides */
		{ GFP_KERNEL, 0, 50, false, 1, 17, true },
		{ GFP_KERNEL, 0, 0, false, 1, 17, true },
		{ GFP_KERNEL | __GFP_RETRY_MAYFAIL, 0, 0, false, 1, 17, false },
		{ GFP_KERNEL | __GFP_NORETRY, 0, 0, false, 1, 1, false },
		{ GFP_KERNEL | __GFP_THISNODE, 0, 0, false, 1, 17, false },
		{ GFP_KERNEL | GFP_DMA, 0, 0, false, 1, 17, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct list_head taken;
		struct owner owner;
		struct rig rig = empty_up(&taken, &owner, rows[i].nr_clean);
		struct page *page = alloc_pages(rows[i].gfp, rows[i].order);
		enum zone_type highest = rows[i].gfp & __GFP_DMA ? ZONE_DMA : ZONE_NORMAL;

		if (!rows[i].succeeds != !page)
			fail_msg("row %zu", i);
		assert_in_range(page_event(rig.m, ALLOCSTALL + highest), rows[i].least_stalls,
				rows[i].most_stalls);
		assert_int_equal(said_count("invoked oom-killer") != 0, rows[i].oom);
		if (page)
			__free_pages(page, rows[i].order);
		empty_down(&rig, &taken, &owner);
	}
}

static struct list_head *spare;
static unsigned int nr_notified;

static int free_some(struct notifier_block *nb, unsigned long action, void *data)
{
	nr_notified++;
	for (int i = 0; i < 50 && !list_empty(spare); i++) {
		struct page *page = list_first_entry(spare, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
		++*(unsigned long *)data;
	}
	return 0;
}

static int lie(struct notifier_block *nb, unsigned long action, void *data)
{
	nr_notified++;
	*(unsigned long *)data = 1;
	return 0;
}

/* A request goes on while the OOM notifiers free something, and is not fooled for ever. */
static void test_oom_rounds(void **state)
{
	struct notifier_block frees = { .notifier_call = free_some };
	struct notifier_block lies = { .notifier_call = lie };
	struct list_head taken;
	struct owner owner;
	struct rig rig = empty_up(&taken, &owner, 0);
	struct page *page;

	nr_notified = 0;
	spare = &taken;
	register_oom_notifier(&frees);
	page = alloc_page(GFP_KERNEL);
	assert_non_null(page);
	__free_page(page);
	assert_in_range(nr_notified, 3, 6); /* 123 frames, 50 at a time, some to the CPU */
	page = alloc_page(GFP_KERNEL | __GFP_NOFAIL);
	assert_non_null(page);
	__free_page(page);
	unregister_oom_notifier(&frees);

	rig_exhaust(&taken, GFP_NOWAIT | __GFP_MEMALLOC, 0);
	nr_notified = 0;
	register_oom_notifier(&lies);
	assert_null(alloc_page(GFP_KERNEL));
	assert_int_equal(nr_notified, OOM_MAX_ROUNDS);
	unregister_oom_notifier(&lies);
	empty_down(&rig, &taken, &owner);
}

/* What may not fail and cannot succeed stops the process, with a report: no endless loop. */
static void test_nofail_ends(void **state)
{
	struct list_head taken;
	struct owner owner;
	struct rig rig = empty_up(&taken, &owner, 0);
	int status = 0;
	pid_t child = fork();

	if (!child) {
		fclose(stderr);
		signal(SIGABRT, SIG_DFL);
		alloc_page(GFP_NOIO | __GFP_NOFAIL);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	empty_down(&rig, &taken, &owner);
}

static void test_thisnode(void **state)
{
	struct rig rig = rig_up_unboosted("mem=64M nr_cpus=2 numa=fake=2 kalloc.daemons=step");
	struct list_head taken = LIST_INIT(taken);
	long before = free_in(&rig, 1);
	struct page *page;

	rig_exhaust(&taken, GFP_KERNEL | __GFP_THISNODE, 0);
	list_for_each_entry(page, &taken, lru)
		assert_int_equal(page_to_nid(page), 0);
	assert_int_equal(free_in(&rig, 1), before);
	assert_null(alloc_pages_node(0, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 0));
	page = alloc_pages_node(0, GFP_KERNEL, 0);
	assert_int_equal(page_to_nid(page), 1);
	__free_page(page);
	rig_release(&taken, 0);
	rig_down(&rig);
}

/*
 * A high-order atomic request that succeeds below min keeps its pageblock for the next;
 * others leave it alone until reclaim in earnest gives it up.
 */
static void test_highatomic(void **state)
{
	struct rig rig = rig_up_unboosted("mem=64M nr_cpus=1 kalloc.daemons=step");
	struct zone *zone = rig_zone(&rig, 0, ZONE_DMA32);
	struct list_head pairs = LIST_INIT(pairs), taken = LIST_INIT(taken);
	struct owner owner;
	struct page *page;

	owner_init(&owner);
	rig_exhaust(&pairs, GFP_NOWAIT, 1);
	assert_int_equal(zone->nr_reserved_highatomic, 0);
	page = alloc_pages(GFP_ATOMIC, 1);
	assert_non_null(page);
	assert_int_equal(zone->nr_reserved_highatomic, 512);
	list_add(&page->lru, &pairs);

	for (int i = 0; i < 200; i++) {
		page = list_first_entry(&pairs, struct page, lru);
		list_del(&page->lru);
		split_page(page, 1);
		owner_add(&owner, page, KALLOC_PAGE_CLEAN);
		owner_add(&owner, page + 1, KALLOC_PAGE_CLEAN);
	}
	rig_exhaust(&taken, GFP_KERNEL, 0);
	assert_int_equal(owner_left(&owner), 0);
	assert_int_equal(zone->nr_reserved_highatomic, 0);
	rig_release(&taken, 0);
	rig_release(&pairs, 1);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_depth),	   cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_oom_rounds), cmocka_unit_test(test_nofail_ends),
		cmocka_unit_test(test_thisnode),   cmocka_unit_test(test_highatomic),
	};

	return cmocka_run_group_tests_name("slow", tests, NULL, NULL);
}
