/* SPDX-License-Identifier: MIT */
/*
 * Proves that the same command line and the same calls give the same frames, through
 * reclaim and compaction too: a long mixed sequence of allocations, frees, pages for
 * the LRU lists and compactions, with memory full, is made twice on fresh machines,
 * and every frame number that came out, and where every page ended, is compared.
 */
#include "follower.h"

#include "page/event.h"
#include "rand.h"

#define STEPS 12000
#define HELD  256
#define SLOTS 6000

struct sequence {
	struct rig rig;
	struct rand rand;
	struct follower owner;
	struct page *held[HELD];
	unsigned int order[HELD];
	unsigned long pfn[STEPS]; /* of each step's allocation; 0: none, or no frame */
	unsigned long end[SLOTS]; /* where the owner's pages are at last */
};

static unsigned long nr_steps(void)
{
	return under_valgrind() ? STEPS / 8 : STEPS;
}

/* Keep a block, or let the one go that is kept in its place. */
static struct page *hold(struct sequence *seq)
{
	static const gfp_t gfps[] = {
		GFP_KERNEL, GFP_KERNEL & ~__GFP_KSWAPD_RECLAIM, GFP_NOFS, GFP_NOIO, GFP_ATOMIC,
		GFP_NOWAIT, GFP_KERNEL | __GFP_MOVABLE
	};
	unsigned int at = rand_below(&seq->rand, HELD);

	if (seq->held[at]) {
		__free_pages(seq->held[at], seq->order[at]);
		seq->held[at] = NULL;
		return NULL;
	}
	seq->order[at] = rand_below(&seq->rand, 40) ? rand_below(&seq->rand, 5) : 9;
	seq->held[at] = alloc_pages(gfps[rand_below(&seq->rand, 7)] | __GFP_NOWARN, seq->order[at]);
	return seq->held[at];
}

static struct page *add(struct sequence *seq, unsigned long slot)
{
	struct page *page;

	if (seq->owner.slot[slot])
		return NULL;
	page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN);
	if (page)
		follower_put(&seq->owner, slot, page, (enum kalloc_page_kind)(slot % 3));
	return page;
}

static void use(struct sequence *seq, unsigned long slot)
{
	if (seq->owner.slot[slot])
		kalloc_lru_touch(seq->owner.slot[slot]);
}

static struct page *step(struct sequence *seq)
{
	u32 what = rand_below(&seq->rand, 16);
	unsigned long slot = rand_below(&seq->rand, SLOTS);

	if (what == 0 && rand_below(&seq->rand, 100) == 0)
		page_compact(seq->rig.m);
	else if (what == 0)
		kalloc_set_cpu((int)rand_below(&seq->rand, 4));
	else if (what < 3)
		use(seq, slot);
	else if (what < 8)
		return hold(seq);
	else
		return add(seq, slot);
	return NULL;
}

static void fill(struct sequence *seq)
{
	for (unsigned long slot = 0; slot < SLOTS; slot++) {
		struct page *page = alloc_page(GFP_NOWAIT | __GFP_MOVABLE | __GFP_NOWARN);

		if (page)
			follower_put(&seq->owner, slot, page, (enum kalloc_page_kind)(slot % 3));
	}
	seq->owner.nr = SLOTS;
}

static struct sequence *run(const char *cmdline, u64 seed)
{
	struct sequence *seq = calloc(1, sizeof(*seq));
	struct kalloc_machine *m;

	assert_non_null(seq);
	kalloc_set_cpu(0); /* where the machine is booted matters, too */
	seq->rig = rig_up(cmdline);
	m = seq->rig.m;
	seq->rand.state = seed;
	follower_init(&seq->owner);
	fill(seq);
	for (unsigned long i = 0; i < nr_steps(); i++) {
		struct page *page = step(seq);

		seq->pfn[i] = page ? page_to_pfn(page) : 0;
	}
	page_compact(m);
	for (unsigned long slot = 0; slot < SLOTS; slot++)
		seq->end[slot] = seq->owner.slot[slot] ? page_to_pfn(seq->owner.slot[slot]) : 0;

	assert_int_equal(seq->owner.nr_wrong, 0);
	assert_true(page_event(m, PGSTEAL_KSWAPD) > 0);
	assert_true(page_event(m, PGSTEAL_DIRECT) > 0);
	assert_true(page_event(m, PGMIGRATE_SUCCESS) > 0);
	for (unsigned int at = 0; at < HELD; at++) {
		if (seq->held[at])
			__free_pages(seq->held[at], seq->order[at]);
	}
	follower_release(&seq->owner);
	lists_check(&seq->rig);
	rig_down(&seq->rig);
	return seq;
}

static void test_same(void **state)
{
	static const char *const cmdlines[] = {
		"mem=24M nr_cpus=2 kalloc.swap=4M",
		"mem=24M nr_cpus=4 numa=fake=2 kalloc.swap=2M",
		"mem=24M nr_cpus=1 movablecore=8M kalloc.swap=8M",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		struct sequence *first = run(cmdlines[i], 1), *again = run(cmdlines[i], 1);
		struct sequence *other = run(cmdlines[i], 2);

		assert_memory_equal(first->pfn, again->pfn, sizeof(first->pfn));
		assert_memory_equal(first->end, again->end, sizeof(first->end));
		assert_memory_not_equal(first->pfn, other->pfn, sizeof(first->pfn));
		assert_memory_not_equal(first->end, other->end, sizeof(first->end));
		free(first);
		free(again);
		free(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests_name("determinism", tests, NULL, NULL);
}
