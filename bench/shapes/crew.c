/* SPDX-License-Identifier: MIT */
#include "crew.h"

#include <pthread.h>

static pthread_barrier_t meeting;
static void (*work_of_all)(struct member *);

static void *run(void *member)
{
	work_of_all(member);
	return NULL;
}

double crew_ns(int nr, void (*work)(struct member *))
{
	static struct member members[CREW_MAX];
	static pthread_t threads[CREW_MAX];
	double sum = 0;

	if (nr > CREW_MAX)
		shape_fail("crew: too many threads");
	work_of_all = work;
	pthread_barrier_init(&meeting, NULL, (unsigned int)nr);
	for (int i = 0; i < nr; i++) {
		members[i] = (struct member){ .index = i, .nr = nr };
		if (pthread_create(&threads[i], NULL, run, &members[i]))
			shape_fail("crew: cannot start a thread");
	}
	for (int i = 0; i < nr; i++) {
		pthread_join(threads[i], NULL);
		sum += members[i].ns;
	}
	return sum;
}

void crew_meet(void)
{
	pthread_barrier_wait(&meeting);
}

long crew_times(long nr_objects)
{
	return (long)(budget_ns / 20) / nr_objects + 1;
}
