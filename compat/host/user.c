/* SPDX-License-Identifier: MIT */
/*
 * Copies from and to addresses that may be bad, as those that users give: a page that cannot
 * be accessed ends the copy instead of the process. The host tells by a signal; who was
 * handling it before gets all others.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include <kalloc/kernel/host.h>

#include "tsan.h"

/* No larger than the host's: then a piece within one is accessible as a whole, or not. */
#define PAGE 4096UL

static __thread sigjmp_buf *volatile way_out; /* of the copy that is under way */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct sigaction old_segv, old_bus;

void host_copy_leave(void)
{
	if (way_out)
		siglongjmp(*way_out, 1);
}

/* What is not ours happens once more, to be handled as it was. */
static void fault(int number)
{
	host_copy_leave();
	sigaction(number, number == SIGSEGV ? &old_segv : &old_bus, NULL);
}

static void handlers_set(void)
{
	struct sigaction action = { .sa_handler = fault, .sa_flags = SA_NODEFER | SA_ONSTACK };

	sigaction(SIGSEGV, &action, &old_segv);
	sigaction(SIGBUS, &action, &old_bus);
}

static unsigned long in_page(const void *at)
{
	return PAGE - (unsigned long)at % PAGE;
}

static unsigned long least(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

#ifdef KALLOC_TSAN
/* Its memcpy() looks at shadows of the addresses, which bad ones have not; and it blocks signals. */
#define SAVES_MASK 1
#define NO_SHADOW  __attribute__((no_sanitize("thread")))

static NO_SHADOW void part_copy(void *to, const void *from, unsigned long bytes)
{
	volatile char *t = to;
	const volatile char *f = from;

	while (bytes--)
		*t++ = *f++;
}

static NO_SHADOW void part_clear(void *to, unsigned long bytes)
{
	volatile char *t = to;

	while (bytes--)
		*t++ = 0;
}
#else
#define SAVES_MASK		   0
#define part_copy(to, from, bytes) memcpy((to), (from), (bytes))
#define part_clear(to, bytes)	   memset((to), 0, (bytes))
#endif

unsigned long host_copy(void *to, const void *from, unsigned long bytes)
{
	volatile unsigned long done = 0;
	sigjmp_buf out;

	pthread_once(&once, handlers_set);
	if (!sigsetjmp(out, SAVES_MASK)) {
		way_out = &out;
		while (done < bytes) {
			char *t = (char *)to + done;
			const char *f = (const char *)from + done;
			unsigned long part = least(least(in_page(t), in_page(f)), bytes - done);

			part_copy(t, f, part);
			done += part;
		}
	}
	way_out = NULL;
	return bytes - done;
}

unsigned long host_clear(void *to, unsigned long bytes)
{
	volatile unsigned long done = 0;
	sigjmp_buf out;

	pthread_once(&once, handlers_set);
	if (!sigsetjmp(out, SAVES_MASK)) {
		way_out = &out;
		while (done < bytes) {
			char *t = (char *)to + done;
			unsigned long part = least(in_page(t), bytes - done);

			part_clear(t, part);
			done += part;
		}
	}
	way_out = NULL;
	return bytes - done;
}
