/* SPDX-License-Identifier: MIT */
/*
 * Proves that src/slab/front.c loses and doubles no object, whatever CPU a thread hops to
 * and whoever flushes meanwhile: everything is accounted for afterwards.
 */
#define _GNU_SOURCE
#include "front_rig.h"
#include "plat/hop.h"

#define NR_THREADS 8
#define NR_DROPS   256

struct churn {
	struct kalloc_machine *m;
	struct kmem_cache *s;
	void *drops[NR_DROPS]; /* where threads leave objects for each other */
	unsigned int rounds;
};

struct churner {
	struct churn *churn;
	unsigned int seed;
	bool damaged;
};

/* Leave an object that is marked as its own; free what was there, if it is as it was left. */
static void swap_drop(struct churner *self, unsigned long *object)
{
	unsigned int n = hop_random(&self->seed) % NR_DROPS;
	unsigned long *old;

	object[0] = (unsigned long)object;
	object[7] = ~object[0];
	old = __atomic_exchange_n(&self->churn->drops[n], object, __ATOMIC_ACQ_REL);
	if (!old)
		return;
	self->damaged |= old[0] != (unsigned long)old || old[7] != ~old[0];
	old[0] = old[7] = 0;
	if (n % 8)
		kmem_cache_free(self->churn->s, old);
	else
		kfree(old);
}

static void *churn_run(void *arg)
{
	struct churner *self = arg;
	struct kmem_cache *s = self->churn->s;
	void *many[100];

	kalloc_enter(self->churn->m);
	for (unsigned int i = 0; i < self->churn->rounds; i++) {
		unsigned int n = hop_random(&self->seed);

		if (i % 512 == 0)
			hop_to(n);
		if (n % 64 == 0 && kmem_cache_alloc_bulk(s, GFP_KERNEL, 100, many) == 100)
			kmem_cache_free_bulk(s, 100, many);
		if (n % 4096 == 1)
			kmem_cache_shrink(s);
		swap_drop(self, kmem_cache_alloc(s, GFP_KERNEL));
	}
	kalloc_enter(NULL);
	return NULL;
}

static void test_churn(void **state)
{
	struct churn churn = { .m = *state, .rounds = hop_rounds(400000) };
	struct churner churners[NR_THREADS];
	pthread_t threads[NR_THREADS];
	unsigned long left = 0;

	churn.s = kmem_cache_create("churn", 64, 0, 0, NULL);
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		churners[i] = (struct churner){ .churn = &churn, .seed = 77 + i };
		pthread_create(&threads[i], NULL, churn_run, &churners[i]);
	}
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_false(churners[i].damaged);
	}
	assert_true(cache_ok(churn.s));
	for (unsigned int i = 0; i < NR_DROPS; i++)
		left += churn.drops[i] != NULL;
	assert_int_equal(objects_out(churn.s), left);
	for (unsigned int i = 0; i < NR_DROPS; i++)
		kfree(churn.drops[i]);
	assert_int_equal(objects_out(churn.s), 0);
	kmem_cache_destroy(churn.s);
	rig_all_ok(*state);
	assert_string_equal(said, "");
}

#define RING 512

/* One thread takes, another frees. */
struct ring {
	struct kalloc_machine *m;
	struct kmem_cache *s;
	void *slots[RING];
	unsigned int total;
	unsigned int put, got; /* each written by one thread */
};

static void *produce(void *arg)
{
	struct ring *ring = arg;

	kalloc_enter(ring->m);
	for (unsigned int i = 0; i < ring->total; i++) {
		while (i - __atomic_load_n(&ring->got, __ATOMIC_ACQUIRE) == RING)
			sched_yield();
		ring->slots[i % RING] = kmem_cache_alloc(ring->s, GFP_KERNEL);
		__atomic_store_n(&ring->put, i + 1, __ATOMIC_RELEASE);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void *consume(void *arg)
{
	struct ring *ring = arg;

	kalloc_enter(ring->m);
	for (unsigned int i = 0; i < ring->total; i++) {
		while (i == __atomic_load_n(&ring->put, __ATOMIC_ACQUIRE))
			sched_yield();
		kmem_cache_free(ring->s, ring->slots[i % RING]);
		__atomic_store_n(&ring->got, i + 1, __ATOMIC_RELEASE);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void test_remote_frees(void **state)
{
	struct ring ring = { .m = *state, .total = hop_rounds(1000000) };
	pthread_t threads[2];

	ring.s = kmem_cache_create("ring", 64, 0, 0, NULL);
	pthread_create(&threads[0], NULL, produce, &ring);
	pthread_create(&threads[1], NULL, consume, &ring);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert_int_equal(objects_out(ring.s), 0);
	kmem_cache_destroy(ring.s);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_churn),
		rig_test(test_remote_frees),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
