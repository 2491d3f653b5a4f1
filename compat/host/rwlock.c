/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a lock of readers and writers. Those who cannot have it at once go in by turns,
 * one after the other, readers as well as writers; the one whose turn it is has the word say
 * that it wants in, and nobody who comes later gets past that. So nobody waits for ever.
 *
 * A reader in an interrupt does not take a turn, as in a kernel: it may have come in the midst
 * of another one's section, for whom a writer waits already. A reader that takes the lock
 * again in a task may wait for itself, as there.
 *
 * turns[0] is the next to be given out, turns[1] the one that is on.
 */
#include <stdbool.h>

#include <kalloc/context.h>
#include <kalloc/kernel/host.h>
#include <kalloc/kernel/rwlock.h>

static void turn_await(unsigned short *turns)
{
	unsigned short mine = __atomic_fetch_add(&turns[0], 1, __ATOMIC_RELAXED);

	for (unsigned int round = 0; __atomic_load_n(&turns[1], __ATOMIC_ACQUIRE) != mine; round++)
		host_relax(round);
}

static void turn_end(unsigned short *turns)
{
	__atomic_fetch_add(&turns[1], 1, __ATOMIC_RELEASE);
}

/* Be counted, which keeps writers out, and let the one that is inside leave. */
static void reader_enter(unsigned int *word)
{
	__atomic_fetch_add(word, KALLOC_RW_READER, __ATOMIC_RELAXED);
	for (unsigned int round = 0; __atomic_load_n(word, __ATOMIC_ACQUIRE) & KALLOC_RW_WRITER;
	     round++)
		host_relax(round);
}

void host_read_wait(unsigned int *word, unsigned short *turns)
{
	if (kalloc_task()->preempt_count & KALLOC_IRQ_MASK) {
		reader_enter(word);
		return;
	}
	turn_await(turns);
	reader_enter(word);
	turn_end(turns);
}

/* Go in when nobody is inside. */
static bool writer_enter(unsigned int *word)
{
	unsigned int free = KALLOC_RW_WAITING;

	return __atomic_compare_exchange_n(word, &free, KALLOC_RW_WRITER, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

void host_write_wait(unsigned int *word, unsigned short *turns)
{
	turn_await(turns);
	__atomic_fetch_or(word, KALLOC_RW_WAITING, __ATOMIC_RELAXED);
	for (unsigned int round = 0; !writer_enter(word); round++)
		host_relax(round);
	turn_end(turns);
}
