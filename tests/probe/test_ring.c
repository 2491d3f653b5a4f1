/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/ring.c: records come back in order and whole, the oldest go first, a
 * slot whose writer is not done is passed over by all others, a child of a fork lets go of
 * such slots, and any number of writers and a reader at once neither lose nor mix up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdlib.h>
#include <cmocka.h>

#include "probe/ring.h"

#define SLOTS 8u

struct rig {
	struct ring ring;
	struct ring_slot slots[SLOTS];
};

static struct rig *rig_make(void)
{
	struct rig *rig = aligned_alloc(64, sizeof(*rig));

	assert_non_null(rig);
	memset(rig, 0, sizeof(*rig));
	ring_init(&rig->ring, rig->slots, SLOTS);
	return rig;
}

/* The words of a record all follow from its first. */
static u64 word_of(u64 what, size_t i)
{
	return what * 0x9e3779b97f4a7c15u + i * what;
}

static void fill(struct ring_slot *slot, u64 what)
{
	ring_put(slot, 0, what);
	for (unsigned int i = 1; i < RING_WORDS; i++)
		ring_put(slot, i, word_of(what, i));
}

static u64 write_one(struct ring *ring, u64 what)
{
	u64 number;
	struct ring_slot *slot = ring_claim(ring, &number);

	fill(slot, what);
	ring_publish(slot, number);
	return number;
}

static u64 whole(const u64 words[RING_WORDS])
{
	for (unsigned int i = 1; i < RING_WORDS; i++)
		assert_int_equal(words[i], word_of(words[0], i));
	return words[0];
}

static void assert_found(const struct ring *ring, u64 number, u64 what)
{
	u64 words[RING_WORDS];

	assert_int_equal(ring_look(ring, number, words), RING_RECORD);
	assert_int_equal(whole(words), what);
}

static void test_order(void **state)
{
	struct rig *rig = rig_make();
	struct ring *ring = &rig->ring;
	u64 words[RING_WORDS];

	assert_int_equal(ring_look(ring, 1, words), RING_LATER);
	assert_int_equal(ring_end(ring), 1);
	for (u64 i = 1; i <= SLOTS; i++)
		assert_int_equal(write_one(ring, 100 + i), i);
	assert_int_equal(ring_oldest(ring), 1);
	for (u64 i = 1; i <= SLOTS; i++)
		assert_found(ring, i, 100 + i);
	assert_int_equal(ring_look(ring, SLOTS + 1, words), RING_LATER);

	/* Two more, over the first two. */
	write_one(ring, 300);
	write_one(ring, 301);
	assert_int_equal(ring_oldest(ring), 3);
	assert_int_equal(ring_look(ring, 1, words), RING_LOST);
	assert_int_equal(ring_look(ring, 2, words), RING_LOST);
	assert_found(ring, 3, 103);
	assert_found(ring, SLOTS + 1, 300);
	assert_found(ring, SLOTS + 2, 301);
	assert_int_equal(ring_end(ring), SLOTS + 3);
	free(rig);
}

static void test_slow_writer(void **state)
{
	struct rig *rig = rig_make();
	struct ring *ring = &rig->ring;
	struct ring_slot *slow;
	u64 words[RING_WORDS], number;

	write_one(ring, 1);
	slow = ring_claim_shared(ring, &number);
	assert_int_equal(number, 2);
	assert_int_equal(ring_look(ring, 2, words), RING_BUSY);
	assert_int_equal(ring_end(ring), 3);

	/* Once around: record 10 would lie where the slow writer is. */
	for (u64 i = 3; i <= 9; i++)
		assert_int_equal(write_one(ring, i), i);
	assert_int_equal(write_one(ring, 11), 11);
	assert_int_equal(ring_look(ring, 10, words), RING_PASSED);
	assert_int_equal(ring_look(ring, 2, words), RING_BUSY);
	assert_found(ring, 11, 11);

	/* Its record is as good as any when it comes, and the next time around it goes. */
	fill(slow, 2);
	ring_publish(slow, number);
	assert_found(ring, 2, 2);
	for (u64 i = 12; i <= 18; i++)
		assert_int_equal(write_one(ring, i), i);
	assert_int_equal(ring_look(ring, 2, words), RING_LOST);
	assert_found(ring, 18, 18);
	free(rig);
}

/* A writer that was overtaken before it claimed finds the next free number. */
static void test_hint_behind(void **state)
{
	struct rig *rig = rig_make();
	struct ring *ring = &rig->ring;

	for (u64 i = 1; i <= 5; i++)
		write_one(ring, i);
	ring->head = 2;
	assert_int_equal(ring_end(ring), 6);
	assert_int_equal(write_one(ring, 6), 6);
	for (u64 i = 1; i <= 6; i++)
		assert_found(ring, i, i);
	free(rig);
}

static void test_adopt(void **state)
{
	static const u64 nothing[RING_WORDS];
	struct rig *rig = rig_make();
	struct ring *ring = &rig->ring;
	u64 words[RING_WORDS], number;

	write_one(ring, 1);
	fill(ring_claim_shared(ring, &number), 2);
	write_one(ring, 3);
	ring_adopt(ring);
	assert_found(ring, 1, 1);
	assert_found(ring, 3, 3);
	assert_int_equal(ring_look(ring, number, words), RING_RECORD);
	assert_memory_equal(words, nothing, sizeof(nothing));
	for (u64 i = 4; i <= SLOTS + 2; i++)
		assert_int_equal(write_one(ring, i), i);
	assert_found(ring, SLOTS + 2, SLOTS + 2);
	free(rig);
}

/* --- threads --------------------------------------------------------------- */

#define WRITERS 4
#define EACH	20000u

struct crowd {
	struct ring *ring;
	unsigned int nr_done;
};

struct writer {
	struct crowd *crowd;
	u64 number;
};

static void *writer_run(void *arg)
{
	struct writer *writer = arg;

	for (u64 i = 0; i < EACH; i++)
		write_one(writer->crowd->ring, writer->number * EACH + i);
	__atomic_fetch_add(&writer->crowd->nr_done, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Read behind them as far as there is something to read. Each writer's come in order. */
static u64 read_on(struct ring *ring, u64 last[WRITERS], bool to_the_end)
{
	u64 words[RING_WORDS], nr = 0, end = ring_end(ring);

	while (ring->read < end) {
		enum ring_found found = ring_look(ring, ring->read, words);

		if (found == RING_RECORD) {
			u64 what = whole(words), writer = what / EACH;

			assert_true(writer < WRITERS);
			assert_true(what % EACH + 1 > last[writer]);
			last[writer] = what % EACH + 1;
			nr++;
		} else if (found == RING_BUSY || found == RING_LATER) {
			assert_false(to_the_end);
			break;
		}
		ring->read++;
	}
	return nr;
}

static u64 run_crowd(struct ring *ring, bool reads, u64 last[WRITERS])
{
	struct crowd crowd = { .ring = ring };
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	u64 nr = 0;

	for (u64 i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ &crowd, i };
		assert_int_equal(pthread_create(&threads[i], NULL, writer_run, &writers[i]), 0);
	}
	while (reads && __atomic_load_n(&crowd.nr_done, __ATOMIC_ACQUIRE) < WRITERS)
		nr += read_on(ring, last, false);
	for (u64 i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	return nr + read_on(ring, last, true);
}

/* Where there is room for all, none is missing. */
static void test_all_there(void **state)
{
	u64 nr_slots = roundup_pow2(WRITERS * EACH * 2), last[WRITERS] = { 0 };
	struct ring_slot *slots = aligned_alloc(64, nr_slots * sizeof(*slots));
	struct rig *rig = rig_make();

	assert_non_null(slots);
	memset(slots, 0, nr_slots * sizeof(*slots));
	ring_init(&rig->ring, slots, nr_slots);
	assert_int_equal(run_crowd(&rig->ring, true, last), WRITERS * EACH);
	for (u64 i = 0; i < WRITERS; i++)
		assert_int_equal(last[i], EACH);
	free(slots);
	free(rig);
}

/* In a ring that all run around in, what is read is whole. */
static void test_lapped(void **state)
{
	u64 last[WRITERS] = { 0 };
	struct rig *rig = rig_make();

	assert_in_range(run_crowd(&rig->ring, true, last), 1, WRITERS * EACH);
	free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),	    cmocka_unit_test(test_slow_writer),
		cmocka_unit_test(test_hint_behind), cmocka_unit_test(test_adopt),
		cmocka_unit_test(test_all_there),   cmocka_unit_test(test_lapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
