/* SPDX-License-Identifier: MIT */
/* Sleeping on words of 32 bits: the host's futexes. */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <kalloc/kernel/host.h>

/* Looks at a word before going to sleep, which costs some microseconds. */
#define NR_LOOKS 100

#define NS_PER_S 1000000000LL

static long futex(unsigned int *word, int what, unsigned int value, const struct timespec *time)
{
	return syscall(SYS_futex, word, what | FUTEX_PRIVATE_FLAG, value, time, NULL, 0);
}

static void pause_briefly(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield" ::: "memory");
#endif
}

void host_relax(unsigned int round)
{
	struct timespec nap = { .tv_nsec = 50000 };

	if (round % 64)
		pause_briefly();
	else if (round < 64 * 64)
		sched_yield();
	else
		nanosleep(&nap, NULL);
}

bool host_wait(unsigned int *word, unsigned int value, long long ns)
{
	struct timespec time = { .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };
	int saved = errno;
	bool timed_out;

	timed_out = futex(word, FUTEX_WAIT, value, ns < 0 ? NULL : &time) < 0 && errno == ETIMEDOUT;
	errno = saved;
	return !timed_out;
}

void host_wake(unsigned int *word, int nr)
{
	int saved = errno;

	futex(word, FUTEX_WAKE, (unsigned int)nr, NULL);
	errno = saved;
}

void host_spin_wait(unsigned int *word)
{
	for (unsigned int i = 0; i < NR_LOOKS; i++) {
		unsigned int free = 0;

		if (__atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return;
		pause_briefly();
	}
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE))
		host_wait(word, 2, -1);
}
