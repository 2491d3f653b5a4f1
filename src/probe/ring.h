/* SPDX-License-Identifier: MIT */
/*
 * Ring: the last records that one CPU wrote, in slots of one size; a new record takes the
 * place of the oldest. Any number of threads may write at once, none waits for another.
 *
 * Records are numbered from 1 on, and number i lies in slot i modulo the number of slots.
 * A slot's state says which record it holds:
 *
 *   0        none yet
 *   2 i      record i, whole
 *   2 i + 1  record i, being written
 *
 * A writer claims a slot by compare and exchange from any whole record's state to 2 i + 1,
 * fills it, and stores 2 i. A slot in which an older writer is still at work is passed over
 * together with its number, so two threads never fill one slot. `head` is where the next
 * writer looks first: behind what is claimed by as much as writers are on their way to
 * raise it, for the slots say what is taken.
 * A thread that is alone (plat/alone.h) claims plainly, and nobody sees a half record.
 *
 * Who reads takes no lock either. A copy counts if the state before and after it is that
 * of the whole record.
 *
 * In the child of a fork the records that other threads were writing are nobody's:
 * ring_adopt() makes them records that say nothing.
 */
#ifndef PROBE_RING_H
#define PROBE_RING_H

#include "plat.h"

#define RING_SLOT_BYTES 128u
#define RING_WORDS	(RING_SLOT_BYTES / sizeof(u64) - 1)

struct ring_slot {
	u64 state;
	u64 words[RING_WORDS];
};

_Static_assert(sizeof(struct ring_slot) == RING_SLOT_BYTES, "two lines of the cache");

struct ring {
	u64 head; /* of the next record, or less */
	u64 mask; /* number of slots - 1; that is a power of 2 */
	struct ring_slot *slots;
	u64 read; /* the reader's own: the next record that nobody took yet */
} cacheline;

/* What a reader finds under a number. */
enum ring_found {
	RING_RECORD,
	RING_LATER, /* not written yet */
	RING_BUSY,  /* being written */
	RING_LOST,  /* a later record took its place */
	RING_PASSED /* no record has the number */
};

/* An empty ring on @nr zeroed slots, a power of 2. */
void ring_init(struct ring *ring, struct ring_slot *slots, u64 nr);

struct ring_slot *ring_claim_shared(struct ring *ring, u64 *number);

/* Return: a slot of the calling thread's; *@number is for ring_publish(). */
static inline struct ring_slot *ring_claim(struct ring *ring, u64 *number)
{
	u64 at = READ_ONCE(ring->head);
	struct ring_slot *slot = &ring->slots[at & ring->mask];
	u64 state = READ_ONCE(slot->state);

	*number = at;
	if (!is_alone() || unlikely(state & 1 || state >= 2 * at))
		return ring_claim_shared(ring, number);
	WRITE_ONCE(ring->head, at + 1);
	return slot;
}

static inline void ring_put(struct ring_slot *slot, unsigned int word, u64 value)
{
	WRITE_ONCE(slot->words[word], value);
}

/* The record is whole. */
static inline void ring_publish(struct ring_slot *slot, u64 number)
{
	__atomic_store_n(&slot->state, 2 * number, __ATOMIC_RELEASE);
}

/* Copy record @number, if it can be had. */
enum ring_found ring_look(const struct ring *ring, u64 number, u64 words[RING_WORDS]);

/* The oldest number whose record may still be there. */
static inline u64 ring_oldest(const struct ring *ring)
{
	u64 head = READ_ONCE(ring->head), nr = ring->mask + 1;

	return head > nr ? head - nr : 1;
}

/* The first number that nobody has claimed yet. */
u64 ring_end(const struct ring *ring);

/* In the child of a fork: let go of slots that other threads were filling. */
void ring_adopt(struct ring *ring);

#endif
