/* SPDX-License-Identifier: MIT */
/*
 * Proves that the page room's locks hold: four threads on two virtual CPUs take and
 * give blocks of random orders and types, hand some to each other, write into all of
 * them, while knobs are set and lists drained; then nothing is lost, nothing is
 * handed out twice and every structure is whole.
 */
#include <pthread.h>

#include "rand.h"
#include "rig.h"

#define THREADS 4
#define LIVE	64
#define SHARED	32

struct worker {
	struct kalloc_machine *m;
	pthread_t thread;
	int cpu;
	u64 seed;
	unsigned long nr_steps, nr_taken;
};

/* Blocks on their way from one thread to another; order in the low bits. */
static unsigned long shared[SHARED];

struct held {
	struct page *page;
	unsigned int order;
};

/* Write the block's own address into each of its frames, or look whether it is there. */
static void sign(const struct held *held)
{
	char *at = page_address(held->page);

	for (unsigned long i = 0; i < 1UL << held->order; i++)
		memcpy(at + i * PAGE_SIZE, &held->page, sizeof(held->page));
}

static bool is_signed(const struct held *held)
{
	const char *at = page_address(held->page);

	for (unsigned long i = 0; i < 1UL << held->order; i++) {
		if (memcmp(at + i * PAGE_SIZE, &held->page, sizeof(held->page)) != 0)
			return false;
	}
	return true;
}

static void give(struct held *held)
{
	if (!is_signed(held))
		abort();
	__free_pages(held->page, held->order);
	held->page = NULL;
}

static void take(struct worker *worker, struct held *held, struct rand *rand)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_ATOMIC, GFP_KERNEL | __GFP_MOVABLE,
				      GFP_NOWAIT | __GFP_RECLAIMABLE };

	held->order = rand_below(rand, 8) ? rand_below(rand, 4) : rand_below(rand, 10);
	held->page = alloc_pages(gfps[rand_below(rand, 4)] | __GFP_NOWARN, held->order);
	if (held->page) {
		sign(held);
		worker->nr_taken++;
	}
}

/* Put ours where another thread may free it, and take over what was there. */
static void exchange(struct held *held, struct rand *rand)
{
	unsigned long ours = held->page ? (unsigned long)held->page | held->order : 0;
	unsigned long theirs =
		__atomic_exchange_n(&shared[rand_below(rand, SHARED)], ours, __ATOMIC_ACQ_REL);

	/* struct page is aligned to 16: room for orders 0 .. 15 */
	held->page = (struct page *)(theirs & ~15UL);
	held->order = (unsigned int)(theirs & 15);
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct held held[LIVE] = { { NULL, 0 } };
	struct rand rand = { worker->seed };

	kalloc_enter(worker->m);
	kalloc_set_cpu(worker->cpu);
	for (unsigned long step = 0; step < worker->nr_steps; step++) {
		struct held *at = &held[rand_below(&rand, LIVE)];

		if (rand_below(&rand, 16) == 0)
			exchange(at, &rand);
		else if (at->page)
			give(at);
		else
			take(worker, at, &rand);
		if (step % 1024 == 512)
			pages_drain(worker->m);
		if (step % 1024 == 1023)
			page_set_min_free_kbytes(worker->m, 512 + rand_below(&rand, 512));
	}
	for (int i = 0; i < LIVE; i++) {
		if (held[i].page)
			give(&held[i]);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void run(const char *cmdline, unsigned long nr_steps)
{
	struct rig rig = rig_up(cmdline);
	struct worker workers[THREADS];

	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){
			.m = rig.m, .cpu = i, .seed = (u64)i + 1, .nr_steps = nr_steps
		};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_true(workers[i].nr_taken > 0);
	}
	for (int i = 0; i < SHARED; i++) {
		struct held held = { (struct page *)(shared[i] & ~15UL),
				     (unsigned int)(shared[i] & 15) };

		if (held.page)
			give(&held);
		shared[i] = 0;
	}
	assert_int_equal(rig_free(&rig), rig.nr_free);
	pages_drain(rig.m);
	assert_string_equal(said, "");
	rig_down(&rig);
}

static unsigned long steps(void)
{
	return under_valgrind() ? 3000 : 30000;
}

/* Two threads share each CPU. */
static void test_shared_cpus(void **state)
{
	run("mem=96M nr_cpus=2", steps());
}

/* So little memory that threads meet in the slow path, in fallback and in reserves. */
static void test_short_of_memory(void **state)
{
	run("mem=16M nr_cpus=2", steps());
}

static void test_nodes(void **state)
{
	run("mem=32M numa=fake=2 nr_cpus=4", steps());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_cpus),
		cmocka_unit_test(test_short_of_memory),
		cmocka_unit_test(test_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
