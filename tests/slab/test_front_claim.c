/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/front_claim.c: flushing leaves nothing at hand; a child of a fork has
 * the same objects at hand as its parent; who flushes and who forks do not wait for each
 * other; what CPUs have at hand is given back before memory runs out; the walk of the
 * invariants sees each damage.
 */
#define _GNU_SOURCE
#include <kalloc/page.h>
#include <sys/wait.h>
#include <unistd.h>

#include "front_rig.h"
#include "plat/hop.h"

#define SHEAF SHEAF_SLOTS

static void test_flush(void **state)
{
	static void *objects[20 * SHEAF];
	struct kmem_cache *s = kmem_cache_create("f", 64, 0, 0, NULL);
	struct kmem_cache *t = kmem_cache_create("g", 64, 0, 0, NULL);

	for (int i = 0; i < 2; i++) {
		struct kmem_cache *cache = i ? t : s;

		take_objects(cache, objects, 20 * SHEAF);
		free_objects(cache, objects, 20 * SHEAF);
		assert_int_equal(front_count(cache), 2 * SHEAF);
		assert_int_equal(cache->barn.nr, BARN_FEW);
	}
	front_flush_barn(s);
	assert_int_equal(s->barn.nr, 0);
	assert_int_equal(front_count(s), 2 * SHEAF);
	front_flush_all(s);
	assert_int_equal(front_count(s), 0);
	assert_int_equal(front_count(t), 2 * SHEAF);
	cpu_slab_flush_all(s);
	assert_int_equal(slab_count(s, 0).objects, slab_count(s, 0).free);
	assert_int_equal(s->node[0]->nr_slabs, s->min_partial);
	assert_int_equal(kmem_cache_shrink(t), 0);
	assert_int_equal(t->node[0]->nr_slabs, 0);
	front_flush_all(t);
	rig_all_ok(*state);
}

/* Exit status of a child: 0 if it gets the objects that were freed, last one first. */
static int take_back(struct kmem_cache *s, void **objects, int nr)
{
	for (int i = nr; i-- > 0;)
		if (kmem_cache_alloc(s, GFP_KERNEL) != objects[i])
			return 1;
	for (int i = 0; i < nr; i++)
		kmem_cache_free(s, objects[i]);
	kmem_cache_shrink(s);
	return cache_ok(s) && front_count(s) == 0 && !slab_count(s, 0).objects ? 0 : 2;
}

static int status_of(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_fork(void **state)
{
	struct kmem_cache *s = kmem_cache_create("c", 64, 0, 0, NULL);
	void *objects[5 * SHEAF];
	pid_t pid;

	take_objects(s, objects, 5 * SHEAF);
	free_objects(s, objects, 5 * SHEAF);
	pid = fork();
	if (pid == 0)
		_exit(take_back(s, objects, 5 * SHEAF));
	assert_int_equal(status_of(pid), 0);
	rig_all_ok(*state);
	assert_int_equal(take_back(s, objects, 5 * SHEAF), 0);
	rig_all_ok(*state);
}

/* Threads that flush one cache each until told to stop, and use it in between. */
struct flusher {
	struct kalloc_machine *m;
	struct kmem_cache *s;
	bool *is_done;
	long failed;
};

static void *flush_run(void *arg)
{
	struct flusher *self = arg;
	void *objects[100];

	kalloc_enter(self->m);
	while (!__atomic_load_n(self->is_done, __ATOMIC_ACQUIRE)) {
		for (int i = 0; i < 100; i++) {
			objects[i] = kmem_cache_alloc(self->s, GFP_KERNEL);
			self->failed += !objects[i];
		}
		for (int i = 0; i < 100; i++)
			kmem_cache_free(self->s, objects[i]);
		kmem_cache_shrink(self->s);
		/* A fork takes one thread's locks at a time; let it have them. */
		sched_yield();
	}
	kalloc_enter(NULL);
	return NULL;
}

#define NR_FLUSHERS 3

/* Each of the two claims what the other may have claimed already. */
static void test_fork_and_flush(void **state)
{
	struct kmem_cache *s = kmem_cache_create("w", 64, 0, 0, NULL);
	struct flusher flushers[NR_FLUSHERS];
	pthread_t threads[NR_FLUSHERS];
	bool is_done = false;

	for (int i = 0; i < NR_FLUSHERS; i++) {
		flushers[i] = (struct flusher){ .m = *state, .s = s, .is_done = &is_done };
		pthread_create(&threads[i], NULL, flush_run, &flushers[i]);
	}
	for (unsigned int i = 0; i < hop_rounds(400) + 10; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			void *object = kmem_cache_alloc(s, GFP_KERNEL);

			kmem_cache_free(s, object);
			_exit(object && !kmem_cache_shrink(s) ? 0 : 1);
		}
		/* What the other threads had in hand is nobody's in the child. */
		assert_true(WIFEXITED(status_of(pid)));
	}
	__atomic_store_n(&is_done, true, __ATOMIC_RELEASE);
	for (int i = 0; i < NR_FLUSHERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(flushers[i].failed, 0);
	}
	assert_int_equal(objects_out(s), 0);
	assert_string_equal(said, "");
}

/*
 * One object of each slab at hand holds all the memory there is, until a request asks
 * for it.
 */
static void test_short_of_memory(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=8M nr_cpus=1 slab_nomerge kalloc.sheaves=on");
	struct kmem_cache *s = kmem_cache_create("o", 2048, 0, 0, NULL);
	unsigned int a_slab = oo_objects(s->oo), nr = 0;
	void *first = NULL, *object;
	unsigned long slabs;

	(void)state;
	while ((object = kmem_cache_alloc(s, GFP_KERNEL | __GFP_NOWARN)) != NULL) {
		*(void **)object = first;
		first = object;
		nr++;
	}
	assert_true(nr > 20 * a_slab);
	while (first) {
		object = first;
		first = *(void **)object;
		kmem_cache_free(s, object);
	}
	cpu_slab_flush_all(s);
	front_flush_barn(s);
	slabs = s->node[0]->nr_slabs;
	assert_true(front_count(s) > 0);
	while (alloc_pages(GFP_KERNEL | __GFP_NOWARN, 0))
		;
	assert_int_equal(front_count(s), 0);
	assert_true(s->node[0]->nr_slabs < slabs);
	assert_int_equal(s->node[0]->nr_slabs, 0);
	rig_halt(m);
}

static struct kmem_cache *cache;
static void *objects[5 * SHEAF];

static int damage_setup(void **state)
{
	rig_setup(state);
	cache = kmem_cache_create("d", 64, 0, 0, NULL);
	take_objects(cache, objects, 5 * SHEAF);
	free_objects(cache, objects, 4 * SHEAF + 10);
	assert_true(front_ok(cache));
	assert_int_equal(front_of(cache)->stack.nr, 10);
	return 0;
}

static void see_slot(void **slot, void *damage)
{
	void *was = *slot;

	*slot = damage;
	assert_false(front_ok(cache));
	assert_false(cache_ok(cache));
	*slot = was;
	assert_true(cache_ok(cache));
}

static void test_sees_objects(void **state)
{
	struct front *f = front_of(cache);
	void **slots[] = { &f->stack.slots[3], &f->spare->slots[3], &cache->barn.full->slots[3],
			   &cache->barn.full->next->slots[63] };
	int local;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		see_slot(slots[i], NULL);
		see_slot(slots[i], &local);
		see_slot(slots[i], (char *)*slots[i] + 8);
		see_slot(slots[i], slots[i][-1]);
		see_slot(slots[i], kmalloc(64, GFP_KERNEL));
	}
}

static void see_count(u32 *count, u32 damage)
{
	u32 was = *count;

	*count = damage;
	assert_false(front_ok(cache));
	*count = was;
	assert_true(front_ok(cache));
}

static void test_sees_counts(void **state)
{
	struct front *f = front_of(cache);
	struct sheaf *last = cache->barn.full->next->next;

	(void)state;
	see_count(&f->stack.nr, SHEAF + 1);
	see_count(&f->stack.nr, ~0u);
	see_count(&f->stack.most, SHEAF - 1);
	see_count(&f->spare->nr, SHEAF - 1);
	see_count(&f->spare->nr, SHEAF + 1);
	assert_int_equal(cache->barn.nr, 3);
	see_count(&cache->barn.nr, 2);
	see_count(&cache->barn.nr, 4);
	see_count(&cache->barn.limit, 2);
	see_count(&cache->barn.most, 9);
	see_count(&last->nr, 63);
	last->next = cache->barn.full;
	assert_false(front_ok(cache));
	last->next = NULL;
	assert_true(front_ok(cache));
}

#define damage_test(f) cmocka_unit_test_setup_teardown(f, damage_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_flush),
		rig_test(test_fork),
		cmocka_unit_test(test_short_of_memory),
		damage_test(test_sees_objects),
		damage_test(test_sees_counts),
		rig_test(test_fork_and_flush),
	};

	hop_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
