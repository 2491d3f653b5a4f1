/* SPDX-License-Identifier: MIT */
#include "ring.h"

void ring_init(struct ring *ring, struct ring_slot *slots, u64 nr)
{
	*ring = (struct ring){ .head = 1, .read = 1, .mask = nr - 1, .slots = slots };
}

/* Never down, so that each writer's records are in the order in which it wrote them. */
static void raise_head(struct ring *ring, u64 head)
{
	u64 now = READ_ONCE(ring->head);

	while (now < head && !__atomic_compare_exchange_n(&ring->head, &now, head, true,
							  __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* Claim slot number @at. Return: false, with its state, if it is not to be had. */
static bool claim(struct ring_slot *slot, u64 at, u64 *state)
{
	*state = READ_ONCE(slot->state);
	while (!(*state & 1) && *state < 2 * at) {
		if (!__atomic_compare_exchange_n(&slot->state, state, 2 * at + 1, false,
						 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			continue;
		/* The words that are stored from here on are not seen before the state is. */
		__atomic_thread_fence(__ATOMIC_RELEASE);
		return true;
	}
	return false;
}

struct ring_slot *ring_claim_shared(struct ring *ring, u64 *number)
{
	u64 at = READ_ONCE(ring->head);

	for (;;) {
		struct ring_slot *slot = &ring->slots[at & ring->mask];
		u64 state;

		if (claim(slot, at, &state)) {
			raise_head(ring, at + 1);
			*number = at;
			return slot;
		}
		/* Taken, or an older writer's: then this number goes without a record. */
		at = max(at + 1, READ_ONCE(ring->head));
	}
}

enum ring_found ring_look(const struct ring *ring, u64 number, u64 words[RING_WORDS])
{
	const struct ring_slot *slot = &ring->slots[number & ring->mask];
	u64 state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);

	if (state >= 2 * number + 2)
		return RING_LOST;
	if (state == 2 * number + 1)
		return RING_BUSY;
	if (state != 2 * number)
		return READ_ONCE(ring->head) > number ? RING_PASSED : RING_LATER;
	for (size_t i = 0; i < RING_WORDS; i++)
		words[i] = READ_ONCE(slot->words[i]);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return READ_ONCE(slot->state) == state ? RING_RECORD : RING_LOST;
}

u64 ring_end(const struct ring *ring)
{
	u64 end = READ_ONCE(ring->head);

	while (READ_ONCE(ring->slots[end & ring->mask].state) >= 2 * end)
		end++;
	return end;
}

void ring_adopt(struct ring *ring)
{
	u64 used = min(ring->head + 1, ring->mask + 1);

	for (u64 i = 0; i < used; i++) {
		struct ring_slot *slot = &ring->slots[i];

		if (!(slot->state & 1))
			continue;
		memset(slot->words, 0, sizeof(slot->words));
		slot->state--;
	}
}
