/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "ticks.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

/* Where the host says what it keeps time by. */
#define CLOCKSOURCE "/sys/devices/system/clocksource/clocksource0/current_clocksource"

/* Readings so far apart make a scale that is kept: each of them is off by some 50 ns. */
#define KEPT_SPAN_NS 100000000ULL

/* Readings closer than this say too little. */
#define LEAST_SPAN_NS 20000ULL

bool ticks_are_counted;

enum {
	SCALE_SHORT, /* the second reading is yet to come */
	SCALE_FILLING,
	SCALE_KEPT,
};

static struct ticks_scale kept; /* the span under kept_state */
static u32 kept_state;

/* So often both clocks are read for one moment; the best reading counts. */
#define READINGS 8

/* Whether the host keeps time by the counter. */
static bool host_counts(void)
{
	char name[64];
	int fd = open(CLOCKSOURCE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, name, sizeof(name) - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	name[n] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return *name && strcmp(name, TICKS_CLOCKSOURCE) == 0;
}

/* One moment by both clocks: between two readings of the one, as near as they can be. */
static void read_both(u64 *ticks, u64 *ns)
{
	u64 least = ~0ULL;

	for (int i = 0; i < READINGS; i++) {
		u64 before = ticks_now(), now = clock_ns(), between = ticks_now() - before;

		if (between >= least)
			continue;
		least = between;
		*ticks = before + between / 2;
		*ns = now;
	}
}

static void prepare(void)
{
	WRITE_ONCE(ticks_are_counted, host_counts());
	read_both(&kept.ticks, &kept.ns);
}

void ticks_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, prepare);
}

/* Keep a long scale. Of several threads that have one the first keeps its own. */
static void keep(const struct ticks_scale *scale)
{
	u32 state = SCALE_SHORT;

	if (!__atomic_compare_exchange_n(&kept_state, &state, SCALE_FILLING, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	kept.span_ticks = scale->span_ticks;
	kept.span_ns = scale->span_ns;
	__atomic_store_n(&kept_state, SCALE_KEPT, __ATOMIC_RELEASE);
}

struct ticks_scale ticks_scale(void)
{
	struct ticks_scale scale;

	ticks_prepare();
	/* Pairs with the release in keep(). */
	if (__atomic_load_n(&kept_state, __ATOMIC_ACQUIRE) == SCALE_KEPT)
		return kept;
	scale.ns = kept.ns;
	scale.ticks = kept.ticks;
	do {
		read_both(&scale.span_ticks, &scale.span_ns);
		scale.span_ns -= scale.ns;
		scale.span_ticks -= scale.ticks;
	} while (scale.span_ns < LEAST_SPAN_NS || !scale.span_ticks);
	if (scale.span_ns >= KEPT_SPAN_NS)
		keep(&scale);
	return scale;
}

u64 ticks_ns(const struct ticks_scale *scale, u64 ticks)
{
	__int128 since = (__int128)(int64_t)(ticks - scale->ticks) * scale->span_ns;

	return scale->ns + (u64)(since / scale->span_ticks);
}
