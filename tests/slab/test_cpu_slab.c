/* SPDX-License-Identifier: MIT */
/*
 * Proves src/slab/cpu_slab.c and src/slab/node.c: which list each free goes to and
 * how long the lists get, as in Linux 6.1; objects that travel between CPUs; RCU
 * caches; many threads on few CPUs, with the invariants walked afterwards.
 */
#include <pthread.h>

#include "slab/cpu_slab.h"
#define RIG_SHEAVES "off"
#include "rig.h"

#define NR_SLABS 12

/* All objects of NR_SLABS slabs, in the order they came. */
static void take_all(struct kmem_cache *s, void **objects)
{
	for (unsigned int i = 0; i < NR_SLABS * oo_objects(s->oo); i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
}

static int reserve_of(const struct kmem_cache *s)
{
	return s->cpu_slab[0].partial ? s->cpu_slab[0].partial->slabs : 0;
}

/* A free into a full slab puts it in reserve; a full reserve goes to the node whole. */
static void test_reserve(void **state)
{
	struct kmem_cache *s = kmem_cache_create("r", 64, 0, 0, NULL);
	void *objects[NR_SLABS * 64];

	(void)state;
	assert_int_equal(s->cpu_partial_slabs, 4);
	take_all(s, objects);
	for (int i = 0; i < NR_SLABS - 1; i++) {
		kmem_cache_free(s, objects[i * 64]);
		assert_int_equal(reserve_of(s), i % 4 + 1);
		assert_int_equal(s->node[0]->nr_partial, i / 4 * 4);
		assert_true(cache_ok(s));
	}
	/* The last slab is the CPU's own, though full: its objects go straight back. */
	kmem_cache_free(s, objects[(NR_SLABS - 1) * 64]);
	assert_ptr_equal(s->cpu_slab[0].freelist, objects[(NR_SLABS - 1) * 64]);
	assert_int_equal(reserve_of(s), (NR_SLABS - 2) % 4 + 1);
}

/* Taking from a node fills the reserve to half of what it may hold, and one more. */
static void test_refill(void **state)
{
	struct kmem_cache *s = kmem_cache_create("f", 64, 0, 0, NULL);
	void *objects[NR_SLABS * 64];
	unsigned long before;

	(void)state;
	take_all(s, objects);
	for (int i = 0; i < NR_SLABS - 1; i++)
		kmem_cache_free(s, objects[i * 64]);
	cpu_slab_flush_all(s);
	before = s->node[0]->nr_partial;
	assert_int_equal(before, NR_SLABS - 1);
	assert_non_null(kmem_cache_alloc(s, GFP_KERNEL));
	assert_int_equal(reserve_of(s), 3);
	assert_int_equal(s->node[0]->nr_partial, before - 4);
	assert_true(cache_ok(s));
}

/* Beyond min_partial empty slabs go back to the page room; up to it they stay. */
static void test_empty_slabs(void **state)
{
	struct kmem_cache *s = kmem_cache_create("e", 64, 0, 0, NULL);
	void *objects[NR_SLABS * 64];

	(void)state;
	take_all(s, objects);
	assert_int_equal(s->node[0]->nr_slabs, NR_SLABS);
	for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++)
		kmem_cache_free(s, objects[i]);
	assert_true(cache_ok(s));
	cpu_slab_flush_all(s);
	assert_true(cache_ok(s));
	assert_int_equal(s->node[0]->nr_slabs, s->min_partial);
	assert_int_equal(s->node[0]->nr_partial, s->min_partial);
	assert_int_equal(s->node[0]->total_objects, s->min_partial * 64);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

/* Without sections to wait for, memory of such a cache stays its own. */
static void test_rcu(void **state)
{
	struct kmem_cache *s = kmem_cache_create("rcu", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	void *objects[NR_SLABS * 56];

	(void)state;
	take_all(s, objects);
	for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++)
		kmem_cache_free(s, objects[i]);
	cpu_slab_flush_all(s);
	assert_int_equal(s->node[0]->nr_slabs, NR_SLABS);
	assert_int_equal(kmem_cache_shrink(s), 1);
	assert_int_equal(s->node[0]->nr_slabs, NR_SLABS);
	assert_true(cache_ok(s));
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

/* An object freed on another CPU waits in its slab until its own CPU runs dry. */
static void test_remote_free(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=2 slab_nomerge kalloc.sheaves=off");
	struct kmem_cache *s = kmem_cache_create("x", 64, 0, 0, NULL);
	void *objects[64];

	(void)state;
	for (int i = 0; i < 64; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	kalloc_set_cpu(1);
	kmem_cache_free(s, objects[7]);
	assert_null(s->cpu_slab[1].slab);
	assert_true(cache_ok(s));
	kalloc_set_cpu(0);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), objects[7]);
	/* Deactivated with frees from both sides, it is one list again. */
	kalloc_set_cpu(1);
	kmem_cache_free(s, objects[1]);
	kalloc_set_cpu(0);
	kmem_cache_free(s, objects[2]);
	cpu_slab_flush_all(s);
	assert_int_equal(s->node[0]->nr_partial, 1);
	assert_true(cache_ok(s));
	for (int i = 3; i < 64; i++)
		kmem_cache_free(s, objects[i]);
	kmem_cache_free(s, objects[0]);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
	rig_halt(m);
}

static int place_on_list(struct kmem_cache *s, const struct slab *wanted)
{
	struct slab *slab;
	int place = 0;

	list_for_each_entry(slab, &s->node[0]->partial, slab_list) {
		if (slab == wanted)
			return place;
		place++;
	}
	return -1;
}

/*
 * A CPU slab taken back is the next to be used, unless another CPU has freed into
 * it: then it may be filling up, and waits behind the others.
 */
static void test_list_ends(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=2 slab_nomerge kalloc.sheaves=off");
	struct kmem_cache *s = kmem_cache_create("l", 64, 0, 0, NULL);
	void *objects[NR_SLABS * 64], *p, *q;
	int rest;

	(void)state;
	take_all(s, objects);
	for (int i = 0; i < NR_SLABS; i++)
		kmem_cache_free(s, objects[i * 64]);
	for (int i = 0; i < NR_SLABS; i++)
		kmem_cache_free(s, objects[i * 64 + 1]);
	cpu_slab_flush_all(s);
	assert_int_equal(s->node[0]->nr_partial, NR_SLABS);

	p = kmem_cache_alloc(s, GFP_KERNEL);
	cpu_slab_flush_all(s);
	assert_int_equal(place_on_list(s, slab_of(m, p)), 0);

	q = kmem_cache_alloc(s, GFP_KERNEL);
	assert_ptr_equal(slab_of(m, q), slab_of(m, p));
	rest = (int)s->node[0]->nr_partial;
	kalloc_set_cpu(1);
	kmem_cache_free(s, p);
	kalloc_set_cpu(0);
	cpu_slab_flush_all(s);
	assert_int_equal(place_on_list(s, slab_of(m, q)), rest);
	assert_true(cache_ok(s));
	rig_halt(m);
}

/* Partial slabs of another node serve a caller who did not name one. */
static void test_other_node(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=128M numa=fake=2 nr_cpus=1 slab_nomerge");
	struct kmem_cache *s = kmem_cache_create("o", 64, 0, 0, NULL);
	void *objects[NR_SLABS * 64];

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++)
		objects[i] = kmem_cache_alloc_node(s, GFP_KERNEL, 1);
	for (int i = 0; i < NR_SLABS - 1; i++)
		kmem_cache_free(s, objects[i * 64]);
	cpu_slab_flush_all(s);
	assert_int_equal(s->node[1]->nr_partial, NR_SLABS - 1);
	assert_int_equal(slab_nid(slab_of(m, kmem_cache_alloc(s, GFP_KERNEL))), 1);
	assert_int_equal(s->node[0]->nr_slabs, 0);
	assert_int_equal(slab_nid(slab_of(m, kmem_cache_alloc_node(s, GFP_KERNEL, 0))), 0);
	rig_all_ok(m);
	rig_halt(m);
}

static struct kmem_cache *nested_cache;
static void *nested_object;

/* Takes an object of its own cache while the first slab of it is being made. */
static void nest(void *object)
{
	struct kmem_cache *s = nested_cache;

	(void)object;
	nested_cache = NULL;
	if (s)
		nested_object = kmem_cache_alloc(s, GFP_KERNEL);
}

/* A slab that the CPU got while another was being made is not lost. */
static void test_slab_meanwhile(void **state)
{
	struct kmem_cache *s = kmem_cache_create("m", 64, 0, 0, nest);
	void *p;

	(void)state;
	nested_cache = s;
	p = kmem_cache_alloc(s, GFP_KERNEL);
	assert_int_equal(s->node[0]->nr_slabs, 2);
	assert_int_equal(s->node[0]->nr_partial, 1);
	assert_true(cache_ok(s));
	kmem_cache_free(s, p);
	kmem_cache_free(s, nested_object);
	kmem_cache_destroy(s);
	assert_string_equal(said, "");
}

/* A checked cache keeps nothing per CPU and counts to the object. */
static void test_checked(void **state)
{
	struct kalloc_machine *m = *state;
	struct kmem_cache *s = kmem_cache_create("c", 64, 0, SLAB_RED_ZONE, NULL);
	void *objects[3];

	for (int i = 0; i < 3; i++)
		objects[i] = kmem_cache_alloc(s, GFP_KERNEL);
	assert_null(s->cpu_slab[0].slab);
	assert_int_equal(rig_info(m, "c").active_objs, 3);
	assert_int_equal(rig_info(m, "c").num_objs, 46);
	kmem_cache_free(s, objects[0]);
	kmem_cache_free(s, objects[1]);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), objects[1]);
	assert_ptr_equal(kmem_cache_alloc(s, GFP_KERNEL), objects[0]);
	assert_true(cache_ok(s));
}

#define NR_THREADS 4
#define NR_DROPS   64

struct churn {
	struct kalloc_machine *m;
	struct kmem_cache *s;
	void *drops[NR_DROPS]; /* where threads leave objects for each other */
	unsigned int rounds;
};

struct churner {
	struct churn *churn;
	int cpu;
	bool damaged;
};

static void *churner_run(void *arg)
{
	struct churner *self = arg;
	struct churn *churn = self->churn;
	unsigned int size = churn->s->object_size;
	unsigned int seed = (unsigned int)self->cpu * 7919 + 1;

	kalloc_enter(churn->m);
	kalloc_set_cpu(self->cpu);
	for (unsigned int i = 0; i < churn->rounds; i++) {
		unsigned char *p = kmem_cache_alloc(churn->s, GFP_KERNEL), *old;

		seed = seed * 1103515245 + 12345;
		memset(p, (int)(seed >> 24), size);
		old = __atomic_exchange_n(&churn->drops[(seed >> 16) % NR_DROPS], p,
					  __ATOMIC_ACQ_REL);
		if (!old)
			continue;
		self->damaged |= memcmp(old, old + 1, size - 1) != 0;
		kmem_cache_free(churn->s, old);
	}
	kalloc_enter(NULL);
	return NULL;
}

static void churn_cache(struct kalloc_machine *m, slab_flags_t flags)
{
	struct kmem_cache *s = kmem_cache_create("churn", 200, 0, flags, NULL);
	struct churn churn = { .m = m, .s = s };
	struct churner churners[NR_THREADS];
	pthread_t threads[NR_THREADS];

	churn.rounds = getenv("KALLOC_UNDER_VALGRIND") ? 2000 : 50000;
	for (int i = 0; i < NR_THREADS; i++) {
		churners[i] = (struct churner){ .churn = &churn, .cpu = i % 3 };
		pthread_create(&threads[i], NULL, churner_run, &churners[i]);
	}
	for (int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_false(churners[i].damaged);
	}
	assert_true(cache_ok(s));
	for (int i = 0; i < NR_DROPS; i++) {
		if (churn.drops[i])
			kfree(churn.drops[i]);
	}
	assert_true(cache_ok(s));
	kmem_cache_destroy(s);
	rig_all_ok(m);
	assert_string_equal(said, "");
}

static void test_churn(void **state)
{
	struct kalloc_machine *m = rig_boot("mem=64M nr_cpus=3 slab_nomerge kalloc.sheaves=off");

	(void)state;
	churn_cache(m, 0);
	churn_cache(m, SLAB_RED_ZONE);
	rig_halt(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_reserve),
		rig_test(test_refill),
		rig_test(test_empty_slabs),
		rig_test(test_rcu),
		cmocka_unit_test(test_remote_free),
		cmocka_unit_test(test_list_ends),
		cmocka_unit_test(test_other_node),
		rig_test(test_slab_meanwhile),
		rig_test(test_checked),
		cmocka_unit_test(test_churn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
